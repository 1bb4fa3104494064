"""Rain in time, the same over the whole map: hyetographs and even rain, whose source must be named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput


@dataclass(frozen=True)
class Hyetograph:
    """Rain intensity in steps, the same over the whole map.

    Attributes:
        times_s: (n + 1,) increasing, seconds since the run's start; step i lasts from `times_s[i]` to `times_s[i + 1]`.
        intensity_mm_h: (n,) mm/h, none negative; outside the steps it does not rain.
        source: Where it comes from: a gauge, a standard, a paper; never empty.

    Raises:
        BadInput: Times that do not increase, an intensity that is negative or no number, or no source.
    """

    times_s: np.ndarray
    intensity_mm_h: np.ndarray
    source: str

    def __post_init__(self) -> None:
        times = np.array(self.times_s, dtype=np.float64)
        rain = np.array(self.intensity_mm_h, dtype=np.float64)
        _check(times, rain, self.source)
        times.setflags(write=False)
        rain.setflags(write=False)
        object.__setattr__(self, "times_s", times)
        object.__setattr__(self, "intensity_mm_h", rain)

    @property
    def depth_mm(self) -> float:
        """All the rain (mm)."""
        return float(np.sum(self.intensity_mm_h * np.diff(self.times_s)) / 3600)

    @property
    def peak_mm_h(self) -> float:
        """The highest intensity (mm/h)."""
        return float(self.intensity_mm_h.max())

    def at(self, time_s: float) -> float:
        """Intensity (mm/h) at a time (s); at a boundary, that of the step which begins there."""
        if time_s < self.times_s[0] or time_s >= self.times_s[-1]:
            return 0.0
        return float(self.intensity_mm_h[int(np.searchsorted(self.times_s, time_s, side="right")) - 1])

    def rate_mm_h(self, begin_s: float, end_s: float) -> float:
        """Mean intensity (mm/h) from `begin_s` to `end_s` (s); the mean of what falls, whatever steps lie between."""
        edges = np.clip(self.times_s, begin_s, end_s)
        return float(np.sum(self.intensity_mm_h * np.diff(edges))) / (end_s - begin_s)

    def delayed(self, seconds: float) -> Hyetograph:
        """The same rain, `seconds` later."""
        return Hyetograph(self.times_s + seconds, self.intensity_mm_h, self.source)


def _check(times: np.ndarray, rain: np.ndarray, source: str) -> None:
    if times.ndim != 1 or rain.ndim != 1 or len(rain) == 0 or len(times) != len(rain) + 1:
        raise BadInput(
            f"a hyetograph of {times.shape} times and {rain.shape} intensities",
            expected="n + 1 times around n >= 1 intensities",
        )
    if not np.all(np.isfinite(times)) or not np.all(np.diff(times) > 0):
        at = int(np.argmin(np.diff(times) > 0)) + 1
        raise BadInput(
            "the rain's times do not increase", place=f"times_s[{at}]", expected="each later than the one before"
        )
    bad = ~(np.isfinite(rain) & (rain >= 0))
    if bad.any():
        at = int(np.argmax(bad))
        raise BadInput(
            f"rain of {rain[at]:g} mm/h", place=f"intensity_mm_h[{at}]", expected="a number that is not negative"
        )
    if not source.strip():
        raise BadInput(
            "rain without a source", place="source", remedy="name the gauge, standard or paper it comes from"
        )


def uniform_rain(*, depth_mm: float, duration_s: float, source: str, begin_s: float = 0.0) -> Hyetograph:
    """Even rain: `depth_mm` (mm) falls within `duration_s` (s) from `begin_s` (s) on.

    Raises:
        BadInput: A depth that is negative or no number, a duration that is not positive, or no source.
    """
    positive("duration_s", duration_s)
    return Hyetograph(np.array([begin_s, begin_s + duration_s]), np.array([depth_mm / duration_s * 3600]), source)


def positive(name: str, value: float) -> None:
    """Refuse `value` (BadInput that names it) unless it is a positive number."""
    if not (np.isfinite(value) and value > 0):
        raise BadInput(f"{name} is {value:g}", place=name, expected="a positive number")
