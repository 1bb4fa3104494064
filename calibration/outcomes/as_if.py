"""Whether the street looks as if an action had been done: what sensors said, held against copies with it and without.

Whoever carries out an action says "done". If nothing was done, the street goes on like the copies without it. For
each sensor and quarter of an hour, and for counts and speeds alike, what was seen is given the likelihood of Student's
t about the copies' mean on either side; its spread is that of the copies, of counting, and of what the twin misses
anyway (`MISSED`, a guess). Sensors err together: however many there are, they speak for `VOICES` at most (a guess).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MISSED = 0.15
"""Share of a count or a speed that the twin is wrong by beside what copies differ in; a guess."""
VOICES = 4.0
"""So many sensors' worth of evidence at most; a guess."""
TELLS = 1.0
"""A figure tells something where the sides differ by more than this many spreads."""
SURE = math.log(20.0)
FREEDOM = 4.0


@dataclass(frozen=True, slots=True)
class AsIf:
    """What the street says.

    Attributes:
        log_odds: Natural logarithm of the odds that it was done; 0 where nothing tells.
        n: Sensors that could tell.
    """

    log_odds: float
    n: int

    @property
    def word(self) -> str:
        """One of "done", "not done", "cannot tell"; at odds of 20 to 1."""
        return "cannot tell" if abs(self.log_odds) < SURE else "done" if self.log_odds > 0 else "not done"


def as_if(seen: Floats, with_it: Floats, without: Floats, *, counted: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """Log odds of each sensor, and which of them could tell.

    Args:
        seen: What sensors said (S, T); NaN gaps.
        with_it: The same in copies with the action (P, S, T); NaN where nobody drove.
        without: In copies without it (P, S, T).
        counted: Counts, which vary as counts do; False: speeds.
    """
    known = np.isfinite(seen) & np.isfinite(with_it).any(axis=0) & np.isfinite(without).any(axis=0)
    odds = np.zeros(seen.shape)
    telling = np.zeros(seen.shape, dtype=bool)
    for sensor, period in np.argwhere(known):
        a, b = (one[:, sensor, period] for one in (with_it, without))
        mean_a, mean_b = float(np.nanmean(a)), float(np.nanmean(b))
        middle = 0.5 * (mean_a + mean_b)
        pooled = 0.5 * (float(np.nanvar(a)) + float(np.nanvar(b)))
        spread = math.sqrt(pooled + (max(middle, 1.0) if counted else 0.25) + (MISSED * middle) ** 2)
        value = float(seen[sensor, period])
        telling[sensor, period] = abs(mean_a - mean_b) > TELLS * spread
        odds[sensor, period] = _log_t((value - mean_a) / spread) - _log_t((value - mean_b) / spread)
    told: NDArray[np.bool_] = np.asarray(telling.any(axis=1))
    total = np.where(telling, odds, 0.0).sum(axis=1) / np.maximum(telling.sum(axis=1), 1)
    return total, told


def judged(*odds: tuple[Floats, NDArray[np.bool_]]) -> AsIf:
    """All that sensors said, counts and speeds, as one word; no more than `VOICES` sensors' worth.

    Args:
        odds: From `as_if`, of the same sensors.
    """
    told = np.array([one for _, one in odds])
    total = np.array([np.where(known, values, 0.0) for values, known in odds])
    sensors = told.any(axis=0)
    n = int(sensors.sum())
    if n == 0:
        return AsIf(0.0, 0)
    each = total.sum(axis=0)[sensors] / told.sum(axis=0)[sensors]
    return AsIf(float(each.mean()) * min(float(n), VOICES), n)


def quarters(values: Floats, each: int, *, mean: bool = False) -> Floats:
    """Periods (..., T) put together by `each`: sums, or means; NaN where one is a gap; what is over is left out."""
    whole = values.shape[-1] // each
    parts = values[..., : whole * each].reshape(*values.shape[:-1], whole, each)
    return parts.mean(axis=-1) if mean else parts.sum(axis=-1)


def _log_t(error: float) -> float:
    return -0.5 * (FREEDOM + 1.0) * math.log1p(error * error / FREEDOM)
