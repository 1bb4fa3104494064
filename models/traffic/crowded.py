"""Vehicles among people who have no room beside the road: a declared rule.

Beyond the density at which the ways along a road carry most, people take the road, and vehicles, ambulances too, go at
the pace of the crowd (Weidmann 1993, see `models.crowd.speed`), never slower than `LEAST_MPS`, since people make way.
The rule and its least speed are assumptions; no measurements of vehicles in crowds were found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.crowd.speed import weidmann_speed
from models.traffic.crossings import SIGMA

OVERFLOW_PM2 = 1.75
"""Density of the largest flow of Weidmann's curve (persons/m2)."""
LEAST_MPS = 0.3


def crowded_limit_mps(density_pm2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Speed limit (m/s) under which drivers, who dawdle, go at the pace of people as dense as this beside a road.

    Infinite where people have room there.
    """
    density = np.asarray(density_pm2, dtype=np.float64)
    pace = np.maximum(weidmann_speed(density), LEAST_MPS)
    return np.where(density > OVERFLOW_PM2, pace / (1.0 - SIGMA / 2.0), np.inf)
