"""What is measured: cases as arrays that every solver reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from models.flood import chicago_storm

NOTHING = np.zeros(0)
Case = Mapping[str, Any]


def wet_cells(size: int = 1000, duration_s: float = 60.0) -> Case:
    """A square of cells cells under 1 m of water over uneven ground."""
    bed = np.random.default_rng(0).random((size, size)) * 0.1
    return _case(bed, 0.03, duration_s, duration_s, initial_depth_m=1.0)


def ea_test_4() -> Case:
    """EA Test 4 at 5 m: an inflow at the border of a flat field, five hours."""
    flow = {"inflow_times_s": np.array([0, 300, 3600, 14400, 18000.0]), "inflow_m3s": np.array([0, 0, 20, 20, 0.0])}
    cells = np.array([[198 + n, 0] for n in range(4)])
    return _case(np.zeros((400, 200)), 0.05, 18000.0, 60.0, inflow_cells=cells, **flow)


def storm(rows: int = 340, cols: int = 206, duration_s: float = 5400.0) -> Case:
    """50 mm in an hour over hills of cells of 5 m."""
    noise = np.random.default_rng(1).normal(size=(2, rows, cols))
    hills, bumps = gaussian_filter(noise[0], 20), gaussian_filter(noise[1], 2)
    rain = chicago_storm(depth_mm=50, duration_s=3600, source="benchmark")
    falls = {"rain_times_s": rain.times_s, "rain_mm_h": np.asarray(rain.intensity_mm_h)}
    return _case(8 + hills / hills.std() * 4 + bumps * 2, 0.03, duration_s, 300.0, **falls)


def _case(elevation_m: np.ndarray, manning: float, duration_s: float, every_s: float, **more: Any) -> Case:
    empty = {"rain_times_s": NOTHING, "rain_mm_h": NOTHING, "inflow_times_s": NOTHING, "inflow_m3s": NOTHING}
    still = {"inflow_cells": np.zeros((0, 2), int), "initial_depth_m": 0.0, "cell_m": 5.0}
    own = {"elevation_m": elevation_m, "manning": manning, "duration_s": duration_s, "every_s": every_s}
    return {**empty, **still, **own, **more}
