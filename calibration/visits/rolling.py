"""Forecasts made after each day of a history, as they would have been made then."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from calibration.skill import followed
from calibration.visits.bank import Ahead, run_bank
from calibration.visits.closure import expected_closed

LEVELS = (0.8, 0.9)
"""Shares of days that the intervals are to hold."""
UNSEEN = 2.0
"""No interval reaches beyond this many times the largest count so far, where no capacity is known (guess)."""
_HALF_LIFE_DAYS = 120.0
_POWER = 4.0
_MEMORY_DAYS, _PRIOR_DAYS = 365, 20
_FOLLOW, _FOLLOW_MOST = 0.05, (0.5, 3.0)


@dataclass(frozen=True)
class Rolled:
    """Row t: what was said after day t; column h: of the day h + 1 days later.

    Attributes:
        median: (days, horizons) people.
        low, high: (levels, days, horizons) bounds of the intervals of LEVELS.
    """

    median: np.ndarray
    low: np.ndarray
    high: np.ndarray


def roll(
    visitors: np.ndarray,
    features: np.ndarray,
    closed: np.ndarray,
    weekdays: np.ndarray,
    horizons: int,
    *,
    capacity: float | None = None,
) -> Rolled:
    """Forecasts after every day; row t depends on the counts up to day t alone.

    The filters of `bank` are weighed at each horizon by 1 / (mean absolute error)^4 of what they said before
    (forgotten by half in 120 days). Intervals are the weighted spread, widened or narrowed to what past errors at that
    horizon were (split conformal, e.g. Lei et al. 2018, doi:10.1080/01621459.2017.1307116, on the last year's errors
    beside 20 of a normal distribution), and each is widened a little by every day that it missed and narrowed by every
    day that it held (after Gibbs and Candes 2021, arXiv:2106.00170), since closures miss many days in a row.

    Args:
        visitors: (days,) people; NaN where nobody counted.
        features: (days + horizons, columns) what is known of the days beforehand.
        closed: (days + horizons,) days announced as closed.
        weekdays: (days + horizons,) 0 to 6.
        horizons: Days ahead.
        capacity: More than this are not let in on a day; None: nobody said, and no bound is set above
            UNSEEN times the largest count so far.
    """
    days = len(visitors)
    counted = np.where(closed[:days], np.nan, visitors)
    ahead = run_bank(counted, features, horizons)
    log_median, sd = _combined(ahead, counted)
    width = _widths(log_median, sd, counted)
    shut = expected_closed(counted, weekdays, horizons)
    shut |= np.lib.stride_tricks.sliding_window_view(closed[1:], horizons)[:days]
    median, spread = np.where(shut, 0.0, np.exp(log_median)), np.exp(width * sd)
    record = np.fmax.accumulate(np.where(np.isnan(counted), 0.0, counted))[:, None]
    most = np.maximum(UNSEEN * record, median) if capacity is None else np.full_like(median, capacity)
    return Rolled(*(np.minimum(one, most) for one in (median, median / spread, median * spread)))


def _combined(ahead: Ahead, counted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(days, horizons) weighted mean of log y over the filters, and standard deviation."""
    days, filters, horizons = ahead.log_mean.shape
    people = np.exp(np.minimum(ahead.log_mean, 25.0))
    errors, seen = np.zeros((filters, horizons)), np.full(horizons, 1e-9)
    keep, steps = 0.5 ** (1.0 / _HALF_LIFE_DAYS), np.arange(horizons)
    mean, sd = np.empty((days, horizons)), np.empty((days, horizons))
    for day in range(days):
        if counted[day] > 0:
            told = steps[: min(day, horizons)]
            errors[:, told] = keep * errors[:, told] + np.abs(people[day - 1 - told, :, told].T - counted[day])
            seen[told] = keep * seen[told] + 1.0
        size = (errors + 1e-6) / seen
        weight = (size / size.min(axis=0)) ** -_POWER
        weight /= weight.sum(axis=0)
        mean[day] = (weight * ahead.log_mean[day]).sum(axis=0)
        var = (weight * (ahead.log_var[day] + (ahead.log_mean[day] - mean[day]) ** 2)).sum(axis=0)
        sd[day] = np.sqrt(var)
    return mean, sd


def _widths(log_median: np.ndarray, sd: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """(levels, days, horizons) standard deviations on either side that hold the wanted share of the days."""
    days, horizons = log_median.shape
    normal = [NormalDist().inv_cdf(0.5 + (one + 0.5) / (2.0 * _PRIOR_DAYS)) for one in range(_PRIOR_DAYS)]
    errors = np.full((_PRIOR_DAYS + days, horizons), np.nan)
    errors[:_PRIOR_DAYS] = np.asarray(normal)[:, None]
    out, factor = np.empty((len(LEVELS), days, horizons)), np.ones((len(LEVELS), horizons))
    levels = np.asarray(LEVELS)[:, None]
    for day in range(days):
        if counted[day] > 0:
            told = np.arange(min(day, horizons))
            made = day - 1 - told
            error = np.abs(np.log(counted[day]) - log_median[made, told]) / sd[made, told]
            errors[_PRIOR_DAYS + day, told] = error
            missed = error > out[:, made, told]
            factor[:, told] = followed(factor[:, told], missed, levels, pace=_FOLLOW, bounds=_FOLLOW_MOST)
        begin = _PRIOR_DAYS + max(0, day + 1 - _MEMORY_DAYS)
        known = np.concatenate([errors[:_PRIOR_DAYS], errors[begin : _PRIOR_DAYS + day + 1]])
        out[:, day] = np.maximum.accumulate(factor * _quantiles(known), axis=0)
    return out


def _quantiles(known: np.ndarray) -> np.ndarray:
    """(levels, horizons) conformal quantiles of each column's numbers, NaN left out."""
    ordered, count = np.sort(known, axis=0), (~np.isnan(known)).sum(axis=0)
    places = [np.clip(np.ceil((count + 1) * level).astype(int) - 1, 0, count - 1) for level in LEVELS]
    return np.stack([ordered[place, np.arange(known.shape[1])] for place in places])
