"""Measures on tables small enough to reckon by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scenarios import MEASURES
from scenarios.measures import Tables, evaluate

CITY: Any = SimpleNamespace(layer=lambda _: pd.DataFrame({"edge_id": ["a", "b"], "length_m": [1000.0, 500.0]}))


def tables(**changes: pd.DataFrame) -> Tables:
    held = {
        "trips": pd.DataFrame(
            {
                "kind": ["car", "car", "car", "ambulance"],
                "depart_planned_s": [10.0, 100.0, 200.0, 150.0],
                "delay_s": [999.0, 20.0, 40.0, 500.0],
                "finished": [True, True, False, True],
            }
        ),
        "edges": pd.DataFrame(
            {
                "time_s": [0.0, 60.0, 60.0, 120.0],
                "edge_id": ["a", "a", "b", "b"],
                "speed_mps": [1.0, 10.0, 4.0, np.nan],
                "density_vpkm": [50.0, 2.0, 8.0, 0.0],
                "entered": [9, 5, 7, 0],
                "depth_m": [0.5, 0.2, 0.1, 0.4],
                "closed": [True, False, False, True],
            }
        ),
        "walkers": pd.DataFrame({"arrive_s": [700.0, 800.0, np.nan], "event_end_s": [600.0, 600.0, 600.0]}),
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
        ("mean_speed_mps", (2 * 10 + 4 * 4) / (2 + 4)),
        ("vehicles_in_water", 5.0),
        ("road_closed_edge_h", 60 / 3600),
        ("egress_mean_s", (100 + 200 + 400) / 3),
        ("egress_p90_s", 360.0),
        ("person_min_crowded", 2.0),
        ("person_min_dense", 10.0),
        ("ambulance_response_mean_s", (300 + 600) / 2),
        ("ambulance_response_max_s", 600.0),
        ("calls_answered", 1.0),
        ("teleports", 3.0),
    ],
)
def test_a_measure_by_hand(name: str, value: float) -> None:
    assert MEASURES[name].fn(CITY, tables()) == pytest.approx(value)


def test_every_measure_is_checked_by_hand_and_defined_in_both_languages() -> None:
    assert set(evaluate(CITY, tables())) == set(MEASURES)
    for measure in MEASURES.values():
        assert measure.definition["en"] and measure.definition["zh"] and measure.unit


def test_what_means_nothing_is_left_out() -> None:
    empty = tables(
        walkers=pd.DataFrame({"arrive_s": [], "event_end_s": []}),
        calls=pd.DataFrame({"time_s": [], "response_s": [], "answered": []}),
    )
    assert {"egress_mean_s", "person_min_dense", "calls_answered"}.isdisjoint(evaluate(CITY, empty))
