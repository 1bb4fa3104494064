"""How fast people walk in a crowd.

Source: Weidmann, U. (1993), Transporttechnik der Fussgaenger, Schriftenreihe des IVT 90, ETH Zurich,
doi:10.3929/ethz-a-000687810: v = v0 (1 - exp(-1.913 (1/k - 1/5.4))), with v0 = 1.34 m/s on average.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FREE_SPEED_MPS = 1.34
"""Mean speed of people who walk freely (m/s); Weidmann (1993)."""
SHAPE_PM2 = 1.913
"""Shape of the curve (persons/m2); Weidmann (1993)."""
JAM_DENSITY_PM2 = 5.4
"""Density at which nobody moves any more (persons/m2); Weidmann (1993)."""
CAPACITY_PMS = 1.225
"""Largest flow through one metre of width (persons/m/s): the peak of the curve, at about 1.75 persons/m2.

Laboratory bottlenecks show 1.2-1.9 (Seyfried et al. 2009, doi:10.1287/trsc.1090.0263): it is on the cautious side."""
ROWS_PER_DENSITY = 512
"""Rows of the look-up table for each person/m2; linear in between, within 1e-5 of the formula."""


def weidmann_speed(
    density_pm2: npt.ArrayLike, free_speed_mps: npt.ArrayLike = FREE_SPEED_MPS, jam_density: float = JAM_DENSITY_PM2
) -> np.ndarray:
    """Walking speed (m/s) at a density (persons/m2): free at 0, nothing from `jam_density` on.

    Arrays broadcast. Source: Weidmann (1993), see the module.
    """
    density = np.asarray(density_pm2, dtype=float)
    with np.errstate(divide="ignore"):
        share = -np.expm1(-SHAPE_PM2 * (1.0 / np.maximum(density, 0.0) - 1.0 / jam_density))
    return np.asarray(np.asarray(free_speed_mps, dtype=float) * np.clip(share, 0.0, 1.0))


class SpeedTable(NamedTuple):
    """The curve as the kernels use it.

    Attributes:
        share: Share of the free speed left, at densities 0, 1/512, 2/512, ... persons/m2.
        critical_pm2: Density of the largest flow (persons/m2).
        peak: Largest value of density x share (persons/m2).
        jam_pm2: Density at which nobody moves (persons/m2).
    """

    share: np.ndarray
    critical_pm2: float
    peak: float
    jam_pm2: float


def speed_table(jam_density: float = JAM_DENSITY_PM2) -> SpeedTable:
    """Tabulate the curve, so that every kernel computes the same digits."""
    density = np.arange(int(np.ceil(jam_density * ROWS_PER_DENSITY)) + 2) / ROWS_PER_DENSITY
    share = weidmann_speed(density, 1.0, jam_density)
    top = int(np.argmax(density * share))
    return SpeedTable(share, float(density[top]), float(density[top] * share[top]), float(jam_density))
