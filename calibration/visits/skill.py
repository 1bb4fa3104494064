"""How good the forecasts would have been: rolling origins against the naive ones, and what the intervals held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.visits.daily import Forecast
from calibration.visits.rolling import LEVELS

WARM_UP_DAYS = 120
"""Forecasts made within the first days of a history are not judged: all of them learn what a week is."""


@dataclass(frozen=True)
class HorizonSkill:
    """What forecasts so many days ahead were worth.

    Attributes:
        horizon: Days ahead.
        n: Forecasts that were judged.
        mae: Mean absolute error, people.
        mae_seasonal: Of the seasonal-naive forecast: the last known count of the same weekday.
        mae_naive: Of the naive one: the last count.
        mase: Mean of the absolute error over the mean absolute weekly change up to the origin (Hyndman and Koehler
            2006, doi:10.1016/j.ijforecast.2006.03.001).
        held: Share of the days that each interval of LEVELS held.
    """

    horizon: int
    n: int
    mae: float
    mae_seasonal: float
    mae_naive: float
    mase: float
    held: tuple[float, ...]


def score(forecast: Forecast, *, horizons: Sequence[int], warm_up: int = WARM_UP_DAYS) -> tuple[HorizonSkill, ...]:
    """Judge what would have been said after each day from `warm_up` on; horizons without two judged days are left out.

    Public holidays, and closures that a site announced, are taken as known beforehand; so is the weather where it was
    given (as it came: a forecast of it would be worse).

    Args:
        forecast: Holds what would have been said.
        horizons: Days ahead, at most those of the forecast.
        warm_up: Origins before this day are not judged.
    """
    counts = forecast.history.visitors
    found = []
    for horizon in horizons:
        origins = np.arange(warm_up, len(counts) - horizon)
        if len(origins) == 0:
            continue
        came = counts[origins + horizon]
        seasonal = np.array([_seasonal(counts, int(origin), horizon) for origin in origins])
        naive = np.array([_last(counts[: origin + 1]) for origin in origins])
        said = forecast.rolled.median[origins, horizon - 1]
        scale = np.array([np.nanmean(np.abs(counts[7 : o + 1] - counts[: o - 6])) for o in origins])
        good = ~np.isnan(came + seasonal + naive) & (scale > 0)
        if good.sum() < 2:
            continue
        miss = np.abs(said - came)[good]
        low, high = (side[:, origins, horizon - 1][:, good] for side in (forecast.rolled.low, forecast.rolled.high))
        inside = (low <= came[good]) & (came[good] <= high)
        found.append(
            HorizonSkill(
                horizon, int(good.sum()), float(miss.mean()), float(np.abs(seasonal - came)[good].mean()),
                float(np.abs(naive - came)[good].mean()), float((miss / scale[good]).mean()),
                tuple(float(inside[at].mean()) for at in range(len(LEVELS))),
            )
        )  # fmt: skip
    return tuple(found)


def _seasonal(counts: np.ndarray, origin: int, horizon: int) -> float:
    """The last count of the target's weekday that was known at the origin."""
    back = origin + horizon - 7 * -(-horizon // 7)
    while back >= 0 and np.isnan(counts[back]):
        back -= 7
    return float(counts[back]) if back >= 0 else np.nan


def _last(counts: np.ndarray) -> float:
    known = counts[~np.isnan(counts)]
    return float(known[-1]) if len(known) else np.nan
