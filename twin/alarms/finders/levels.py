"""Forecasts held against limits: when a place first reaches one, and how many members say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from calibration.skill import Forecast
from twin.alarms.finding import LEVELS
from twin.cycle import Picture


@dataclass(frozen=True, slots=True)
class Reached:
    """The worst level that enough members reach at a place.

    Attributes:
        place: Of the forecast.
        level: One of LEVELS.
        begins: Begin of the first period in which enough members reach the least level.
        ends: End of the last such period; None where that is the forecast's end.
        probability: Largest share of members that reach `level` in one period.
        value: Median of what they say in that period, in the quantity's unit.
    """

    place: str
    level: str
    begins: datetime
    ends: datetime | None
    probability: float
    value: float


def reached(
    picture: Picture, forecast: Forecast, limits: Callable[[str], tuple[float, ...] | None], probability: float
) -> list[Reached]:
    """Places at which enough members reach a level.

    Args:
        picture: Where the forecast is from.
        forecast: Members (M, N, H).
        limits: Limits of a place from level IV to I, in the quantity's unit; None where it has none.
        probability: Share of members that must say so in a period.
    """
    found = []
    for row, place in enumerate(forecast.places):
        bounds = limits(place)
        if bounds is None:
            continue
        members = forecast.members[:, row]
        told = np.maximum((~np.isnan(members)).sum(axis=0), 1)
        shares = np.array([(members >= bound).sum(axis=0) / told for bound in bounds])
        high = np.flatnonzero(shares.max(axis=1) >= probability)
        if not len(high):
            continue
        worst = int(high[-1])
        periods = np.flatnonzero(shares[0] >= probability)
        peak = int(shares[worst].argmax())
        first, last = int(periods[0]), int(periods[-1])
        ends = None if last == members.shape[1] - 1 else _moment(picture, forecast, last + 1)
        value = float(np.nanmedian(members[:, peak]))
        begins = max(_moment(picture, forecast, first), picture.now) if first else picture.now
        found.append(Reached(place, LEVELS[worst], begins, ends, float(shares[worst, peak]), value))
    return found


def _moment(picture: Picture, forecast: Forecast, period: int) -> datetime:
    return picture.moment(forecast.begin_s) + timedelta(seconds=period * forecast.period_s)
