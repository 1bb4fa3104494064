"""Hours on duty: shifts by the local clock, and what they are in a run's seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK_MIN = 7 * 24 * 60
Span = tuple[float, float]
ALWAYS: tuple[Span, ...] = ((-math.inf, math.inf),)


@dataclass(frozen=True)
class Shift:
    """Hours on duty on some days of the week.

    Attributes:
        begin_min: Minutes after midnight.
        end_min: Minutes after midnight; of the next day where it is not after `begin_min`.
        days: Of DAYS, on which it begins.
    """

    begin_min: int
    end_min: int
    days: tuple[str, ...] = DAYS


def minute_of(clock: str) -> int:
    """Minutes after midnight of a text like `07:30`."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def week_of(shifts: Sequence[Shift]) -> NDArray[np.bool_]:
    """(WEEK_MIN,) True in each minute of the week, from Monday 0:00, that is on duty; without shifts all are."""
    if not shifts:
        return np.ones(WEEK_MIN, dtype=bool)
    week = np.zeros(WEEK_MIN, dtype=bool)
    for shift in shifts:
        length = (shift.end_min - shift.begin_min - 1) % (24 * 60) + 1
        for day in shift.days:
            first = DAYS.index(day) * 24 * 60 + shift.begin_min
            week[np.arange(first, first + length) % WEEK_MIN] = True
    return week


def duty_spans(shifts: Sequence[Shift], begin: datetime, length_s: float) -> tuple[Span, ...]:
    """On duty from and to, s since `begin` (a local clock's time), for a run of `length_s`; ALWAYS without shifts.

    A span that covers the run's begin or end is as long as that.
    """
    if not shifts:
        return ALWAYS
    week = week_of(shifts)
    if week.all():
        return ALWAYS
    start = begin.weekday() * 1440 + begin.hour * 60 + begin.minute
    minutes = week[(start + np.arange(math.ceil(length_s / 60) + 2)) % WEEK_MIN]
    steps = np.flatnonzero(np.diff(np.concatenate(([False], minutes, [False])).astype(np.int8)))
    offset = begin.second + begin.microsecond / 1e6
    return tuple((max(0.0, 60.0 * a - offset), 60.0 * b - offset) for a, b in steps.reshape(-1, 2).tolist())
