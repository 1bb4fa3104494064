"""Visitors who come by car: drawn as parties, parked where there is room, and everybody accounted for in the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from networks.errors import BadScenario
from scenarios import Scenario, Store, Visitors, check_scenario, draw_visitors, parse_scenario, run_member
from scenarios.travel.car_places import barrier_m, car_parks_of

if TYPE_CHECKING:
    from networks import City

TEXT = """\
name: by-car
city: helsinki
period: {begin: 2026-07-17T20:00:00+03:00, end: 2026-07-17T20:12:00+03:00, warm_up_s: 120}
demand: {profile: weekday_evening, scale: 0.4}
interventions:
  - kind: event
    name: concert
    at: {attraction: Kauppatori}
    people: 240
    begins: 2026-07-17T20:07:00+03:00
    arrival_s: 540
    ends: 2026-07-17T20:07:30+03:00
    egress_s: 120
    car_share: 0.5
    parking: {capacity: {Kluuvi: 12, Autoparkki WTC: 9}, patience_s: 120, guidance: 0.5}
"""


@pytest.fixture(scope="module")
def concert() -> Scenario:
    return parse_scenario(TEXT)


@pytest.fixture(scope="module")
def visitors(helsinki: City, concert: Scenario) -> Visitors:
    return draw_visitors(helsinki, concert, 1)


def changed(**event: Any) -> Scenario:
    scenario = parse_scenario(TEXT)
    item = scenario.interventions[0].model_dump(mode="json") | event
    return scenario.replacing(interventions=[item])


def test_everybody_comes_before_they_leave_and_a_party_shares_its_car_park(visitors: Visitors) -> None:
    assert len(visitors.plans) == 480 and visitors.inward.sum() == 240
    back = np.flatnonzero(~visitors.inward)
    there = visitors.after[back]
    assert sorted(there.tolist()) == np.flatnonzero(visitors.inward).tolist()
    assert (visitors.plans.depart_s[there] < visitors.plans.depart_s[back]).all()
    for name in ("target", "car"):
        column = getattr(visitors, name)
        np.testing.assert_array_equal(column[there], column[back])
    np.testing.assert_array_equal(visitors.plans.origin_node[there], visitors.plans.destination_node[back])
    kinds = np.array([target["kind"] for target in visitors.targets])[visitors.target]
    np.testing.assert_array_equal(visitors.car >= 0, kinds == "car_park")
    for k, car in enumerate(visitors.cars):
        assert len(set(visitors.target[visitors.car == k])) == 1
        assert car.wish is not None and set(car.wish.parks) <= set(visitors.park_node) and car.comes == f"{car.name}.in"
    assert {park for car in visitors.cars if car.wish for park in car.wish.parks} <= {
        "n277398925", "n277401804", "n1675648635",
    }  # fmt: skip


def test_signs_change_who_follows_and_nothing_else(helsinki: City, visitors: Visitors) -> None:
    none = changed(parking={"capacity": {"Kluuvi": 12, "Autoparkki WTC": 9}, "patience_s": 120, "guidance": 0.0})
    other = draw_visitors(helsinki, none, 1)
    for name in ("depart_s", "origin_node", "destination_node", "free_speed_mps"):
        np.testing.assert_array_equal(getattr(other.plans, name), getattr(visitors.plans, name))
    assert not any(car.wish.follows for car in other.cars if car.wish)
    follow = np.mean([car.wish.follows for car in visitors.cars if car.wish])
    assert 0.25 < follow < 0.75
    assert [car.wish.parks for car in other.cars if car.wish] == [car.wish.parks for car in visitors.cars if car.wish]


def test_a_name_of_several_entrances_shares_its_places_and_a_barrier_stands_on_its_road(
    helsinki: City, concert: Scenario
) -> None:
    parks = {park.park_id: park for park in car_parks_of(helsinki, concert)}
    assert {name: park.capacity for name, park in parks.items()} == {
        "n277398925": 6, "n277401804": 6, "n1675648635": 9,
    }  # fmt: skip
    length = dict(zip(*(helsinki.layer("edges")[name] for name in ("edge_id", "length_m")), strict=True))
    assert all(0 < park.place_m < length[park.edge_id] for park in parks.values())
    assert [barrier_m(along, 100.0) for along in (0.0, 0.5, 1.0)] == [12.0, 50.0, 90.0]
    assert 0 < barrier_m(0.5, 6.0) < 6.0
    assert len(car_parks_of(helsinki, changed(parking=None))) > 20
    assert not car_parks_of(helsinki, changed(parking=None, begins=None))


def test_mistakes_are_told_with_what_to_do(helsinki: City) -> None:
    with pytest.raises(ValueError, match="parking needs begins"):
        changed(begins=None)
    with pytest.raises(ValueError, match="not before it ends"):
        changed(begins="2026-07-17T20:09:00+03:00")
    for parking, words in (
        ({"capacity": {"Kluvi": 5}}, "no car park 'Kluvi'"),
        ({"capacity": {"Kluuvi": 0}}, "no car park has a place"),
    ):
        with pytest.raises(BadScenario, match=words) as told:
            check_scenario(changed(parking=parking), helsinki)
        assert told.value.place == "interventions.0.parking.capacity"
    with pytest.raises(BadScenario, match="come before the period"):
        check_scenario(changed(arrival_s=600), helsinki)
    twice = changed()
    other = twice.interventions[0].model_dump(mode="json") | {"name": "fair", "parking": {"capacity": {"Kluuvi": 30}}}
    with pytest.raises(BadScenario, match="give one car park 6 and 15 places"):
        check_scenario(twice.with_interventions(other), helsinki)


def test_in_a_run_every_car_and_everybody_is_somewhere(helsinki: City, concert: Scenario, store: Store) -> None:
    check_scenario(concert, helsinki)
    run = run_member(helsinki.folder, concert, 1, store.root)
    parks, seekers, parties = (run.table(name) for name in ("car_parks", "seekers", "parties"))
    trips, walkers = run.table("trips").set_index("vehicle_id"), run.table("walkers")
    assert (parks["entered"] == parks["parked"] + parks["left"]).all() and (parks["parked"] <= parks["capacity"]).all()
    assert (parks["queue"] > 0).any() and parks["sent_on"].max() > 0
    assert set(parties["comes"]) == set(seekers["vehicle_id"])
    merged = parties.merge(seekers, left_on="comes", right_on="vehicle_id", suffixes=("", "_told"))
    np.testing.assert_array_equal(merged["parked_s"].notna(), merged["car_park_told"] != "")
    assert merged["car_park"].tolist() == merged["car_park_told"].tolist()
    due = merged[merged["due_s"].notna()]
    assert (due["due_s"] > due["there_s"]).all()
    assert set(trips.index[trips.index.isin(parties["leaves"])]) == set(due["leaves"])
    came = walkers[walkers["inward"]]
    assert (came["depart_s"].isna().sum() == 0) or merged["parked_s"].isna().any()
    assert (walkers.loc[~walkers["inward"], "depart_s"].notna().sum()) <= came["arrive_s"].notna().sum()
    assert run.measures["parking_queue_max"] >= 1 and 0 < run.measures["parked_share"] < 1
    assert run.measures["parking_search_mean_s"] > 0 and 0 < run.measures["visitors_in_time"] < 1
