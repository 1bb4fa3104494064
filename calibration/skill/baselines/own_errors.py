"""A rule and the quantiles of its own past errors: a forecast that knows how far it may be wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from calibration.skill.baselines.past import Array, Past, ahead
from calibration.skill.baselines.rules import Rule, origins
from calibration.skill.forecast import Forecast, even_shares, quantiles

MEMBERS = 19
MOST_ORIGINS = 96
WINDOW_S = 3600.0
"""Errors of forecasts that were made within so much of the same time of day count (guess)."""


class Baseline:
    """A rule that was tried on past days it had not seen, and says what its errors there make likely.

    Args:
        name: The source, as in `Forecast`.
        rule: Makes the rule from past days.
        past: The days.
        periods: How many periods ahead it is asked for.
        folds: The days are parted so; the rule is learned without one part and tried on it.
    """

    def __init__(self, name: str, rule: Callable[[Past], Rule], past: Past, periods: int, *, folds: int = 5) -> None:
        self.name, self.past, self._periods = name, past, periods
        self._rule = rule(past)
        self._origins = origins(past.values.shape[2], MOST_ORIGINS)
        self._errors = _tried(rule, past, self._origins, periods, min(folds, len(past.values)))

    def forecast(self, so_far: Array, made_s: float) -> Forecast:
        """What it says of the next periods.

        Args:
            so_far: The day's values (N, t), NaN where nobody said; the first is that of the past days' first period.
            made_s: Now, at the end of the last of them (s).
        """
        now = so_far.shape[1]
        point = self._rule(so_far, self._periods)
        near = np.abs(self._origins - now) * self.past.period_s <= WINDOW_S
        if not near.any():
            near = np.abs(self._origins - now) == np.abs(self._origins - now).min()
        errors = self._errors[:, near].reshape(-1, *point.shape)
        members = np.maximum(point + quantiles(errors, even_shares(MEMBERS)), 0.0)
        return Forecast(self.name, self.past.quantity, self.past.places, made_s, made_s, self.past.period_s, members)


def _tried(rule: Callable[[Past], Rule], past: Past, moments: NDArray[np.intp], periods: int, folds: int) -> Array:
    """What came less what was said (D, origins, N, H) on days that the rule had not seen; of one day, on that day."""
    days = len(past.values)
    part = np.arange(days) % folds
    errors = np.full((days, len(moments), len(past.places), periods), np.nan)
    for fold in range(folds):
        learned = rule(past.only(part != fold) if folds > 1 else past)
        for day in np.flatnonzero(part == fold):
            course = past.values[day]
            for at, now in enumerate(moments):
                came = ahead(course, int(now), periods, around=False)
                errors[day, at] = came - learned(course[:, :now], periods)
    return errors
