"""A forecast of many places: its clock, its middle and its intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.skill import Forecast


def forecast(members: Any, **other: Any) -> Forecast:
    array = np.asarray(members, dtype=np.float64)
    places = tuple(f"p{n}" for n in range(array.shape[1]))
    usual = {"source": "twin", "quantity": "flow", "places": places, "made_s": 600.0, "begin_s": 600.0}
    return Forecast(**(usual | {"period_s": 300.0, "members": array} | other))


def test_horizons_run_from_when_it_was_made_to_the_end_of_each_period() -> None:
    assert forecast(np.zeros((1, 1, 3)), begin_s=900.0).horizon_s.tolist() == [600.0, 900.0, 1200.0]


def test_median_and_interval_are_those_of_the_members_that_speak() -> None:
    said = forecast([[[1.0, 5.0]], [[3.0, np.nan]], [[2.0, np.nan]], [[np.nan, np.nan]]])
    assert said.median.tolist() == [[2.0, 5.0]]
    low, high = said.interval(1.0 / 3.0)
    assert low[0] == pytest.approx([1.5, 5.0]) and high[0] == pytest.approx([2.5, 5.0])
    silent = forecast(np.full((2, 1, 1), np.nan))
    assert np.isnan(silent.median).all() and np.isnan(silent.interval(0.9)).all()


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0.01, 0.98))
def test_wider_levels_hold_narrower_ones_and_all_lie_within_the_members(values: list[float], level: float) -> None:
    said = forecast(np.array(values)[:, None, None])
    (low, high), (wide_low, wide_high) = said.interval(level), said.interval(level + 0.01)
    assert min(values) <= wide_low <= low <= said.median + 1e-9 and said.median - 1e-9 <= high <= wide_high
    assert wide_high <= max(values)


def test_ninety_of_a_hundred_quantiles_of_a_normal_are_its_interval() -> None:
    draws = np.random.default_rng(1).normal(size=(200_001, 1, 1))
    low, high = forecast(draws).interval(0.9)
    assert [low[0, 0], high[0, 0]] == pytest.approx([-1.645, 1.645], abs=0.02)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"made_s": 601.0}, "after its first period began"),
        ({"period_s": 0.0}, "no clock"),
        ({"made_s": float("nan")}, "no clock"),
        ({"source": ""}, "source"),
        ({"places": ("a", "a")}, "twice"),
        ({"places": ("a",)}, "shape"),
        ({"members": np.zeros((0, 2, 1))}, "shape"),
        ({"members": np.full((1, 2, 1), np.inf)}, "infinite"),
    ],
)
def test_what_is_no_forecast_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        forecast(**({"members": np.zeros((1, 2, 1)), "places": ("a", "b")} | wrong))


def test_an_interval_needs_a_level_between_none_and_all() -> None:
    with pytest.raises(ValueError, match="level"):
        forecast(np.zeros((1, 1, 1))).interval(90.0)
