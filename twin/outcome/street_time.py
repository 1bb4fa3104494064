"""What the street itself says: the time that vehicles take past its sensors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

MEASURE, UNIT = "time past the sensors", "s per vehicle"


def past_sensors(
    vehicles: NDArray[np.float64], speeds_mps: NDArray[np.float64], length_m: NDArray[np.float64]
) -> float:
    """Mean time that a vehicle takes for the streets that sensors watch, s; NaN where nothing was counted.

    Args:
        vehicles: Counts by sensor and period (S, T); NaN gaps.
        speeds_mps: Harmonic mean speeds (S, T); a period without one is left out.
        length_m: Length of the street that each watches (S).

    Each vehicle counts alike. Where an action sends vehicles from one watched street to another, longer one, that
    shows as time, too.
    """
    known = np.isfinite(vehicles) & np.isfinite(speeds_mps) & (speeds_mps > 0) & (vehicles > 0)
    if not known.any():
        return math.nan
    taken_s = length_m[:, None] / np.where(known, speeds_mps, 1.0)
    return float(np.sum(np.where(known, vehicles * taken_s, 0.0)) / np.sum(np.where(known, vehicles, 0.0)))
