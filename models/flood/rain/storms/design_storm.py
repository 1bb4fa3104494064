"""Design storms: Chicago storms by a law of intensity and duration, whose source must be named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.flood.rain.storms.hyetograph import Hyetograph, positive
from networks.errors import BadInput

CHICAGO_DELAY_MIN = 10.0
CHICAGO_EXPONENT = 0.7
"""Shape of a Chicago storm that is given by its depth alone: common for towns, a guess wherever it is not replaced."""


L_S_HA_PER_MM_MIN = 167.0
"""Litres per second and hectare in a millimetre per minute, rounded as Chinese formulas of storm intensity are."""


@dataclass(frozen=True)
class IntensityFormula:
    """A town's law of mean intensity over a duration t (min) and a return period P (years).

    `i = a1 * (1 + c * lg P) / (t + b) ** n` in mm/min, which Chinese practice also writes `q = 167 i` in L/(s ha). With
    c = 0 it is the plain law `i = a / (t + b) ** n`.

    Attributes:
        a1_mm_min: Coefficient A1 (mm/min * min**n), that of one year.
        b_min: Added to the duration (min).
        n: Exponent, between 0 and 1.
        source: The town's publication; never empty.
        c: Coefficient of lg P (also written C).

    Raises:
        BadInput: A coefficient outside its range, or no source.

    Source: the form is that of GB 50014 (outdoor drainage) and of towns' publications under it. Secondary source: a
    town's publication of 2025 (Suzhou), read as a web page; the text of GB 50014-2021 could not be read.
    """

    a1_mm_min: float
    b_min: float
    n: float
    source: str
    c: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("a1_mm_min", self.a1_mm_min), ("b_min", self.b_min)):
            positive(name, value)
        if not 0 < self.n < 1:
            raise BadInput(f"n is {self.n:g}", place="n", expected="between 0 and 1")
        if not (np.isfinite(self.c) and self.c >= 0):
            raise BadInput(f"c is {self.c:g}", place="c", expected="a number that is not negative")
        if not self.source.strip():
            raise BadInput("an intensity formula without a source", place="source", remedy="name its publication")

    def a_mm_h(self, return_period_years: float) -> float:
        """Coefficient a (mm/h * min**n) of the law at a return period (years).

        Raises:
            BadInput: A return period so short that the formula gives no rain.
        """
        positive("return_period_years", return_period_years)
        factor = 1 + self.c * float(np.log10(return_period_years))
        if factor <= 0:
            raise BadInput(
                f"the formula gives no rain for {return_period_years:g} years",
                place="return_period_years",
                expected=f"above {10 ** (-1 / self.c):.3g} years with c = {self.c:g}",
            )
        return 60 * self.a1_mm_min * factor

    def intensity_mm_h(self, duration_min: float, return_period_years: float) -> float:
        """Mean intensity (mm/h) over the worst `duration_min` (min) of a storm of that return period (years)."""
        positive("duration_min", duration_min)
        return self.a_mm_h(return_period_years) / (duration_min + self.b_min) ** self.n

    def intensity_l_s_ha(self, duration_min: float, return_period_years: float) -> float:
        """The same in L/(s ha), as Chinese formulas give it: 167 times the millimetres per minute."""
        return L_S_HA_PER_MM_MIN * self.intensity_mm_h(duration_min, return_period_years) / 60

    def storm(
        self,
        *,
        return_period_years: float,
        duration_s: float,
        peak_ratio: float,
        step_s: float = 60.0,
        begin_s: float = 0.0,
    ) -> Hyetograph:
        """The Chicago storm of a return period (years); see `chicago_storm` for the other numbers."""
        return chicago_storm(
            duration_s=duration_s,
            source=f"{self.source}; {return_period_years:g} years",
            a_mm_h=self.a_mm_h(return_period_years),
            b_min=self.b_min,
            c=self.n,
            peak_ratio=peak_ratio,
            step_s=step_s,
            begin_s=begin_s,
        )


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
        positive(name, value)
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
