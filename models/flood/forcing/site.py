"""Where structures stand: points and lines in degrees become cells of a terrain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from models.flood.constants import LAND
from networks.errors import BadInput

Point = tuple[float, float]


@dataclass(frozen=True)
class Site:
    """A terrain's cells on the map.

    Attributes:
        elevation_m: (rows, cols) heights (m), row 0 north.
        surface: (rows, cols) 0 land, 1 sea, 2 building.
        cell_m: Size of a cell (m).
        crs: The plane's projection, e.g. `EPSG:32635`; "" where points are given in the plane's metres already.
        transform: The affine transform: columns and rows to metres.
    """

    elevation_m: np.ndarray
    surface: np.ndarray
    cell_m: float
    crs: str
    transform: Any

    def cell(self, point: Point) -> int:
        """The flat index of the land cell that holds a point (longitude, latitude).

        Raises:
            BadInput: It lies outside the terrain, in the sea or in a building.
        """
        row, col = self._row_col(point)
        told = f"{point[0]:g}, {point[1]:g}"
        rows, cols = self.surface.shape
        if not (0 <= row < rows and 0 <= col < cols):
            raise BadInput(
                f"{told} lies outside the city's terrain",
                expected=f"a place within {rows * self.cell_m:.0f} by {cols * self.cell_m:.0f} m of terrain",
                remedy="check the order: longitude first, then latitude",
            )
        if self.surface[row, col] != LAND:
            what = "in the sea" if self.surface[row, col] == 1 else "in a building"
            raise BadInput(f"{told} lies {what}", expected="a place on open land", remedy="move it by a cell or two")
        return row * cols + col

    def height_m(self, point: Point) -> float:
        """The terrain's height (m) at a point; raises as `cell` does."""
        return float(self.elevation_m.reshape(-1)[self.cell(point)])

    def along(self, line: Sequence[Point]) -> np.ndarray:
        """Flat indices of the land cells along a line, each beside the next by a side.

        Raises:
            BadInput: A corner of it lies outside the terrain, or it meets no land.
        """
        path = [np.array(self._plane(point)) for point in line]
        found: list[tuple[int, int]] = []
        for begin, end in pairwise(path):
            steps = max(1, int(np.ceil(np.hypot(*(end - begin)) / self.cell_m * 4)))
            for share in np.arange(steps + 1) / steps:
                row, col = self._index(*(begin + share * (end - begin)))
                if found and row != found[-1][0] and col != found[-1][1]:
                    found.append((row, found[-1][1]))
                found.append((row, col))
        rows, cols = self.surface.shape
        if any(not (0 <= row < rows and 0 <= col < cols) for row, col in found):
            raise BadInput("the line leaves the city's terrain", expected="corners and lines within the terrain")
        cells = np.unique([row * cols + col for row, col in found])
        cells = cells[self.surface.reshape(-1)[cells] == LAND]
        if not cells.size:
            raise BadInput("the line meets no open land", expected="a line over land")
        return cells

    @cached_property
    def _to_plane(self) -> Any:
        from pyproj import Transformer

        return Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    def _plane(self, point: Point) -> tuple[float, float]:
        if not self.crs:
            return float(point[0]), float(point[1])
        x, y = self._to_plane.transform(*point)
        return float(x), float(y)

    def _row_col(self, point: Point) -> tuple[int, int]:
        return self._index(*self._plane(point))

    def _index(self, x: float, y: float) -> tuple[int, int]:
        if not (np.isfinite(x) and np.isfinite(y)):
            return -1, -1
        back = ~self.transform
        col, row = back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f
        return int(np.floor(row)), int(np.floor(col))
