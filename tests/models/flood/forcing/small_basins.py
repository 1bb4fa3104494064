"""Small grounds for tests of structures: basins behind walls, still water."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from models.flood import Forcing, Water
from models.flood.constants import BUILDING
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics

CELL_M = 5.0
AREA_M2 = CELL_M**2


def two_basins(left_m: float, right_m: float, dtype: Any = np.float64) -> Water:
    """Two cells, 0 and 2, with a building between, holding water of these depths over a bed at 10 m."""
    surface = np.array([[0, BUILDING, 0]])
    return still(np.full((1, 3), 10.0), [[left_m, 0.0, right_m]], surface=surface, dtype=dtype)


def still(bed: np.ndarray, depth_m: ArrayLike = 0.0, dtype: Any = np.float64, **given: Any) -> Water:
    """Water at rest over a bed, with walls around."""
    ground = prepare_ground(bed, CELL_M, border=given.pop("border", "closed"), dtype=dtype, **given)
    return Water(ground, CELL_M, Numerics(dtype=dtype), depth_m)


def run(water: Water, forcing: Forcing, until_s: float, every_s: float | None = None) -> None:
    """Let a forcing act and the water run, piece by piece."""
    piece = every_s or forcing.every_s
    while water.time_s < until_s - 1e-9:
        end = min(water.time_s + piece, until_s)
        forcing.act(water, water.time_s, end)
        water.advance(end)
