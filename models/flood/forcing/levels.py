"""Water levels that are known in time: a tide, a river's stage, the level of a lake beside the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from models.flood.constants import LAND, WATER
from models.flood.forcing.series import Series, positive_s
from models.flood.surface.water import Water
from networks.errors import BadInput

Side = Literal["west", "east", "north", "south"]


class LevelBoundary:
    """Cells whose water is held at a level in time; a `Forcing`.

    At the begin of each piece of time their water is brought to the level, from outside or to outside, and booked as
    `NAME gives` and `NAME takes`: so the sea may flow into the city and back. Cells above the level are emptied. These
    cells are outside: no rain, soil or drain counts there, and open borders of the map are closed beside them, so
    that nothing leaves twice.

    Args:
        name: The ledger's bookings.
        cells: (k,) flat indices of land cells.
        level_m: The level in time (m, the terrain's zero).
        every_s: Longest piece of time (s).

    Raises:
        BadInput: No cells, or a piece of time that is not positive.
    """

    def __init__(self, name: str, cells: ArrayLike, level_m: Series, *, every_s: float = 5.0) -> None:
        self.name, self.every_s, self.level_m = name, positive_s(every_s), level_m
        self.cells = np.unique(np.asarray(cells, np.int64))
        if not self.cells.size:
            raise BadInput("a level without cells of land", place=name, expected="a side, a line or a sea of this map")
        self._begun = False

    def act(self, water: Water, begin_s: float, end_s: float) -> None:  # noqa: ARG002
        """Bring the cells' water to the level of `begin_s`."""
        if not self._begun:
            _set_outside(water, self.cells)
            self._begun = True
        ground, area = water.ground, water.cell_m**2
        bed = ground.bed_m.reshape(-1)[self.cells].astype(np.float64) + ground.datum_m
        more = np.maximum(self.level_m.at(begin_s) - bed, 0.0) - water.depth_m.reshape(-1)[self.cells]
        water.add(f"{self.name} gives", self.cells, np.maximum(more, 0) * area)
        water.take(f"{self.name} takes", self.cells, np.maximum(-more, 0) * area)


def side_cells(surface: np.ndarray, side: Side) -> np.ndarray:
    """Flat indices of the land cells along a side of the map.

    Args:
        surface: (rows, cols) 0 land, 1 sea, 2 building.
        side: West, east, north (row 0) or south.
    """
    flat = np.arange(surface.size).reshape(surface.shape)
    north_first = {"west": flat.T, "east": flat.T[::-1], "north": flat, "south": flat[::-1]}[side]
    along = np.sort(north_first[0])
    return along[surface.reshape(-1)[along] == LAND]


def sea_as_level(
    surface: np.ndarray, elevation_m: np.ndarray, level_m: Series, *, name: str = "sea", every_s: float = 5.0
) -> tuple[np.ndarray, np.ndarray, LevelBoundary]:
    """A sea that rises and falls in place of one that only takes water.

    Args:
        surface: (rows, cols) 0 land, 1 sea, 2 building.
        elevation_m: (rows, cols) terrain (m); where the map has the sea's surface instead of its bed, the sea is
            shallow there.
        level_m: Its level in time (m, the terrain's zero).
        name: The ledger's bookings.
        every_s: Longest piece of time (s).

    Returns:
        The surface with sea cells as land, the depth (m) at the begin, and the boundary that holds the level.

    Raises:
        BadInput: The map has no sea.
    """
    sea = np.asarray(surface) == WATER
    boundary = LevelBoundary(name, np.flatnonzero(sea), level_m, every_s=every_s)
    depth = np.where(sea, np.maximum(level_m.at(0.0) - np.asarray(elevation_m, np.float64), 0.0), 0.0)
    return np.where(sea, LAND, surface), depth, boundary


def _set_outside(water: Water, cells: np.ndarray) -> None:
    """No open border, rain, soil or drain at these cells; the ground may belong to other water too, so it is copied."""
    ground = water.ground
    rows, cols = ground.bed_m.shape
    row, col = cells // cols, cells % cols
    west, east, north, south = (face.copy() for face in ground.border)
    west[row[col == 0]] = 0
    east[row[col == cols - 1]] = 0
    north[col[row == 0]] = 0
    south[col[row == rows - 1]] = 0
    given = (ground.rain_share, ground.spill_share, ground.infiltration_mps, ground.drains_mps)
    share, spill, soil, drains = (one.copy() for one in given)
    dry = round(float(share[row, col].sum(dtype=np.float64)))
    for array in (share, spill, soil, drains):
        array[row, col] = 0
    water.ground = replace(
        ground,
        border=(west, east, north, south),
        rain_share=share,
        spill_share=spill,
        infiltration_mps=soil,
        drains_mps=drains,
        rained_cells=ground.rained_cells - dry,
    )
