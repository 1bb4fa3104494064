"""Who stands out of a crowd of which a minority lies: robust scores with a stated rate of false alarms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TIDES = 5.0
"""Degrees of freedom of Student's t that honest sensors are held to have where no earlier day tells their own shape."""

DAYS = 10.0
"""The same for how much a street differs from one day to the next."""
WILD = 3.0
"""The same where sensors differ most in their nature: how much their counts jump."""


def robust_scores(sizes: Floats, errors: Floats) -> Floats:
    """(size - median) over its standard deviation, for each (S); NaN stays.

    The variance is the sensor's own error and what honest sensors differ by beyond their errors: the crowd's, from the
    median distance to the median (times 1.4826), less the usual error. Sources: Rousseeuw & Croux 1993 (MAD);
    DerSimonian & Laird 1986 (variance between); Efron 2004, doi:10.1198/016214504000000089 (empirical null).

    Args:
        sizes: What was measured of each sensor (S).
        errors: Its standard error by chance alone (S).
    """
    known = ~np.isnan(sizes) & ~np.isnan(errors)
    if known.sum() < 5:
        return np.full_like(sizes, np.nan)
    middle = float(np.median(sizes[known]))
    crowd = (1.4826 * float(np.median(np.abs(sizes[known] - middle)))) ** 2
    between = max(0.0, crowd - float(np.median(errors[known] ** 2)))
    return (sizes - middle) / np.sqrt(between + errors**2 + 1e-12)


def threshold(false_alarms: float, freedom: float | None = None) -> float:
    """The score that a share of honest sensors exceeds by chance on either side: normal, or Student's t."""
    from scipy.stats import norm, t

    return float(norm.isf(false_alarms / 2) if freedom is None else t.isf(false_alarms / 2, freedom))
