"""Rain in time: hyetographs, even rain, and Chicago design storms whose source must be named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from networks.errors import BadInput

CHICAGO_DELAY_MIN = 10.0
CHICAGO_EXPONENT = 0.7
"""Shape of a Chicago storm that is given by its depth alone: common for towns, a guess wherever it is not replaced."""


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
    _positive("duration_s", duration_s)
    return Hyetograph(np.array([begin_s, begin_s + duration_s]), np.array([depth_mm / duration_s * 3600]), source)


def chicago_storm(
    *,
    duration_s: float,
    source: str,
    depth_mm: float | None = None,
    a_mm_h: float | None = None,
    b_min: float = CHICAGO_DELAY_MIN,
    c: float = CHICAGO_EXPONENT,
    peak_ratio: float = 0.4,
    step_s: float = 60.0,
    begin_s: float = 0.0,
) -> Hyetograph:
    """A Chicago design storm: every window around its peak holds the depth of the intensity-duration law.

    The law is `i = a / (t + b) ** c`, with t and b in minutes and i in mm/h. Before the peak, a window of tb holds
    `peak_ratio * a * td / (td + b) ** c` with `td = tb / peak_ratio`; steps are exact differences of that mass curve.

    Args:
        duration_s: Length of the storm (s).
        source: Where the coefficients or the depth come from; never empty.
        depth_mm: All the rain (mm); then only b and c shape the storm, and `a_mm_h` must not be given.
        a_mm_h: Coefficient a of the law (mm/h * min**c).
        b_min: Coefficient b (min).
        c: Exponent, between 0 and 1.
        peak_ratio: Share of the duration before the peak, between 0 and 1.
        step_s: Length of the hyetograph's steps (s).
        begin_s: When it starts (s).

    Raises:
        BadInput: A coefficient outside its range, both or none of `depth_mm` and `a_mm_h`, or no source.

    Source: Keifer & Chu 1957, Synthetic storm pattern for drainage design, J. Hydraul. Div. ASCE 83(4).
    """
    if (depth_mm is None) == (a_mm_h is None):
        raise BadInput("a Chicago storm needs either depth_mm or a_mm_h", expected="one of the two")
    for name, value in (("duration_s", duration_s), ("step_s", step_s), ("b_min", b_min)):
        _positive(name, value)
    for name, value in (("c", c), ("peak_ratio", peak_ratio)):
        if not 0 < value < 1:
            raise BadInput(f"{name} is {value:g}", place=name, expected="between 0 and 1")
    steps = max(1, int(np.ceil(duration_s / step_s - 1e-9)))
    times = np.minimum(np.arange(steps + 1) * step_s, duration_s)
    away_min = (times - peak_ratio * duration_s) / 60
    share = np.where(away_min < 0, peak_ratio, 1 - peak_ratio)
    window_min = np.abs(away_min) / share
    mass = np.sign(away_min) * share * (window_min / 60) / (window_min + b_min) ** c
    scale = a_mm_h if a_mm_h is not None else float(depth_mm or 0.0) / float(mass[-1] - mass[0])
    mass = mass * scale
    return Hyetograph(times + begin_s, np.diff(mass) / np.diff(times) * 3600, source)


def _positive(name: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise BadInput(f"{name} is {value:g}", place=name, expected="a positive number")
