"""The rest of a day from what days were like and how this one went so far: a Gaussian with a learnt covariance.

Square roots of the numbers of people (their scatter is then the same at all sizes) have a mean by quarter hour and sort
of day, and a covariance between quarter hours, learnt from past days and shrunk to a simple one (days that are full or
empty as a whole, and a part that is forgotten in FORGOTTEN_H). What is known of today conditions the rest (Gaussian
process regression: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, ch. 2). Intervals are widened
to what past errors were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np

from calibration.occupancy.people_days import BIN_S, BINS, PeopleDays
from networks.errors import BadInput

FORGOTTEN_H = 3.0
SHRINK_DAYS = 5.0
"""The simple covariance weighs as much as so many days (guess)."""
NUGGET = 0.25
"""Variance of the root of a Poisson number: what no forecast removes."""
LEAST_DAYS, LEAST_SORT = 5, 3
ODD_DAY = 4.0
"""A day whose surprise is larger is like none of the past ones: they say nothing of its rest (guess)."""
HORIZONS_MIN = (30, 60, 120, 240)
_Z90 = NormalDist().inv_cdf(0.95)
_WIDEST = 3.0


@dataclass(frozen=True)
class HourSkill:
    """What such forecasts were worth.

    Attributes:
        minutes: Ahead.
        n: Forecasts that were judged.
        mae: Mean absolute error, people.
        mae_now: Of "as many as now".
        mae_usual: Of the mean of past days of that sort at that time.
        held: Share of the numbers that the 90 % interval held.
    """

    minutes: int
    n: int
    mae: float
    mae_now: float
    mae_usual: float
    held: float


@dataclass(frozen=True)
class DayShape:
    """What days are like.

    Attributes:
        mean: (2, BINS) root of the people: on weekdays, and on weekends.
        cov: (BINS, BINS) covariance of what is left.
        width: By how much intervals are widened.
    """

    mean: np.ndarray
    cov: np.ndarray
    width: float = 1.0

    def usual(self, day: date) -> np.ndarray:
        """(BINS,) the mean of the roots on such a day."""
        return np.asarray(self.mean[int(day.weekday() >= 5)])

    def rest(self, day: date, people: np.ndarray, sd: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """(BINS,) mean and standard deviation of the roots, given what is known of the day; wider where it surprises.

        Args:
            day: Which.
            people: (BINS,) so far, NaN where not known or to come.
            sd: How sure those numbers are (people).
        """
        mean = self.usual(day)
        known, away, inner = self._so_far(day, people, sd)
        if not len(known):
            return mean, np.sqrt(np.diag(self.cov) + NUGGET)
        gain = np.linalg.solve(inner, self.cov[known]).T
        var = np.diag(self.cov) - (gain * self.cov[:, known]).sum(axis=1)
        wider = max(1.0, self.surprise(day, people, sd))
        return mean + gain @ away, np.sqrt(wider * (np.maximum(var, 0.0) + NUGGET))

    def surprise(self, day: date, people: np.ndarray, sd: np.ndarray | float = 0.0) -> float:
        """How unlike past days this one is so far: about 1 for one of them, more than ODD_DAY for one like none."""
        known, away, inner = self._so_far(day, people, sd)
        return float(away @ np.linalg.solve(inner, away) / len(known)) if len(known) else 0.0

    def _so_far(
        self, day: date, people: np.ndarray, sd: np.ndarray | float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Quarter hours that are known, how far their roots are from the usual, and the covariance of that."""
        known = np.flatnonzero(~np.isnan(people))
        size = np.maximum(people[known], 1.0)
        noise = NUGGET + np.broadcast_to(np.asarray(sd), (BINS,))[known] ** 2 / (4.0 * size)
        away = np.sqrt(people[known]) - self.usual(day)[known]
        return known, away, self.cov[np.ix_(known, known)] + np.diag(noise)

    def bounds(self, mean: np.ndarray, sd: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Median and bounds of the 90 % interval, people, from roots."""
        away = self.width * _Z90 * sd
        return tuple(np.maximum(one, 0.0) ** 2 for one in (mean, mean - away, mean + away))  # type: ignore[return-value]


def shape_of(table: PeopleDays) -> DayShape:
    """What past days were like.

    Raises:
        BadInput: Fewer than LEAST_DAYS.
    """
    count = len(table.days)
    if count < LEAST_DAYS:
        raise BadInput(f"{count} past days are known", expected=f"{LEAST_DAYS} at least", remedy="keep each day's file")
    roots = np.sqrt(table.people)
    free = np.array([day.weekday() >= 5 for day in table.days])
    sorts = [~free, free] if min(free.sum(), (~free).sum()) >= LEAST_SORT else [free | ~free] * 2
    usual = np.nan_to_num(_mean(roots))
    mean = np.array([np.where(np.isnan(one), usual, one) for one in (_mean(roots[sort]) for sort in sorts)])
    left = np.nan_to_num(roots - mean[free.astype(int)])
    learnt = left.T @ left / max(count - 1, 1)
    sd, at = np.sqrt(np.diag(learnt)), np.arange(BINS) * BIN_S / 3600.0
    simple = np.outer(sd, sd) * (0.5 + 0.5 * np.exp(-np.abs(at[:, None] - at) / FORGOTTEN_H))
    share = SHRINK_DAYS / (SHRINK_DAYS + count)
    return DayShape(mean, share * simple + (1.0 - share) * learnt)


def judged_shape(table: PeopleDays, *, every: int = 2) -> tuple[DayShape, tuple[HourSkill, ...]]:
    """The shape, its intervals as wide as past errors ask for, and the skill of forecasts as they would have been made.

    Rolling origins: from the middle of the history on, every day's rest is foretold every `every` quarter hours from a
    shape of the days before it alone. Times at which nobody is there and nobody was foretold are not judged. Intervals
    of a day are as wide as the errors of the days before it ask for.

    Raises:
        BadInput: Fewer than LEAST_DAYS + 1.
    """
    first = max(LEAST_DAYS, len(table.days) // 2)
    steps = [round(60 * minutes / BIN_S) for minutes in HORIZONS_MIN]
    rows: list[tuple[int, float, float, float, float]] = []
    away: list[float] = []
    for day in range(first, len(table.days)):
        shape = shape_of(PeopleDays(table.days[:day], table.people[:day]))
        width, fresh = _width(away), list[float]()
        for origin in range(every - 1, BINS - 1, every):
            true = table.people[day]
            so_far = np.where(np.arange(BINS) <= origin, true, np.nan)
            if np.isnan(true[origin]):
                continue
            mean, sd = shape.rest(table.days[day], so_far)
            usual = shape.usual(table.days[day]) ** 2
            for at, step in enumerate(steps):
                to = origin + step
                if to >= BINS or np.isnan(true[to]) or max(true[to], usual[to], true[origin]) < 1.0:
                    continue
                size = abs(np.sqrt(true[to]) - mean[to]) / sd[to]
                fresh.append(float(size))
                said = max(mean[to], 0.0) ** 2
                rows.append((at, abs(said - true[to]), abs(true[origin] - true[to]), abs(usual[to] - true[to]),
                             float(size <= width * _Z90)))  # fmt: skip
        away += fresh
    table_of = np.array(rows).reshape(-1, 5)
    skill = []
    for at, minutes in enumerate(HORIZONS_MIN):
        mine = table_of[table_of[:, 0] == at, 1:]
        if len(mine) >= 2:
            skill.append(HourSkill(minutes, len(mine), *(float(one) for one in mine.mean(axis=0))))
    whole = shape_of(table)
    return DayShape(whole.mean, whole.cov, _width(away)), tuple(skill)


def _width(away: Sequence[float]) -> float:
    """What the interval must be widened by so that it would have held nine in ten; 1 beside 20 that say nothing."""
    if not away:
        return 1.0
    normal = [abs(NormalDist().inv_cdf(0.5 + (at + 0.5) / 40.0)) for at in range(20)]
    return float(np.clip(np.quantile([*normal, *away], 0.9) / _Z90, 0.5, _WIDEST))


def _mean(roots: np.ndarray) -> np.ndarray:
    known = ~np.isnan(roots)
    return np.where(
        known.any(axis=0), np.where(known, roots, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1), np.nan
    )
