"""Evidence that adds up: one-sided CUSUM, and how often it cries wolf."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHIFT = 1.5
"""Shift of a score's mean that is looked for, standard deviations; half of it is the allowance."""


def cusum(scores: Floats, allowance: float = SHIFT / 2) -> Floats:
    """Page's cumulative sums of upward shifts, from 0 (..., T); a gap adds nothing and takes nothing.

    Source: Page 1954, Continuous inspection schemes, Biometrika 41, doi:10.1093/biomet/41.1-2.100.
    """
    total = np.zeros(scores.shape[:-1])
    out = np.zeros_like(scores)
    steps = np.where(np.isnan(scores), 0.0, scores - allowance)
    for at in range(scores.shape[-1]):
        total = np.maximum(0.0, total + steps[..., at])
        out[..., at] = total
    return out


def begun(sums: Floats, at: int) -> int:
    """The period after the last zero of one series (T) before `at`: when the shift began (Page's estimate)."""
    zeros = np.flatnonzero(sums[: at + 1] <= 0.0)
    return int(zeros[-1]) + 1 if len(zeros) else 0


def run_length(threshold: float, allowance: float = SHIFT / 2) -> float:
    """Periods until a CUSUM of independent standard normal scores passes a threshold by chance, on the mean.

    Source: Siegmund 1985, Sequential Analysis, section 2.6: (exp(2 k b) - 2 k b - 1) / (2 k^2), b = h + 1.166.
    """
    both = 2.0 * allowance * (threshold + 1.166)
    return (math.exp(both) - both - 1.0) / (2.0 * allowance**2)


def threshold_for(
    false_alarms_per_day: float, series: int, period_s: float, usual: Floats | None = None,
    allowance: float = SHIFT / 2,
) -> float:  # fmt: skip
    """The threshold that so many series pass so often by chance, all together.

    Args:
        false_alarms_per_day: Of the whole network.
        series: How many sums are watched.
        period_s: Length of a period.
        usual: Sums of days without incidents (N, series, T), or None. Real scores are neither normal nor independent:
            where the largest sum of each such day lies higher than chance would have it, the threshold does too; the
            tail beyond what was seen falls as fast as Siegmund's, exp(-2 k h).
        allowance: Of the sums.
    """
    periods = series * 86400.0 / period_s / false_alarms_per_day
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if run_length(middle, allowance) < periods else (low, middle)
    if usual is None or not usual.size:
        return high
    days = usual.max(axis=(1, 2))
    per_day = 86400.0 / (usual.shape[2] * period_s)
    median = float(np.median(days))
    beyond = math.log(max(1.0, math.log(2.0) * per_day / false_alarms_per_day))
    fall = max(_fall(days), 1.0 / (2.0 * allowance))
    return max(high, median + fall * beyond)


def _fall(days: Floats) -> float:
    """Scale of the exponential tail of days' largest sums (mean excess over their median)."""
    above = days[days > np.median(days)]
    return float((above - np.median(days)).mean()) if len(above) else 0.0
