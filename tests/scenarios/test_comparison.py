"""Paired comparison: known intervals, honest verdicts, nobody left out in silence."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from networks import say
from scenarios import Ensemble, Run, compare, parse_scenario
from scenarios.comparison import paired_interval, verdict_of

TEXT = "name: {}\nperiod: {{begin: 2026-07-17T17:00:00Z, end: 2026-07-17T18:00:00Z}}\n"


def ensemble(name: str, values: dict[int, float], *, invalid: tuple[int, ...] = ()) -> Ensemble:
    runs = tuple(
        Run(
            f"{name}{s}",
            Path(),
            s,
            {"mean_delay_s": value},
            s not in invalid,
            (say("gridlock", "交通瘫痪"),) * (s in invalid),
        )
        for s, value in values.items()
    )
    return Ensemble(parse_scenario(TEXT.format(name)), runs)


def test_the_interval_is_that_of_a_paired_t_test() -> None:
    x, y = np.array([1.0, 2, 3, 4, 6]), np.array([2.0, 2, 5, 4, 9])
    low, high = paired_interval(x, y)
    expected = stats.ttest_rel(y, x).confidence_interval(0.90)
    assert (low, high) == pytest.approx((expected.low, expected.high))


def test_the_interval_covers_the_truth_about_nine_times_in_ten() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(1000):
        x = rng.normal(size=8)
        low, high = paired_interval(x, x + 0.5 + rng.normal(size=8))
        hits += low <= 0.5 <= high
    assert 870 <= hits <= 930


def test_a_difference_that_is_no_difference_is_said_to_be_none() -> None:
    a = ensemble("a", {1: 10.0, 2: 20.0, 3: 30.0, 4: 40.0})
    b = ensemble("b", {1: 12.0, 2: 18.0, 3: 33.0, 4: 37.0})
    row = compare(a, b).row("mean_delay_s")
    assert row.verdict == "cannot tell"
    assert row.low < 0 < row.high
    assert row.correlation > 0.9
    assert row.variance_ratio > 5


def test_a_clear_gain_is_better_and_its_mirror_worse() -> None:
    a = ensemble("a", {1: 10.0, 2: 20.0, 3: 30.0})
    b = ensemble("b", {1: 5.0, 2: 14.0, 3: 25.5})
    assert compare(a, b).row("mean_delay_s").verdict == "better"
    assert compare(b, a).row("mean_delay_s").verdict == "worse"
    assert verdict_of(1.0, 2.0, "higher") == "better"


def test_an_invalid_member_is_left_out_in_the_open() -> None:
    a = ensemble("a", {1: 10.0, 2: 20.0, 3: 30.0})
    b = ensemble("b", {1: 5.0, 2: 900.0, 3: 25.0}, invalid=(2,))
    comparison = compare(a, b)
    assert comparison.row("mean_delay_s").n == 2
    assert comparison.row("mean_delay_s").mean_a == 20.0
    told = comparison.left_out[0]
    assert "seed 2 of b" in told["en"] and "gridlock" in told["en"] and "交通瘫痪" in told["zh"]


def test_one_pair_has_no_interval_and_no_verdict() -> None:
    row = compare(ensemble("a", {1: 10.0}), ensemble("b", {1: 1.0})).row("mean_delay_s")
    assert math.isnan(row.low)
    assert row.verdict == "cannot tell"


def test_seeds_that_only_one_side_has_are_named() -> None:
    comparison = compare(ensemble("a", {1: 1.0, 2: 2.0, 3: 3.0}), ensemble("b", {2: 1.0, 3: 2.5, 4: 4.0}))
    assert comparison.row("mean_delay_s").n == 2
    assert [one["en"] for one in comparison.left_out] == [f"seed {n}: only one side has it" for n in (1, 4)]


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20), st.floats(-100, 100))
def test_shifting_both_sides_shifts_nothing(values: list[float], shift: float) -> None:
    x = np.array(values)
    y = x[::-1] * 0.5
    before, after = paired_interval(x, y), paired_interval(x + shift, y + shift)
    assert before == pytest.approx(after, abs=1e-6)


def test_two_pairs_with_the_same_difference_tell_nothing_about_its_spread() -> None:
    low, high = paired_interval(np.array([10.0, 20.0]), np.array([8.0, 18.0]))
    assert np.isnan(low) and np.isnan(high)
    assert verdict_of(low, high, "lower") == "cannot tell"
    assert paired_interval(np.array([10.0, 20.0, 30.0]), np.array([8.0, 18.0, 28.0])) == (-2.0, -2.0)


def test_a_comparison_says_how_many_members_it_rests_on() -> None:
    a = ensemble("a", {1: 10.0, 2: 20.0, 3: 30.0}, invalid=(2,))
    b = ensemble("b", {1: 12.0, 2: 18.0, 3: 33.0, 4: 1.0}, invalid=(3,))
    told = compare(a, b)
    assert (told.pairs, told.seeds) == (1, 3) and told.row("mean_delay_s").n == 1
    assert len(told.left_out) == 3  # two invalid, one without its pair


@pytest.mark.parametrize("rho", [-0.5, 0.0, 0.6, 0.95])
def test_pairing_gains_what_the_closed_form_says(rho: float) -> None:
    """Spreads 1 and 2: ratio 5 / (5 - 4 rho); the share taken away is 4 rho / 5."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=20_000)
    y = 2.0 * (rho * x + math.sqrt(1 - rho * rho) * rng.normal(size=20_000))
    a = ensemble("a", dict(enumerate(map(float, x))))
    b = ensemble("b", dict(enumerate(map(float, y))))
    row = compare(a, b).row("mean_delay_s")
    assert row.correlation == pytest.approx(rho, abs=0.03)
    assert row.variance_ratio == pytest.approx(5 / (5 - 4 * rho), rel=0.05)
    assert row.variance_reduction == pytest.approx(4 * rho / 5, abs=0.03)


def test_a_difference_that_never_varies_is_all_gained_and_is_json() -> None:
    import json

    from twin.ensemble_tables import comparison_rows, interval_cell, pairing_cells

    a = ensemble("a", {1: 10.0, 2: 20.0, 3: 35.0})
    comparison = compare(a, ensemble("b", {1: 9.0, 2: 19.0, 3: 34.0}))
    row = comparison.row("mean_delay_s")
    assert math.isinf(row.variance_ratio) and row.variance_reduction == 1.0
    assert pairing_cells(row) == ("1.00", "+100%")
    told = json.dumps(comparison_rows(comparison), allow_nan=False)
    assert '"variance_ratio": null' in told and '"variance_reduction": 1.0' in told
    few = compare(ensemble("a", {1: 1.0, 2: 2.0}), ensemble("b", {1: 1.0, 2: 3.0})).row("mean_delay_s")
    assert pairing_cells(few) == ("-", "-") and " to " in interval_cell(few)
    alike = compare(ensemble("a", {1: 1.0, 2: 2.0}), ensemble("b", {1: 2.0, 2: 3.0})).row("mean_delay_s")
    assert interval_cell(alike) == "none: two alike"
    one = compare(ensemble("a", {1: 1.0}), ensemble("b", {1: 2.0})).row("mean_delay_s")
    assert interval_cell(one) == "none: one pair"
