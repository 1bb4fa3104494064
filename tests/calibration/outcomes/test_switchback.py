"""Switchback periods: the interval has a closed form for five pairs, and holds the truth as often as it says."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.outcomes import Period, schedule, sign_flip_interval, sign_flip_p, switchback
from networks.errors import BadInput

SIX = datetime(2026, 7, 17, 6, tzinfo=UTC)
QUARTER, FIVE = timedelta(minutes=15), timedelta(minutes=5)
apart = st.lists(st.integers(-1000, 1000), min_size=5, max_size=5, unique=True)


def periods(pairs: int, seed: int = 1) -> tuple[Period, ...]:
    return schedule(SIX, SIX + 2 * pairs * QUARTER, QUARTER, FIVE, seed)


@given(apart)
def test_five_pairs_hold_all_between_their_least_and_their_largest(differences: list[int]) -> None:
    # Of 32 flips only two leave all of one sign: p is 2/32 outside the range, and 4/32 or more inside it.
    low, high = sign_flip_interval(np.array(differences, dtype=float), 0.9)
    assert low == pytest.approx(min(differences), abs=1e-6) and high == pytest.approx(max(differences), abs=1e-6)
    assert sign_flip_p(np.array(differences, dtype=float), min(differences) - 1.0) == pytest.approx(2 / 32)


def test_four_pairs_are_too_few_for_ninety_percent_and_enough_for_less() -> None:
    four = np.array([1.0, 2.0, 3.0, 4.0])
    assert sign_flip_interval(four, 0.9) == (-math.inf, math.inf)
    assert sign_flip_interval(four, 0.85) == pytest.approx((1.0, 4.0), abs=1e-6)


def test_what_does_not_vary_is_known_exactly() -> None:
    assert sign_flip_interval(np.full(8, -3.5), 0.9) == pytest.approx((-3.5, -3.5), abs=1e-6)


def test_periods_follow_one_another_and_a_coin_decides_each_pair() -> None:
    made = periods(200)
    assert [one.begin for one in made[1:]] == [one.end for one in made[:-1]]
    assert all(one.counts_from - one.begin == FIVE for one in made)
    on = np.array([one.on for one in made]).reshape(-1, 2)
    assert (on.sum(axis=1) == 1).all() and 70 < on[:, 0].sum() < 130
    assert made == periods(200) and made != periods(200, seed=2)


def test_an_effect_is_found_under_a_day_that_rises_and_falls() -> None:
    made = periods(12)
    day = 100.0 + 40.0 * np.sin(np.arange(24) / 24 * np.pi)
    values = day + np.array([-6.0 if one.on else 0.0 for one in made])
    found = switchback(made, values.tolist(), day.tolist())
    assert (found.difference, found.low, found.high) == pytest.approx((-6.0, -6.0, -6.0), abs=1e-6)
    plain = switchback(made, values.tolist())
    assert plain.low < -6.0 < plain.high and plain.high - plain.low > 1.0


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    made, held = periods(10), 0
    for _ in range(400):
        coins = schedule(SIX, SIX + 20 * QUARTER, QUARTER, FIVE, int(random.integers(1 << 30)))
        noise = random.standard_t(3, 20) * 5.0
        values = noise + np.array([4.0 if one.on else 0.0 for one in coins])
        found = switchback(coins, values.tolist())
        held += found.low <= 4.0 <= found.high
    assert len(made) == 20 and 0.87 <= held / 400 <= 0.96


def test_a_pair_with_a_gap_is_left_out() -> None:
    made = periods(6)
    values = [math.nan, *([1.0] * 11)]
    found = switchback(made, values)
    assert found.n == 5 and found.difference == 0.0


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: schedule(SIX, SIX + QUARTER, QUARTER, FIVE, 1), "no pair of periods"),
        (lambda: schedule(SIX, SIX + 4 * QUARTER, QUARTER, QUARTER, 1), "do not count"),
        (lambda: switchback(periods(5), [1.0] * 9), "9 values for 10 periods"),
        (lambda: switchback([*periods(5)[:2], *periods(5)[:1] * 2], [1.0] * 4), "both periods have the action"),
    ],
)
def test_what_is_no_switchback_is_refused(call: object, says: str) -> None:
    assert callable(call)
    with pytest.raises(BadInput, match=says):
        call()
