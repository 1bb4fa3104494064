"""Demand factors: the closed form, what many and few counts do, and sensors that lie."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import DemandPrior, correct_demand

counts = st.floats(0, 5000)


def test_the_posterior_mean_is_the_closed_form() -> None:
    prior = DemandPrior(shape=16, dispersion=3)
    got = correct_demand({"a": 300.0, "b": 60.0}, {"a": 240.0, "b": 30.0}, prior=prior)
    assert got.overall.value == pytest.approx((16 + 360 / 3) / (16 + 270 / 3))
    assert got.overall.low < got.overall.value < got.overall.high
    assert (got.observed, got.modelled, got.sensors) == (360.0, 270.0, ("a", "b"))


def test_without_counts_nothing_is_corrected() -> None:
    got = correct_demand({}, {"a": 40.0})
    assert got.overall.value == 1.0 and got.sensors == ()
    assert got.left_out == {"a": {"en": "silent in this window", "zh": "该时段无数据"}}


def test_a_hidden_scale_is_found_within_its_interval_nine_times_in_ten() -> None:
    random, inside, prior = np.random.default_rng(7), 0, DemandPrior(dispersion=3.0)
    modelled = {f"s{n}": float(20 + 10 * n) for n in range(12)}
    for _ in range(400):
        truth = float(random.gamma(prior.shape, 1 / prior.shape))  # as the prior believes
        seen = {s: 3.0 * random.poisson(truth * m / 3.0) for s, m in modelled.items()}
        factor = correct_demand(seen, modelled, prior=prior).overall
        inside += factor.low <= truth <= factor.high
    assert inside / 400 == pytest.approx(0.9, abs=0.05)


def test_a_group_with_few_vehicles_stays_with_the_crowd_and_one_with_many_goes_its_way() -> None:
    observed = {"a": 1000.0, "b": 12.0, "c": 900.0}
    modelled = {"a": 1000.0, "b": 8.0, "c": 600.0}
    got = correct_demand(observed, modelled, groups={"a": "west", "b": "north", "c": "east"})
    assert got.groups["east"].value == pytest.approx(1.5, abs=0.05)
    assert got.groups["west"].value == pytest.approx(1.0, abs=0.05)
    assert abs(got.groups["north"].value - got.overall.value) < 0.05


def test_a_dead_and_a_double_counting_sensor_are_left_out_and_named() -> None:
    modelled = {f"s{n}": 100.0 for n in range(8)}
    observed = {sensor: 120.0 for sensor in modelled} | {"s1": 0.0, "s5": 2400.0}
    got = correct_demand(observed, modelled)
    assert (
        set(got.left_out) == {"s1", "s5"}
        and "stuck" in got.left_out["s1"]["en"]
        and "double" in got.left_out["s5"]["en"]
    )
    assert got.overall.value == pytest.approx(1.2, abs=0.02)


def test_a_city_that_is_really_empty_is_not_taken_for_broken_sensors() -> None:
    modelled = {f"s{n}": 100.0 for n in range(8)}
    got = correct_demand(dict.fromkeys(modelled, 5.0), modelled)
    assert got.left_out == {} and got.overall.bounded and got.overall.value == DemandPrior().low


@given(st.dictionaries(st.sampled_from("abcdef"), counts), st.dictionaries(st.sampled_from("abcdef"), counts))
def test_a_factor_is_always_within_its_bounds(observed: dict[str, float], modelled: dict[str, float]) -> None:
    prior = DemandPrior()
    got = correct_demand(observed, modelled, groups={"a": "g", "b": "g", "c": "h"})
    for factor in (got.overall, *got.groups.values()):
        assert prior.low <= factor.value <= prior.high


@given(counts, counts, st.floats(1, 500))
def test_more_vehicles_seen_never_mean_less_demand(few: float, more: float, modelled: float) -> None:
    few, more = sorted((few, more))
    low, high = (correct_demand({"a": c}, {"a": modelled}, prior=DemandPrior(fault_ratio=1e9)) for c in (few, more))
    assert low.overall.value <= high.overall.value
