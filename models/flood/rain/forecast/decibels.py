"""Rain on a logarithmic scale, on which nowcasts work."""

from __future__ import annotations

import numpy as np

WET_MM_H = 0.1
"""Rain below this (mm/h) counts as dry: about what a radar can tell from nothing."""
DRY_DB = -15.0
"""What a dry pixel is on the scale (dB): a little below the least rain, -10 dB, so that wet and dry stand apart."""


def to_db(rain_mm_h: np.ndarray) -> np.ndarray:
    """`10 lg R` of rain (mm/h); dry pixels are `DRY_DB`, NaN stays NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rain_mm_h < WET_MM_H, DRY_DB, 10 * np.log10(rain_mm_h))


def from_db(level_db: np.ndarray) -> np.ndarray:
    """Rain (mm/h) of the scale; below `WET_MM_H` it is 0, NaN stays NaN."""
    rain = 10 ** (level_db / 10)
    return np.where(rain < WET_MM_H * (1 - 1e-6), 0.0, rain)
