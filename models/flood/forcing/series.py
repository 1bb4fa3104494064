"""A number in time: a tide, the opening of a gate, whether the power is on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput


@dataclass(frozen=True)
class Series:
    """A number that changes linearly between moments, and keeps its first and last value before and after.

    Attributes:
        times_s: (n,) increasing (s since the run's begin).
        values: (n,) numbers.
        place: What it is, named in errors.

    Raises:
        BadInput: Times that do not increase, or a value that is no number.
    """

    times_s: np.ndarray
    values: np.ndarray
    place: str = "values"

    def __post_init__(self) -> None:
        times, values = np.asarray(self.times_s, np.float64), np.asarray(self.values, np.float64)
        if times.ndim != 1 or not len(times) or times.shape != values.shape:
            raise BadInput(
                f"{times.shape} times for {values.shape} values", place=self.place, expected="a time for each value"
            )
        if not np.all(np.isfinite(times)) or not np.all(np.diff(times) > 0):
            raise BadInput("times that do not increase", place=self.place, expected="each later than the one before")
        if not np.all(np.isfinite(values)):
            raise BadInput("a value that is no number", place=self.place, expected="numbers")
        object.__setattr__(self, "times_s", times)
        object.__setattr__(self, "values", values)

    def at(self, time_s: float) -> float:
        """The number at a moment (s)."""
        return float(np.interp(time_s, self.times_s, self.values))


def constant(value: float, place: str = "values") -> Series:
    """A number that does not change."""
    return Series(np.zeros(1), np.array([value]), place)


def checked_spans(spans: Sequence[Sequence[float]], place: str) -> tuple[tuple[float, float], ...]:
    """Spans of time (from, to; s) in order and apart.

    Raises:
        BadInput: One that ends before it begins, or begins before the one before it ends.
    """
    flat = [float(moment) for span in spans for moment in span]
    if any(len(span) != 2 for span in spans) or not np.all(np.isfinite(flat)) or not np.all(np.diff(flat) > 0):
        raise BadInput(
            f"spans of time that cannot be: {[list(span) for span in spans]}",
            place=place,
            expected="[from, to] in s, in order, none within another",
        )
    return tuple((float(begin), float(end)) for begin, end in spans)


def share_within(spans: Sequence[tuple[float, float]], begin_s: float, end_s: float) -> float:
    """Which share of a piece of time (s) lies within the spans."""
    within = sum(max(0.0, min(end, end_s) - max(begin, begin_s)) for begin, end in spans)
    return within / (end_s - begin_s)


def positive_s(every_s: float) -> float:
    """A piece of time (s); raises BadInput unless it is a positive number."""
    if not (np.isfinite(every_s) and every_s > 0):
        raise BadInput(f"every_s is {every_s:g}", place="every_s", expected="a positive number of seconds")
    return float(every_s)
