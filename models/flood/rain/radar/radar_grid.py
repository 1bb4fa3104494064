"""The grid of a radar composite: projection, pixels, and where a place lies on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True)
class RadarGrid:
    """Rows from north to south, columns from west to east, in a map projection.

    Attributes:
        crs: The projection, as a PROJ string or any text that PROJ reads.
        left_m, top_m: Outer corner of the north-western pixel, in the projection (m).
        pixel_m: Width and height of a pixel (m), both positive.
        shape: Rows and columns.
    """

    crs: str
    left_m: float
    top_m: float
    pixel_m: tuple[float, float]
    shape: tuple[int, int]

    def pixels(self, lon: ArrayLike, lat: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Row and column, as fractions, of places (degrees, WGS 84); the first pixel's centre is (.5, .5)."""
        from pyproj import Transformer

        east, north = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True).transform(lon, lat)
        return self._of_metres(np.asarray(east), np.asarray(north))

    def pixels_of(self, crs: str, x_m: ArrayLike, y_m: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Row and column, as fractions, of places given in another projection (m)."""
        from pyproj import Transformer

        east, north = Transformer.from_crs(crs, self.crs, always_xy=True).transform(x_m, y_m)
        return self._of_metres(np.asarray(east), np.asarray(north))

    def places(self, row: ArrayLike, col: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Longitude and latitude (degrees, WGS 84) of rows and columns given as fractions."""
        from pyproj import Transformer

        east = self.left_m + np.asarray(col) * self.pixel_m[0]
        north = self.top_m - np.asarray(row) * self.pixel_m[1]
        lon, lat = Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True).transform(east, north)
        return np.asarray(lon), np.asarray(lat)

    def window(self, lon: float, lat: float, reach_m: float) -> tuple[slice, slice]:
        """The rows and columns within `reach_m` (m) of a place, as far as the grid goes.

        Raises:
            BadInput: The place is not on the grid.
        """
        row, col = (float(one) for one in self.pixels(lon, lat))
        if not (0 <= row < self.shape[0] and 0 <= col < self.shape[1]):
            raise BadInput(f"{lon:.4f}, {lat:.4f} is outside the radar's map", expected=self.told())
        tall, wide = (max(1, round(reach_m / size)) for size in (self.pixel_m[1], self.pixel_m[0]))
        first_row, first_col = int(row) - tall, int(col) - wide
        return (
            slice(max(0, first_row), min(self.shape[0], first_row + 2 * tall)),
            slice(max(0, first_col), min(self.shape[1], first_col + 2 * wide)),
        )

    def cut(self, window: tuple[slice, slice]) -> RadarGrid:
        """The grid of a window of rows and columns."""
        rows, cols = window
        return replace(
            self,
            left_m=self.left_m + cols.start * self.pixel_m[0],
            top_m=self.top_m - rows.start * self.pixel_m[1],
            shape=(rows.stop - rows.start, cols.stop - cols.start),
        )

    def told(self) -> str:
        """Its corners in degrees."""
        lon, lat = self.places([self.shape[0], 0], [0, self.shape[1]])
        return f"between {lon[0]:.2f} E {lat[0]:.2f} N and {lon[1]:.2f} E {lat[1]:.2f} N"

    def _of_metres(self, east: np.ndarray, north: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (self.top_m - north) / self.pixel_m[1], (east - self.left_m) / self.pixel_m[0]
