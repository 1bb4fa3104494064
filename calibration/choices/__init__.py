"""Which site people choose and how long they stay, calibrated on counts and judged on counters held out."""

from __future__ import annotations

from calibration.choices.counted import Count, counts_of
from calibration.choices.expected_day import Expected, Figures, Ground, expect_day, figures_of
from calibration.choices.fitting import Fitted, fit
from calibration.choices.informed import Uninformed, uninformed
from calibration.choices.vector import Vector

__all__ = [
    "Count",
    "Expected",
    "Figures",
    "Fitted",
    "Ground",
    "Uninformed",
    "Vector",
    "counts_of",
    "expect_day",
    "figures_of",
    "fit",
    "uninformed",
]
