"""Whole past days of one quantity: what baselines learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Past:
    """Past days on one clock, the oldest first.

    Attributes:
        quantity: As in `Forecast`.
        places: As in `Forecast` (N).
        begin_s: Begin of a day's first period, seconds after its midnight.
        period_s: Length of each period (s).
        values: What came (D, N, T); NaN where nobody said.
    """

    quantity: str
    places: tuple[str, ...]
    begin_s: float
    period_s: float
    values: Array

    def __post_init__(self) -> None:
        """Refuse shapes that disagree.

        Raises:
            ValueError: No day, values that do not fit the places, a period without length, or days beyond 24 hours.
        """
        shape = self.values.shape
        if len(shape) != 3 or shape[0] < 1 or shape[1] != len(self.places) or shape[2] < 1:
            raise ValueError(f"past days have shape {shape}, expected (days, {len(self.places)} places, periods)")
        if not self.period_s > 0 or self.period_s * shape[2] > 86_400.0 + 1e-6:
            raise ValueError(f"{shape[2]} periods of {self.period_s} s are no day")

    def only(self, days: NDArray[np.bool_]) -> Past:
        """Some of the days."""
        return Past(self.quantity, self.places, self.begin_s, self.period_s, self.values[days])

    @property
    def around(self) -> bool:
        """Whether a day is 24 hours, so that after its last period comes its first."""
        return abs(self.period_s * self.values.shape[2] - 86_400.0) < 1e-6


def ahead(course: Array, now: int, periods: int, *, around: bool) -> Array:
    """Values of a day's course (..., T) in the `periods` from `now` on; NaN past its end, unless it goes around."""
    at = now + np.arange(periods)
    length = course.shape[-1]
    inside = course[..., at % length]
    return np.asarray(inside if around else np.where(at < length, inside, np.nan), dtype=np.float64)


def last_known(so_far: Array) -> Array:
    """The last value of each place (N) among (N, t); NaN where nobody ever said one."""
    known = ~np.isnan(so_far)
    if not so_far.shape[1]:
        return np.full(len(so_far), np.nan)
    at = so_far.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(np.where(known.any(axis=1), so_far[np.arange(len(so_far)), at], np.nan), dtype=np.float64)


def mean_known(values: Array, axis: int = 0) -> Array:
    """Mean along an axis without NaN; NaN where all are."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), dtype=np.float64)
