"""Measures on tables small enough to reckon by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from networks import RoadGraph
from scenarios import MEASURES
from scenarios.measures import Tables, evaluate

GRAPH = RoadGraph(
    edge_ids=("a", "b"),
    length_m=np.array([1000.0, 500.0]),
    speed_mps=np.array([10.0, 10.0]),
    from_xy=np.zeros((2, 2)),
    to_xy=np.zeros((2, 2)),
    conn_from=np.array([0, 1], dtype=np.int32),
    conn_to=np.array([1, 0], dtype=np.int32),
    allowed=np.ones(2, dtype=bool),
)
LAYERS = {
    "edges": pd.DataFrame(
        {
            "edge_id": ["a", "b"],
            "length_m": [1000.0, 500.0],
            "lanes": [2, 1],
            "from_node": ["m", "n"],
            "to_node": ["n", "m"],
            "highway": ["primary", "primary"],
        }
    ),
    "zones": pd.DataFrame({"edge_id": ["a", "b"], "population": [300.0, 100.0], "jobs": [50.0, 7.0]}),
    "facilities": pd.DataFrame({"kind": ["hospital", "clinic"], "edge_id": ["b", "a"]}),
}
CITY: Any = SimpleNamespace(layer=LAYERS.__getitem__, road_graph=lambda _: GRAPH)


def tables(**changes: pd.DataFrame) -> Tables:
    held = {
        "trips": pd.DataFrame(
            {
                "vehicle_id": ["v0", "v1", "v2", "x", "bus.0"],
                "kind": ["car", "car", "car", "ambulance", "bus"],
                "depart_planned_s": [10.0, 100.0, 200.0, 150.0, 90.0],
                "depart_s": [10.0, 110.0, 200.0, 150.0, 90.0],
                "arrival_s": [70.0, 210.0, np.nan, 700.0, np.nan],
                "time_loss_s": [999.0, 10.0, 300.0, 500.0, 999.0],
                "waited_s": [0.0, 0.0, 100.0, 0.0, 0.0],
                "delay_s": [999.0, 20.0, 40.0, 500.0, 999.0],
                "length_m": [50.0, 900.0, 1600.0, 5000.0, 9999.0],
                "finished": [True, True, False, True, False],
                "inserted": [True, True, True, True, True],
                "gave_up": [True, False, True, True, False],
                "shifted": [True, True, True, True, False],
                "trapped": [False, True, False, True, False],
                "stops": [9, 1, 4, 9, 99],
                "standing_s": [99.0, 5.0, 25.0, 99.0, 999.0],
                "co2_g": [1.0, 200.0, np.nan, 9000.0, 800.0],
                "nox_g": [1.0, 3.0, 1.0, 9000.0, 2.0],
                "pmx_g": [1.0, 0.5, 0.5, 9000.0, 1.0],
                "fuel_g": [1.0, 60.0, 70.0, 9000.0, 300.0],
            }
        ),
        "edges": pd.DataFrame(
            {
                "time_s": [0.0, 60.0, 60.0, 120.0],
                "edge_id": ["a", "a", "b", "b"],
                "speed_mps": [1.0, 10.0, 4.0, np.nan],
                "density_vpkm": [50.0, 2.0, 8.0, 0.0],
                "entered": [9, 5, 7, 0],
                "vehicle_s": [3000.0, 120.0, 240.0, np.nan],
                "standing_s": [3000.0, 60.0, 3960.0, np.nan],
                "time_loss_s": [3000.0, 60.0, 138.0, np.nan],
                "depth_m": [0.5, 0.2, 0.1, 0.4],
                "closed": [True, False, False, True],
            }
        ),
        "transit": pd.DataFrame(
            {
                "line": ["1/0"] * 5,
                "vehicle_id": ["bus.0"] * 5,
                "stop_id": ["s", "s", "s", "s", "t"],
                "planned_s": [0.0, 100.0, 300.0, 400.0, 400.0],
                "arrived_s": [5.0, 100.0 - 20.0, 700.0, 430.0, np.nan],
            }
        ),
        "walkers": pd.DataFrame(
            {
                "arrive_s": [700.0, 800.0, np.nan, 300.0, 450.0, np.nan],
                "event_end_s": [600.0] * 6,
                "event_begin_s": [400.0] * 6,
                "inward": [False] * 3 + [True] * 3,
            }
        ),
        "car_parks": pd.DataFrame({"time_s": [0.0, 60.0], "car_park": ["p", "p"], "queue": [2, 7]}),
        "seekers": pd.DataFrame(
            {
                "vehicle_id": ["v0", "v1", "v2", "never due"],
                "parked_s": [70.0, 210.0, np.nan, np.nan],
                "since_s": [np.nan, 110.0, 400.0, np.nan],
            }
        ),
        "crowding": pd.DataFrame({"above_pm2": [2.0, 3.5, 5.0], "person_s": [600.0, 120.0, 0.0]}),
        "calls": pd.DataFrame({"time_s": [100.0, 400.0], "response_s": [300.0, np.nan], "answered": [True, False]}),
    }
    facts = {"warm_up_s": 60.0, "end_s": 1000.0, "interval_s": 60, "validity": {"teleports": 3}}
    return Tables({**held, **changes}, facts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean_delay_s", 30.0),  # the warm-up and the ambulance do not count
        ("trips_finished", 1.0),
        ("trips_never_begun", 0.0),
        ("throughput_vph", 2 / ((1000 - 60) / 3600)),  # whenever planned: v0 arrived at 70 s
        ("travel_time_mean_s", (110 + 800) / 2),
        ("travel_time_p95_s", 110 + 0.95 * (800 - 110)),
        ("trips_given_up", 1.0),
        ("trips_shifted", 2.0),
        ("stops_per_trip", 2.5),
        ("standing_per_trip_s", 15.0),
        ("driven_km", 2.5),
        # free-flow times 100 - 10 = 90 and 800 - 300 - 100 = 400, so ratios 1 + 20/90 and 1 + 40/400
        ("planning_time_index", 1.1 + 0.95 * (20 / 90 - 0.1)),
        ("trip_buffer_index", 0.45 * (20 / 90 - 0.1) / (1 + (20 / 90 + 0.1) / 2)),
        ("queue_mean_vehicles", (60 + 3960) / (16 * 60)),
        ("queue_longest_m", 66 * 7.5),
        ("spillback_edge_min", 1.0),  # 495 of 500 m of b; a has 1 car on two lanes
        ("delay_share", 198 / 360),
        ("tpi", 5.0),
        ("co2_kg", 1.0),
        ("nox_kg", 0.006),
        ("pmx_kg", 0.002),
        ("fuel_kg", 0.43),
        ("bus_lateness_mean_s", (0 + 400 + 30 + 600) / 4),  # early counts 0; the last has not come by the end
        ("buses_on_time", 0.5),
        # they come at 80, 430 and 700: headways 350 and 270; planned 200 and 100
        ("bus_excess_wait_s", (350**2 + 270**2) / (2 * 620) - (200**2 + 100**2) / (2 * 300)),
        ("jobs_in_10_min", 57.0),
        ("people_in_10_min", 400.0),
        ("hospital_in_8_min", 1.0),
        ("time_cost_usd", (110 + 800) / 3600 * 14.10),
        ("mean_speed_mps", (2 * 10 + 4 * 4) / (2 + 4)),
        ("vehicles_in_water", 5.0),
        ("vehicles_trapped", 2.0),
        ("road_closed_edge_h", 60 / 3600),
        ("egress_mean_s", (100 + 200 + 400) / 3),
        ("egress_p90_s", 360.0),
        ("person_min_crowded", 2.0),
        ("person_min_dense", 10.0),
        ("ambulance_response_mean_s", (300 + 600) / 2),
        ("ambulance_response_max_s", 600.0),
        ("calls_answered", 1.0),
        ("teleports", 3.0),
        ("parking_queue_max", 7.0),
        ("parking_search_mean_s", (0 + 100 + 600) / 3),  # one is in none by the end, one was not due
        ("parked_share", 2 / 3),
        ("visitors_in_time", 1 / 3),
    ],
)
def test_a_measure_by_hand(name: str, value: float) -> None:
    assert MEASURES[name].fn(CITY, tables()) == pytest.approx(value)


def test_every_measure_is_checked_by_hand_and_defined_in_both_languages() -> None:
    assert set(evaluate(CITY, tables())) == set(MEASURES)
    for measure in MEASURES.values():
        for text in (measure.title, measure.definition, measure.source):
            assert set(text) == {"en", "zh"} and all(text.values()) and text["en"] != text["zh"]
        assert measure.unit and measure.needs


def test_a_run_that_ended_before_anything_was_measured_breaks_no_measure() -> None:
    whole = tables()
    nothing = {name: table.iloc[:0].convert_dtypes() for name, table in whole.tables.items()}
    assert all(np.isfinite(value) for value in evaluate(CITY, Tables(nothing, whole.facts)).values())


def test_what_means_nothing_is_left_out() -> None:
    empty = tables(
        walkers=pd.DataFrame({"arrive_s": [], "event_end_s": []}),
        calls=pd.DataFrame({"time_s": [], "response_s": [], "answered": []}),
    )
    assert {"egress_mean_s", "person_min_dense", "calls_answered"}.isdisjoint(evaluate(CITY, empty))


def test_a_full_edge_too_short_for_a_queue_is_no_spill_back() -> None:
    edges = LAYERS["edges"].assign(length_m=[1000.0, 20.0])
    short: Any = SimpleNamespace(layer={**LAYERS, "edges": edges}.__getitem__, road_graph=lambda _: GRAPH)
    assert MEASURES["spillback_edge_min"].fn(short, tables()) == 0.0
