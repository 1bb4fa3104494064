"""Persistence where no earlier day is known: today's own errors tell how far it may be wrong."""

from __future__ import annotations

from calibration.skill.baselines.own_errors import Baseline
from calibration.skill.baselines.past import Array, Past
from calibration.skill.baselines.rules import Persistence
from calibration.skill.forecast import Forecast

_LEAST = 3


def persistence(today: Past, course: Array, beside: Forecast) -> Forecast:
    """The last value of each place, with the quantiles of its errors so far; a single value in the first periods.

    Args:
        today: The one day.
        course: Its values so far (N, t).
        beside: The forecast that it is held against: as many periods, made at the same moment.
    """
    periods = beside.members.shape[2]
    if course.shape[1] >= _LEAST:
        return Baseline("persistence", Persistence, today, periods).forecast(course, beside.made_s)
    last = Persistence(today)(course, periods)
    return Forecast(
        "persistence", today.quantity, today.places, beside.made_s, beside.made_s, today.period_s, last[None]
    )
