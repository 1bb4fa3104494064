"""Days like today: exact where days differ by a level only, and right as often as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calibration.outcomes import matched_days
from networks.errors import BadInput


def days(random: np.random.Generator, count: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Hours before (count, 6) and what came after (count,), of days that are busy or not."""
    level = random.normal(0.0, 20.0, count)
    before = 100.0 + level[:, None] + random.normal(0.0, noise, (count, 6))
    return before, 130.0 + level + random.normal(0.0, noise, count)


def test_what_differs_by_a_level_only_is_known_exactly() -> None:
    before, after = days(np.random.default_rng(3), 21, 0.0)
    found = matched_days(before[0], after[0] - 7.0, before[1:], after[1:])
    assert (found.difference, found.low, found.high) == pytest.approx((-7.0, -7.0, -7.0), abs=1e-9)


def test_eight_days_are_too_few_for_ninety_percent() -> None:
    before, after = days(np.random.default_rng(3), 10, 1.0)
    few = matched_days(before[0], after[0], before[1:9], after[1:9])
    assert math.isfinite(few.difference) and (few.low, few.high) == (-math.inf, math.inf)
    enough = matched_days(before[0], after[0], before[1:], after[1:])
    assert math.isfinite(enough.low)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    random = np.random.default_rng(4)
    held = 0
    for _ in range(600):
        before, after = days(random, 20, 5.0)
        found = matched_days(before[0], after[0] - 10.0, before[1:], after[1:])
        held += found.low <= -10.0 <= found.high
    assert 0.86 <= held / 600 <= 0.95


def test_the_hours_before_choose_the_days() -> None:
    random = np.random.default_rng(5)
    quiet = random.normal(50.0, 1.0, (10, 6))
    busy = random.normal(150.0, 1.0, (10, 6))
    after = np.concatenate([np.full(10, 50.0), np.full(10, 250.0)])
    found = matched_days(np.full(6, 150.0), 240.0, np.vstack([quiet, busy]), after)
    assert found.difference == pytest.approx(-10.0, abs=1.0)


def test_a_gap_is_refused() -> None:
    before, after = days(np.random.default_rng(3), 12, 1.0)
    before[3, 2] = np.nan
    with pytest.raises(BadInput, match="a gap"):
        matched_days(before[0], after[0], before[1:], after[1:])
