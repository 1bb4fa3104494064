"""A bank of filters that follow the level of visits, day by day, each with another belief of how fast it moves.

Each is a dynamic linear model (West and Harrison, Bayesian Forecasting and Dynamic Models, 2nd ed., 1997, ch. 4: the
Kalman filter with an unknown observation variance) of the logarithm of a day's visitors:

    log y(t) = c + level(t) + b' x(t) + noise,   level(t) = r level(t-1) + step,   steps and noise normal,

with x the sorts of days (and weather). The filters differ in `PACES` (variance of a step over that of the noise) and
in `RETURNS` (r: 1 never comes back to its mean c, 0.95 half-way in two weeks). Surprises beyond LIMIT standard
deviations count as LIMIT (a closure is not the new normal in a day).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PACES = (0.05, 0.5, 4.0, 32.0)
RETURNS = (1.0, 0.995, 0.98, 0.95)
LIMIT = 4.0
PRIOR_SD = 0.5
"""Standard deviation of a coefficient before any day was seen, in logarithms: a holiday may well bring 1.6 times."""
_FIRST_NOISE, _LEAST_NOISE, _MEMORY = 0.03, 1e-4, 0.98
_DRIFT = 1e-4
"""Variance that each coefficient gains a day, over that of the noise: weekdays may change within a year."""


@dataclass(frozen=True)
class Ahead:
    """What each filter says after each day.

    Attributes:
        log_mean: (days, filters, horizons) mean of log y, 1 to `horizons` days ahead.
        log_var: Its variance, that of the day's own noise within.
    """

    log_mean: np.ndarray
    log_var: np.ndarray


def run_bank(visitors: np.ndarray, features: np.ndarray, horizons: int) -> Ahead:
    """Run all filters once over a history; what is said after a day depends on nothing later.

    Args:
        visitors: (days,) people; NaN or 0 on days that say nothing of the level.
        features: (days + horizons, columns) of x, known beforehand.
        horizons: Days ahead.
    """
    pace, back = (one.ravel() for one in np.meshgrid(PACES, RETURNS, indexing="ij"))
    bank = _Bank(pace, back, features.shape[1], float(np.log(visitors[visitors > 0][0])))
    reach = _reach(pace, back, horizons)
    log_mean = np.empty((len(visitors), len(pace), horizons))
    log_var = np.empty_like(log_mean)
    for day, count in enumerate(visitors):
        bank.step(features[day], float(np.log(count)) if count > 0 else np.nan)
        log_mean[day], log_var[day] = bank.ahead(features[day + 1 : day + 1 + horizons], *reach)
    return Ahead(log_mean, log_var)


class _Bank:
    """All filters at once: state = (level, c, b), its covariance, and the noise's variance."""

    def __init__(self, pace: np.ndarray, back: np.ndarray, columns: int, start: float) -> None:
        size = 2 + columns
        prior = np.full((len(pace), size), PRIOR_SD**2)
        prior[:, 0] = 1.0
        prior[:, 1] = np.where(back < 1.0, 1.0, 0.0)
        self._mean = np.zeros((len(pace), size))
        self._mean[:, 1] = start
        self._cov = prior[:, :, None] * np.eye(size)
        self._noise, self._seen = np.full(len(pace), _FIRST_NOISE), 5.0
        self._back = np.ones((len(pace), size))
        self._back[:, 0] = back
        self._gain = np.zeros((len(pace), size))
        self._gain[:, 0], self._gain[:, 2:] = pace, _DRIFT

    def step(self, x: np.ndarray, told: float) -> None:
        """One day on; NaN: nothing was told."""
        self._mean = self._mean * self._back
        self._cov = self._cov * self._back[:, :, None] * self._back[:, None, :]
        self._cov += (self._gain * self._noise[:, None])[:, :, None] * np.eye(len(x) + 2)
        if np.isnan(told):
            return
        row = np.concatenate(([1.0, 1.0], x))
        cov = self._cov @ row
        spread = cov @ row + self._noise
        away = (told - self._mean @ row) / np.sqrt(spread)
        held = np.clip(away, -LIMIT, LIMIT)
        gain = cov / spread[:, None]
        self._mean = self._mean + gain * (held * np.sqrt(spread))[:, None]
        self._cov = self._cov - gain[:, :, None] * cov[:, None, :]
        self._seen = _MEMORY * self._seen + 1.0
        self._noise = np.maximum(self._noise * (1.0 + (held**2 - 1.0) / self._seen), _LEAST_NOISE)

    def ahead(self, x: np.ndarray, fade: np.ndarray, gained: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(filters, horizons) mean and variance of log y on the days of `x`."""
        rows = np.empty((len(fade), len(x), x.shape[1] + 2))
        rows[:, :, 0], rows[:, :, 1], rows[:, :, 2:] = fade, 1.0, x
        mean = (rows @ self._mean[:, :, None])[:, :, 0]
        var = ((rows @ self._cov) * rows).sum(axis=2)
        return mean, var + self._noise[:, None] * (1.0 + gained)


def _reach(pace: np.ndarray, back: np.ndarray, horizons: int) -> tuple[np.ndarray, np.ndarray]:
    """(filters, horizons): what is left of today's level, and variance that its steps gain, over that of the noise."""
    powers = back[:, None] ** np.arange(1, horizons + 1)
    steps = back[:, None] ** (2 * np.arange(horizons))
    return powers, pace[:, None] * np.cumsum(steps, axis=1)
