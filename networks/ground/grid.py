"""The raster of a city: where its cells lie, and which of them a shape covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from affine import Affine
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

CELL_M = 5.0


@dataclass(frozen=True)
class Grid:
    """A raster's place: upper left corner (m), rows, columns; square cells of `CELL_M`, row 0 in the north."""

    left: float
    top: float
    rows: int
    columns: int

    @classmethod
    def over(cls, frame: Polygon) -> Grid:
        """The grid of 5 m cells that covers a frame, its corners at multiples of the cell."""
        low_x, low_y, high_x, high_y = frame.bounds
        left, top = np.floor(low_x / CELL_M) * CELL_M, np.ceil(high_y / CELL_M) * CELL_M
        columns, rows = int(np.ceil((high_x - left) / CELL_M)), int(np.ceil((top - low_y) / CELL_M))
        return cls(float(left), float(top), rows, columns)

    @property
    def transform(self) -> Affine:
        """Cell (column, row) -> metres."""
        return Affine(CELL_M, 0.0, self.left, 0.0, -CELL_M, self.top)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.rows, self.columns

    def centres(self) -> np.ndarray:
        """(rows * columns, 2) cell centres, m."""
        x = self.left + (np.arange(self.columns) + 0.5) * CELL_M
        y = self.top - (np.arange(self.rows) + 0.5) * CELL_M
        grid_x, grid_y = np.meshgrid(x, y)
        return np.column_stack([grid_x.ravel(), grid_y.ravel()])

    def cells(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows and columns of (n, 2) points (m), held within the raster, and whether each point lies inside it."""
        columns = np.floor((points[:, 0] - self.left) / CELL_M).astype(int)
        rows = np.floor((self.top - points[:, 1]) / CELL_M).astype(int)
        inside = (columns >= 0) & (columns < self.columns) & (rows >= 0) & (rows < self.rows)
        return np.clip(rows, 0, self.rows - 1), np.clip(columns, 0, self.columns - 1), inside

    def at(self, values: np.ndarray, points: np.ndarray) -> np.ndarray:
        """Values of a raster at (n, 2) points (m), those outside at the nearest border cell."""
        rows, columns, _ = self.cells(points)
        return values[rows, columns]

    def across(self, values: np.ndarray, points: np.ndarray, off_m: float) -> np.ndarray:
        """(3, n) values of a raster along a path: at (n, 2) points (m), and at a distance (m) to its right and left."""
        step = np.gradient(points, axis=0)
        length = np.maximum(np.hypot(*step.T), 1e-9)
        off = np.column_stack([-step[:, 1], step[:, 0]]) / length[:, None] * off_m
        return np.array([self.at(values, places) for places in (points, points - off, points + off)])

    def window(self, bounds: tuple[float, float, float, float], margin_m: float) -> tuple[slice, slice, Grid] | None:
        """Rows, columns and grid of the cells within a box (m) and a margin; None when it lies outside."""
        low_x, low_y, high_x, high_y = bounds
        first = max(0, int(np.floor((low_x - margin_m - self.left) / CELL_M)))
        last = min(self.columns, int(np.ceil((high_x + margin_m - self.left) / CELL_M)))
        top = max(0, int(np.floor((self.top - high_y - margin_m) / CELL_M)))
        bottom = min(self.rows, int(np.ceil((self.top - low_y + margin_m) / CELL_M)))
        if first >= last or top >= bottom:
            return None
        part = Grid(self.left + first * CELL_M, self.top - top * CELL_M, bottom - top, last - first)
        return slice(top, bottom), slice(first, last), part

    def covered(self, shapes: Sequence[BaseGeometry], *, touched: bool = False) -> np.ndarray:
        """(rows, columns) bool: cells whose centre lies in one of the shapes, or with `touched` any part of them."""
        from rasterio.features import rasterize

        shapes = [shape for shape in shapes if not shape.is_empty]
        if not shapes:
            return np.zeros(self.shape, dtype=bool)
        burnt = rasterize(
            ((shape, 1) for shape in shapes),
            out_shape=self.shape,
            transform=self.transform,
            dtype="uint8",
            all_touched=touched,
        )
        return burnt.astype(bool)
