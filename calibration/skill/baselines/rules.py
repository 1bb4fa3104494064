"""Simple rules that a forecast has to be better than: point values from past values alone."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from calibration.skill.baselines.past import Array, Past, ahead, last_known
from calibration.skill.baselines.typical import TypicalDays, typical_days

SHARED_CASES = 50.0
"""What all places say together of the blend's weight counts at each as much as so many cases of its own (guess)."""


class Rule(Protocol):
    """Says what comes."""

    def __call__(self, so_far: Array, periods: int) -> Array:
        """Values (N, H) of the next `periods`, from those of the day so far (N, t)."""
        ...


class Persistence:
    """As it was last."""

    def __init__(self, past: Past) -> None:
        """Learns nothing of the past."""

    def __call__(self, so_far: Array, periods: int) -> Array:
        """The last value of each place, again and again."""
        return np.repeat(last_known(so_far)[:, None], periods, axis=1)


class HistoricalMean:
    """As it usually is at that time on days like this one."""

    def __init__(self, past: Past) -> None:
        self.days, self._around = typical_days(past), past.around

    def __call__(self, so_far: Array, periods: int) -> Array:
        """The mean of the typical day that is nearest to this one so far."""
        return ahead(self.days.courses[self.days.kind_of(so_far)], so_far.shape[1], periods, around=self._around)


class Blend:
    """Persistence and the historical mean, weighed by least squares on past days, by place and horizon."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._usual = HistoricalMean(past)
        self._weights: dict[int, Array] = {}

    def __call__(self, so_far: Array, periods: int) -> Array:
        """Weight times the last value, the rest the historical mean; where one is not known, the other."""
        if periods not in self._weights:
            self._weights[periods] = blend_weights(self._past, self._usual.days, periods)
        usual, last = self._usual(so_far, periods), last_known(so_far)[:, None]
        mixed = usual + self._weights[periods] * (last - usual)
        return np.where(np.isnan(mixed), np.where(np.isnan(usual), last + 0.0 * usual, usual), mixed)


def blend_weights(past: Past, days: TypicalDays, periods: int) -> Array:
    """(N, H) weight of the last value beside the mean of the kind's other days, 0 to 1."""
    length = past.values.shape[2]
    both, square, cases = (np.zeros((len(past.places), periods)) for _ in range(3))
    for day, values in enumerate(past.values):
        usual = days.without(day, values)
        for step in range(1, min(periods, length - 1) + 1):
            to = usual[:, step:]
            lean, gone = values[:, :-step] - to, values[:, step:] - to
            good = ~np.isnan(lean) & ~np.isnan(gone)
            both[:, step - 1] += np.where(good, lean * gone, 0.0).sum(axis=1)
            square[:, step - 1] += np.where(good, lean * lean, 0.0).sum(axis=1)
            cases[:, step - 1] += good.sum(axis=1)
    shared = both.sum(axis=0) / np.maximum(square.sum(axis=0), 1e-12)
    alike = SHARED_CASES * square / np.maximum(cases, 1.0)
    weight = (both + alike * shared) / np.maximum(square + alike, 1e-12)
    return np.asarray(np.clip(np.where(square > 0, weight, shared), 0.0, 1.0), dtype=np.float64)


def origins(periods: int, most: int) -> NDArray[np.intp]:
    """At most about `most` moments of a day, evenly spread; periods known at each of them, 1 at least."""
    return np.arange(1, periods, max(1, periods // most))
