"""Counts of many days as one usual day, and each day beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.counting.counts import Counts

Floats = NDArray[np.float64]
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class UsualDay:
    """One usual day out of several.

    Attributes:
        counts: Mean over the days that counted a period (S, T), on the first day's clock; NaN where none did.
        by_day: What each day counted (D, S, T).
        days: Number of each day from second 0 (D).
    """

    counts: Counts
    by_day: Floats
    days: tuple[int, ...]

    def span(self, begin_s: float, end_s: float) -> Floats:
        """What each day counted within a window (D, S, periods) that lies on the first day's clock."""
        first, last = (round((at - self.counts.begin_s) / self.counts.period_s) for at in (begin_s, end_s))
        return self.by_day[:, :, first:last]


def folded(values: Floats, begin_s: float, period_s: float) -> tuple[Floats, tuple[int, ...]]:
    """Rows (S, T) as days (D, S, periods of a day) from the midnight before; days without a value are left out.

    Raises:
        ValueError: Periods do not fill a day.
    """
    of_day = round(DAY_S / period_s)
    if abs(of_day * period_s - DAY_S) > 1e-6:
        raise ValueError(f"periods of {period_s} s do not fill a day")
    ahead = round((begin_s % DAY_S) / period_s)
    total = ahead + values.shape[1]
    behind = -total % of_day
    padded = np.pad(values, ((0, 0), (ahead, behind)), constant_values=np.nan)
    days = padded.reshape(len(values), -1, of_day).transpose(1, 0, 2)
    heard = np.flatnonzero(np.isfinite(days).any(axis=(1, 2)))
    return days[heard], tuple(int(day) + int(begin_s // DAY_S) for day in heard)


def usual_day(counts: Counts, wanted: Callable[[int], bool] = lambda _day: True) -> UsualDay | None:
    """The usual day of counts that span more than a day; None where they do not, or their periods do not fill one.

    A mean leaves out days on which a sensor said nothing in a period, so that a gap on one day is no gap.

    Args:
        counts: What was counted.
        wanted: Whether a day counts, by its number from second 0.
    """
    if counts.end_s - counts.begin_s <= DAY_S:
        return None
    try:
        days, numbers = folded(counts.vehicles, counts.begin_s, counts.period_s)
    except ValueError:
        return None
    kept = [at for at, number in enumerate(numbers) if wanted(number)]
    if not kept:
        return None
    days, numbers = days[kept], tuple(numbers[at] for at in kept)
    heard = np.isfinite(days).sum(axis=0)
    mean = np.where(heard > 0, np.nansum(days, axis=0) / np.maximum(heard, 1), np.nan)
    return UsualDay(Counts(counts.sensors, counts.edges, 0.0, counts.period_s, mean), days, numbers)


def day_totals(by_day: Floats, usual: Floats) -> Floats:
    """Total of all rows by day and period (D, T), gaps in rows bridged by the usual day.

    A day's total is the usual total times what its rows that spoke counted over what the same rows usually count
    (ratio estimator); NaN where none spoke.

    Args:
        by_day: Values (D, S, T), NaN gaps.
        usual: The usual day (S, T), NaN where it has none.
    """
    known = np.isfinite(by_day) & np.isfinite(usual)
    spoke = np.where(known, by_day, 0.0).sum(axis=1)
    due = np.where(known, np.nan_to_num(usual), 0.0).sum(axis=1)
    total = np.nansum(usual, axis=0)
    return np.where(due > 0, total * spoke / np.where(due > 0, due, 1.0), np.nan)
