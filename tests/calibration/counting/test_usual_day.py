"""Many days as one: what is known, what is a gap, and totals that gaps do not bend."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.counting import Counts
from calibration.counting.usual_day import day_totals, usual_day

HOUR_S = 3600.0


def days_of(values: np.ndarray, begin_s: float = 0.0) -> Counts:
    names = tuple(f"s{row}" for row in range(len(values)))
    return Counts(names, names, begin_s, HOUR_S, values)


def test_the_mean_of_days_leaves_gaps_out() -> None:
    values = np.tile(np.arange(24.0), (2, 3))
    values[0, 24 + 7] = np.nan
    values[0, 48 + 7] = 11.0
    values[1, [9, 33, 57]] = np.nan
    found = usual_day(days_of(values))
    assert found is not None and found.days == (0, 1, 2)
    assert found.counts.vehicles[0, 7] == pytest.approx((7 + 11) / 2)
    assert np.isnan(found.counts.vehicles[1, 9]) and found.counts.vehicles[1, 8] == 8


@pytest.mark.parametrize("begin_h", [0, 7, 31])
def test_counts_that_begin_in_a_day_lie_at_their_hour(begin_h: int) -> None:
    hours = (begin_h + np.arange(50)) % 24
    found = usual_day(days_of(hours[None, :].astype(float), begin_h * HOUR_S))
    assert found is not None and found.days[0] == begin_h // 24
    assert np.array_equal(found.counts.vehicles[0], np.arange(24.0))
    assert np.nanmax(np.abs(found.span(7 * HOUR_S, 9 * HOUR_S) - [[[7.0, 8.0]]])) == 0


def test_one_day_is_no_many_days_and_days_are_chosen() -> None:
    values = np.repeat(np.arange(5.0), 24)[None, :]
    assert usual_day(days_of(values[:, :24])) is None
    some = usual_day(days_of(values), lambda day: day >= 3)
    assert some is not None and some.days == (3, 4) and set(some.counts.vehicles[0]) == {3.5}
    assert usual_day(days_of(values), lambda day: day > 9) is None


def test_a_day_s_total_is_not_bent_by_who_was_silent() -> None:
    """Two sensors of 10 and 1000; on a day with half as much again the large one is silent: the total is 1515."""
    usual = np.array([[10.0], [1000.0]])
    days = np.array([[[10.0], [1000.0]], [[15.0], [np.nan]], [[np.nan], [np.nan]]])
    total = day_totals(days, usual)
    assert total[:2, 0] == pytest.approx([1010.0, 1515.0]) and np.isnan(total[2, 0])
