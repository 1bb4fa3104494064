"""A day of visitors: nobody is lost between gates, stays and ways, and gates let through what they let through."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from crowd_world import square_grid

from models.crowd.city import CityDay, SiteTable, Sources, Taste, choose, draw_people
from models.crowd.city.site_table import GATE_PS, STAY_S, table_of
from models.crowd.sites import Approved, Gate, Stay, VisitSite
from networks import BadInput


def sites_of(nodes: list[int], **more: Any) -> SiteTable:
    n = len(nodes)
    usual = {
        "pull": 0.0, "gate_ps": 5.0, "stay_median_s": 600.0, "stay_spread": 0.3, "area_m2": 2000.0,
        "capacity": np.nan, "indoor": 0.0,
    } | more  # fmt: skip
    columns = {name: np.broadcast_to(np.asarray(value, dtype=float), (n,)) for name, value in usual.items()}
    return SiteTable(tuple(f"site {i}" for i in range(n)), np.array(nodes), **columns)


def sources_of(people: int = 600) -> Sources:
    return Sources(
        ("station", "car_park", "hotel"), np.array([0, 5, 30]), np.array([people // 2, people // 3, people // 6])
    )


def a_day(sites: SiteTable, people: int = 600, seed: int = 3, **more: Any) -> CityDay:
    sources = sources_of(people)
    drawn = draw_people(sources, seed, last_s=3600.0)
    return CityDay(square_grid(6), sources, sites, drawn, closes_s=3 * 3600.0, **more)


def test_everybody_comes_sees_what_they_want_and_goes_back() -> None:
    day = a_day(sites_of([14, 21, 35]))
    for until in range(600, 8 * 3600, 600):
        day.live(float(until))
        shown = day.attractions
        assert shown.inside.min() >= 0 and shown.queue.min() >= 0
        on_the_way = (np.isnan(day.walkers.arrive_s) & (day.walkers.people[:, 0] < 0)).sum()
        assert day.summary["walking"] + shown.inside.sum() + shown.queue.sum() + day.at_home + on_the_way == 600
    assert day.at_home == 600
    assert (day.node == day.sources.node[day.people.source]).all()
    assert shown.visits.sum() == np.minimum(day.people.visits, 3).sum()


def test_a_group_keeps_together_and_walks_as_its_slowest() -> None:
    drawn = draw_people(sources_of(), 5)
    assert len(drawn) == 600
    for column in (drawn.speed_mps, drawn.arrive_s, drawn.source, drawn.visits):
        low, high = np.full(len(drawn.taste_u), np.inf), np.full(len(drawn.taste_u), -np.inf)
        np.minimum.at(low, drawn.party, column)
        np.maximum.at(high, drawn.party, column)
        assert (low == high).all()
    assert 1.0 < drawn.speed_mps.mean() < 1.34


def test_a_gate_lets_through_its_rate_and_people_wait() -> None:
    day = a_day(sites_of([14, 35], gate_ps=[0.05, 5.0]))
    day.live(3600.0)
    assert day.attractions.visits[0] <= 0.05 * 3600 + 2
    assert day.attractions.queue[0] > 10 and day.attractions.wait_s[0] > 100 * day.attractions.wait_s[1]


def test_one_out_one_in_keeps_to_the_approved_capacity() -> None:
    full, free = (a_day(sites_of([14, 35], capacity=[40.0, np.nan]), one_out_one_in=held) for held in (True, False))
    for day in (full, free):
        day.live(2 * 3600.0)
    assert full.attractions.most[0] == 40 < free.attractions.most[0]


def test_who_comes_is_the_same_whatever_is_done_about_it() -> None:
    one, other = draw_people(sources_of(), 7), draw_people(sources_of(), 7)
    assert all(np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def test_choices_follow_the_logit() -> None:
    utility = np.tile(np.log([1.0, 2.0, 5.0]), (80_000, 1))
    chosen = choose(utility, np.random.default_rng(1).random(80_000))
    assert np.bincount(chosen) / 80_000 == pytest.approx([0.125, 0.25, 0.625], abs=0.006)
    utility[:, 2] = -np.inf
    assert set(choose(utility[:100], np.linspace(0, 1, 100)).tolist()) == {0, 1}
    assert choose(np.full((1, 3), -np.inf), np.array([0.5])).tolist() == [-1]


def test_far_full_and_wet_places_draw_less() -> None:
    sites, taste = sites_of([14, 35], capacity=[100.0, 100.0], indoor=[0.0, 1.0]), Taste()
    near, far = taste.utility(sites, np.array([[60.0, 1800.0]]), np.zeros(2))[0]
    assert near > far
    empty, full = taste.utility(sites, np.zeros((1, 2)), np.array([0.0, 100.0]))[0]
    assert empty - full == pytest.approx(2.0)
    wet, dry = taste.utility(sites, np.zeros((1, 2)), np.zeros(2), raining=True)[0]
    assert dry - wet == pytest.approx(1.5)


def test_rain_sends_people_under_a_roof() -> None:
    dry, wet = (a_day(sites_of([14, 35], indoor=[0.0, 1.0]), rain_s=rain) for rain in (None, (0.0, 1e9)))
    for day in (dry, wet):
        day.live(1800.0)
    share = [day.attractions.visits[1] / day.attractions.visits.sum() for day in (dry, wet)]
    assert share[1] > share[0] + 0.1


def test_the_approved_capacity_comes_before_the_formula() -> None:
    sites = sites_of([1, 2], area_m2=500.0, capacity=[80.0, np.nan])
    assert sites.holds(10.0).tolist() == [80.0, 50.0]


@pytest.mark.parametrize(
    ("what", "match"),
    [
        ({"area_m2": [0.0, 5.0]}, "site 0 has area_m2 0"),
        ({"capacity": [50.0, 0.0]}, "site 1 has capacity 0"),
        ({"gate_ps": -1.0}, "gate_ps -1"),
    ],
)
def test_attractions_that_make_no_sense_are_refused(what: dict[str, Any], match: str) -> None:
    with pytest.raises(BadInput, match=match):
        sites_of([1, 2], **what)


def test_places_off_the_network_are_refused() -> None:
    with pytest.raises(BadInput, match="attraction 0 is at node 99"):
        a_day(sites_of([99]))
    with pytest.raises(BadInput, match="no attraction"):
        a_day(sites_of([]))


def test_two_sites_may_share_a_gate_and_stand_where_people_arrive() -> None:
    day = a_day(sites_of([7, 7, 0]))
    day.live(8 * 3600.0)
    assert day.at_home == 600 and (day.attractions.visits > 50).all()


def test_sites_of_a_file_become_columns() -> None:
    gates = (Gate("north", 0.0, 0.0, 5, 0.0, in_per_min=60.0), Gate("south", 0.0, 0.0, 6, 0.0))
    known = VisitSite(
        "a", "Palace", "museum", 0.0, 0.0, 4, 0.0, 900.0, "", 9.0, gates, Stay(1800.0, 0.3, "counted"), (),
        Approved(70, None, {}, "decision"), 1.0, "",
    )  # fmt: skip
    bare = VisitSite("n1", "", "park", 0.0, 0.0, 9, 0.0, None, "", None, (), None, (), None, 0.5, "")
    table = table_of([known, bare])
    assert table.name == ("Palace", "n1") and table.node.tolist() == [5, 9]
    assert table.gate_ps.tolist() == [1.0 + GATE_PS, GATE_PS]
    assert table.holds(10.0).tolist() == [70.0, np.inf]
    assert table.indoor.tolist() == [1.0, 0.0] and table.stay_median_s.tolist() == [1800.0, STAY_S]
    assert table.pull == pytest.approx([0.0, np.log(0.5)])
