"""How the sources stand at every place and horizon, as far as their forecasts have been scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from calibration.skill.following import Array, followed
from calibration.skill.outcome import Outcome
from calibration.skill.scores import LEVEL

HALF_LIFE_S = 4 * 3600.0
"""A score counts half after so long (guess)."""
SHARED_CASES = 12.0
"""What others say of a source (all horizons of a place, all places) counts as much as so many cases (guess)."""
_FAST, _SLOW = 0.3, 0.2
_WIDTH = (0.5, 4.0)


class Standing:
    """Mean CRPS of each source and what its intervals must be widened by, at the places and horizons of one quantity.

    Only cases that every source spoke of count, so that nobody stands better for having kept silent.

    Args:
        places: Where (N).
        periods: Horizons in periods (H).
        period_s: Length of each (s).
    """

    def __init__(self, places: Sequence[str], periods: int, period_s: float) -> None:
        self.places, self._row = tuple(places), {place: row for row, place in enumerate(places)}
        self.periods, self._period_s = periods, period_s
        shape = (len(self.places), periods)
        self._sum: dict[str, Array] = defaultdict(lambda: np.zeros(shape))
        self._cases: dict[str, Array] = defaultdict(lambda: np.zeros(shape))
        self._wide: dict[str, Array] = defaultdict(lambda: np.ones(periods))
        self._at_place = np.ones(len(self.places))
        self._clock_s: float | None = None

    def learn(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what was settled at one moment."""
        cases: dict[tuple[float, float], dict[str, Outcome]] = defaultdict(dict)
        for one in outcomes:
            cases[one.made_s, one.begin_s][one.source] = one
        missed, told = np.zeros(len(self.places)), np.zeros(len(self.places))
        for (made_s, begin_s), by_source in sorted(cases.items()):
            column = round((begin_s - made_s) / self._period_s)
            if 0 <= column < self.periods:
                self._forget(begin_s)
                lost, held = self._take(column, by_source)
                missed, told = missed + lost, told + held
        share = np.where(told > 0, missed / np.maximum(told, 1.0), 1.0 - LEVEL)
        self._at_place = followed(self._at_place, share, LEVEL, pace=_FAST, bounds=_WIDTH)

    def _forget(self, begin_s: float) -> None:
        if self._clock_s is not None and begin_s > self._clock_s:
            keep = 0.5 ** ((begin_s - self._clock_s) / HALF_LIFE_S)
            for kept in (*self._sum.values(), *self._cases.values()):
                kept *= keep
        self._clock_s = max(begin_s, self._clock_s or begin_s)

    def _take(self, column: int, by_source: dict[str, Outcome]) -> tuple[Array, Array]:
        """Cases of one horizon; how many of them all sources missed and spoke of, by place (N)."""
        crps = {name: self._spread(one, one.crps) for name, one in by_source.items()}
        good = np.asarray(~np.isnan(np.stack(list(crps.values()))).any(axis=0), dtype=bool)
        missed, told = np.zeros(len(good)), np.zeros(len(good))
        for name, one in by_source.items():
            self._sum[name][good, column] += crps[name][good]
            self._cases[name][good, column] += 1.0
            wide = self._wide[name][column] * self._at_place
            beyond = good & (self._spread(one, strain(one)) > wide)
            missed, told = missed + beyond, told + good
            if good.any():
                share = np.array([beyond.sum() / good.sum()])
                at = slice(column, column + 1)
                self._wide[name][at] = followed(self._wide[name][at], share, LEVEL, pace=_SLOW, bounds=_WIDTH)
        return missed, told

    def _spread(self, one: Outcome, values: Array) -> Array:
        """Values of an outcome's places at ours (N); NaN where it says nothing."""
        out = np.full(len(self.places), np.nan)
        known = [
            (self._row[place], value) for place, value in zip(one.places, values, strict=True) if place in self._row
        ]
        for row, value in known:
            out[row] = value
        return out

    def lead(self, sources: Sequence[str]) -> Array:
        """Logarithm of each source's mean CRPS over the usual one there (S, N, H): below 0 is better than most.

        What was scored at one place and horizon is little: it is drawn to what the place shows at all horizons, and
        that to what all places show at this horizon. NaN for sources that were never scored.
        """
        cases = np.stack([self._cases[name] for name in sources])
        mean = np.stack([self._sum[name] for name in sources]) / np.maximum(cases, 1e-12)
        scored = cases.sum(axis=(1, 2)) > 0
        if not scored.any():
            return np.full(mean.shape, np.nan)
        size = np.log(np.maximum(mean, 1e-3 * float(mean[cases > 0].mean()) + 1e-12))
        own = np.where(cases > 0, size - size[scored].mean(axis=0), 0.0)
        of_all = (cases * own).sum(axis=1) / np.maximum(cases.sum(axis=1), 1e-12)
        left = np.where(cases > 0, own - of_all[:, None], 0.0)
        apart = cases / np.arange(1, self.periods + 1)  # forecasts over the same hour err alike: one case an hour
        told = apart.mean(axis=2)
        of_place = (cases * left).sum(axis=2) / np.maximum(cases.sum(axis=2), 1e-12) * told / (told + SHARED_CASES)
        rest = (left - of_place[:, :, None]) * apart / (apart + SHARED_CASES)
        drawn = of_all[:, None] + of_place[:, :, None] + rest
        return np.asarray(np.where(scored[:, None, None], drawn, np.nan), dtype=np.float64)

    def width(self, source: str) -> Array:
        """By what the intervals of a source are to be widened (N, H)."""
        return np.asarray(np.clip(self._wide[source] * self._at_place[:, None], *_WIDTH), dtype=np.float64)


def strain(one: Outcome) -> Array:
    """How far what came was from the median, as a share of the interval's half on that side: above 1 it was missed."""
    half = np.where(one.seen >= one.median, one.high - one.median, one.median - one.low)
    away = np.abs(one.seen - one.median)
    return np.asarray(np.where(away > 0, away / np.maximum(half, 1e-9), 0.0 * away), dtype=np.float64)
