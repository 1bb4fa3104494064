"""Demand: an intervention takes or adds vehicles and leaves all others exactly as they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.routing import Router
from scenarios import Scenario, Store, draw_demand, draw_visitors
from scenarios.travel.origins import PROFILES, profile_at, trip_table

if TYPE_CHECKING:
    from models.traffic import VehicleTrip
    from networks import City


def trips(city: City, scenario: Scenario, store: Store, seed: int = 1) -> dict[str, VehicleTrip]:
    return {trip.vehicle_id: trip for trip in draw_demand(city, scenario, seed, store).trips}


@pytest.fixture(scope="module")
def base(helsinki: City, short: Scenario, store: Store) -> dict[str, VehicleTrip]:
    return trips(helsinki, short, store)


def test_the_same_seed_draws_the_same_and_another_does_not(
    helsinki: City, short: Scenario, store: Store, base: dict[str, Any]
) -> None:
    assert trips(helsinki, short, store) == base
    assert trips(helsinki, short, store, seed=2) != base


def test_less_demand_is_a_part_of_more(helsinki: City, short: Scenario, store: Store, base: dict[str, Any]) -> None:
    change = {"kind": "demand_change", "scale": 0.5}
    fewer = trips(helsinki, short.with_interventions(change), store)
    assert fewer.items() <= base.items()
    assert len(fewer) / len(base) == pytest.approx(0.5, abs=0.1)
    more = trips(helsinki, short.with_interventions({**change, "scale": 1.4}), store)
    assert base.items() <= more.items()
    assert len(more) / len(base) == pytest.approx(1.4, abs=0.15)


def test_a_factor_moves_the_trips_of_its_origin_alone(
    helsinki: City, short: Scenario, store: Store, base: dict[str, Any]
) -> None:
    def origin(name: str) -> str:
        return name.rpartition(".")[0]

    busiest = Counter(map(origin, base)).most_common(1)[0][0]
    demand = {**short.demand.model_dump(), "factors": {busiest: 2.0}}
    changed = trips(helsinki, short.replacing(demand=demand), store)
    added = set(changed) - set(base)
    assert base.items() <= changed.items()
    assert added and {origin(name) for name in added} == {busiest}


def test_a_change_holds_within_its_time_only(
    helsinki: City, short: Scenario, store: Store, base: dict[str, Any]
) -> None:
    middle = short.moment(300).isoformat()
    changed = trips(helsinki, short.with_interventions({"kind": "demand_change", "scale": 0, "begin": middle}), store)
    assert changed == {name: trip for name, trip in base.items() if trip.depart_s < 300}


def test_closing_a_road_shifts_no_draw(
    helsinki: City, short: Scenario, store: Store, base: dict[str, Any], an_edge: str
) -> None:
    closed = short.with_interventions({"kind": "road_closure", "edges": [an_edge]})
    assert trips(helsinki, closed, store) == base


def test_trips_drive_on_connected_edges_and_say_that_they_are_guessed(
    helsinki: City, short: Scenario, store: Store
) -> None:
    demand = draw_demand(helsinki, short, 1, store)
    graph = helsinki.road_graph("passenger")
    names = graph.edge_ids
    turns = {(names[a], names[b]) for a, b in zip(graph.conn_from, graph.conn_to, strict=True)}
    assert len(demand.trips) == demand.summary["trips"] > 100
    assert all(turn in turns for trip in demand.trips for turn in zip(trip.route, trip.route[1:], strict=False))
    departs = [trip.depart_s for trip in demand.trips]
    assert departs == sorted(departs)
    assert departs[0] >= 0
    assert departs[-1] <= short.end_s
    assert demand.summary["mean_length_m"] > 300
    assert "guessed" in demand.summary["provenance"]["en"]


def test_visitors_cars_leave_the_car_parks(helsinki: City, short: Scenario, store: Store) -> None:
    visitors = draw_visitors(helsinki, short, 1)
    with_cars = draw_demand(helsinki, short, 1, store, visitors=visitors)
    parks = set(helsinki.layer("car_parks")["edge_id"])
    cars = [trip for trip in with_cars.trips if trip.vehicle_id.startswith("concert.car")]
    assert len(cars) == len(visitors.cars) == with_cars.summary["event_car_trips"] > 0
    assert {trip.route[0] for trip in cars} <= parks


def test_through_trips_do_not_turn_round_at_the_border(helsinki: City) -> None:
    kernel = Router(helsinki.road_graph("passenger"))
    table = trip_table(helsinki, kernel)
    assert np.all(table.veh_h >= 0)
    gates = helsinki.layer("gateways")
    into, out = (set(gates[gates["direction"] == way]["edge_id"]) for way in ("in", "out"))
    edges = helsinki.layer("edges").set_index("edge_id")
    for row, origin in enumerate(table.origin_ids):
        for column, destination in enumerate(table.destination_ids):
            if origin in into and destination in out and table.veh_h[row, column] > 0.5:
                assert edges.loc[origin, "from_node"] != edges.loc[destination, "to_node"]


def test_the_profile_peaks_once_and_is_a_circle() -> None:
    for name in PROFILES:
        assert profile_at(name, 0.0) == pytest.approx(profile_at(name, 24.0))
        assert max(PROFILES[name]) <= 1.0
    assert profile_at("weekday_evening", 16.5) == 1.0
