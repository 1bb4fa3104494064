"""How far forecasts were from what came: error, CRPS, interval score, coverage, events foretold or missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.skill.forecast import Forecast
from models.flood.rain import crps_each

LEVEL = 0.9
"""Share of what comes that the judged interval should hold."""
DRAWN = ("twin",)
"""Sources whose members are random draws: their CRPS is that of the distribution behind them (Ferro 2014). Members of
all others are quantiles, which stand for the distribution themselves."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """A forecast of one period beside what came, place by place (N).

    Attributes:
        seen: What came; NaN: nobody said.
        median: The point value.
        low, high: Bounds of the interval of LEVEL.
        crps: Continuous ranked probability score, in the unit of the quantity; NaN where either says nothing.
    """

    seen: Array
    median: Array
    low: Array
    high: Array
    crps: Array


def scored(forecast: Forecast, seen: Array) -> Scored:
    """Score all places and periods of a forecast at once: arrays (N, H); `seen` has that shape, NaN where not known."""
    low, high = forecast.interval(LEVEL)
    crps = crps_each(forecast.members, seen, fair=forecast.source in DRAWN)
    return Scored(seen, forecast.median, low, high, crps)


def interval_score(low: Array, high: Array, seen: Array, level: float = LEVEL) -> Array:
    """Width of an interval, plus 2 / (1 - level) for each unit that what came lies outside of it; smaller is better.

    Source: Gneiting & Raftery 2007 (doi:10.1198/016214506000001437), equation 43.
    """
    outside = np.maximum(low - seen, 0.0) + np.maximum(seen - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * outside, dtype=np.float64)


def covered(low: Array, high: Array, seen: Array) -> NDArray[np.bool_]:
    """Whether the interval held what came; its bounds count as inside. False where one of them is NaN."""
    return np.asarray((low <= seen) & (seen <= high), dtype=bool)


@dataclass(frozen=True, slots=True)
class Foretold:
    """Events that came and were foretold, place by place.

    Attributes:
        hit: It came and was foretold.
        false_alarm: It was foretold and did not come.
        miss: It came and was not foretold.
    """

    hit: NDArray[np.bool_]
    false_alarm: NDArray[np.bool_]
    miss: NDArray[np.bool_]


def foretold(median: Array, seen: Array, limit: Array, *, below: bool = True) -> Foretold:
    """Hits, false alarms and misses of an event: that a value is beyond a limit.

    It counts as foretold when it is as likely as not: the median is beyond the limit. Where the limit or either value
    is NaN there is no event and no alarm.

    Args:
        median: Forecast.
        seen: What came.
        limit: Of each value; NaN: no such event here.
        below: The event lies below the limit (slow, few), else above (deep, late).
    """
    sign = 1.0 if below else -1.0
    known = ~np.isnan(median) & ~np.isnan(seen) & ~np.isnan(limit)
    came, said = known & (sign * seen < sign * limit), known & (sign * median < sign * limit)
    return Foretold(came & said, said & ~came, came & ~said)
