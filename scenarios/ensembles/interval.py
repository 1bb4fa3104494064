"""Means of members with their interval, by the standard library alone: a look-up must not wait for SciPy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

CONFIDENCE = 0.9


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Mean, and the two ends of its interval by Student's t; the ends are NaN for a single value.

    Args:
        values: One for each member, at least one.
        confidence: Of the two-sided interval.
    """
    mean = fmean(values)
    if len(values) < 2:
        return mean, math.nan, math.nan
    half = student_t(0.5 + confidence / 2.0, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def student_t(probability: float, degrees: int) -> float:
    """Quantile of Student's t, to 1e-6.

    Source: bisection of the closed forms of its distribution for whole degrees of freedom, Abramowitz and Stegun
    (1964), 26.7.3 and 26.7.4.
    """
    if probability < 0.5:
        return -student_t(1.0 - probability, degrees)
    low, high = 0.0, 10.0 * (1.0 + NormalDist().inv_cdf(min(probability, 1.0 - 1e-9)))
    while _within(high, degrees) < 2.0 * probability - 1.0:
        high *= 2.0
    while high - low > 1e-7 * (1.0 + low):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _within(middle, degrees) < 2.0 * probability - 1.0 else (low, middle)
    return (low + high) / 2.0


def _within(t: float, degrees: int) -> float:
    """Probability that |T| < t."""
    angle = math.atan2(t, math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2 == 1
    term, total = (cosine, cosine if degrees > 1 else 0.0) if odd else (1.0, 1.0)
    for k in range(3 if odd else 2, degrees - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    return 2.0 / math.pi * (angle + sine * total) if odd else sine * total
