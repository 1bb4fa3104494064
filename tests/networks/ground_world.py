"""Small maps on terrains of known shape, for tests of the ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from shapely.geometry import Polygon, box
from small_towns import LAT, LON, STEP

from networks.coordinates.projection import Plane, utm_epsg
from networks.ground.grid import Grid
from networks.ground.terrain import Terrain
from networks.osm.extract import Extract, read_osm
from networks.sentence import say

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class World:
    """A map and its terrain; the map's axes are turned a little against those of the plane."""

    extract: Extract
    plane: Plane
    frame: Polygon
    terrain: Terrain
    axes: np.ndarray
    origin: np.ndarray

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A place of the map (m east and north of its origin) in the plane."""
        east, north = self.origin + self.axes @ np.array([x, y])
        return float(east), float(north)

    def at(self, values: np.ndarray, *places: tuple[float, float]) -> np.ndarray:
        """Values of a raster at places of the map (m)."""
        return self.terrain.grid.at(values, np.array([self.place(x, y) for x, y in places]))


def world(file: Path, height: Height, *, reach: float = 500.0, model: str = "surface", error_m: float = 0.1) -> World:
    """Read a map around (24.94, 60.17) and stand it on heights (m) of x, y along the map's axes, 100 to a step."""
    extract = read_osm(file)
    plane = Plane(extract.lonlat, utm_epsg(24.94, 60.17))
    origin = np.array(plane.point(LON, LAT))
    east, north = plane.point(LON + 2 * STEP, LAT), plane.point(LON, LAT + STEP)
    axes = np.column_stack([np.array(east) - origin, np.array(north) - origin]) / 100.0
    x0, y0 = origin
    frame = box(x0 - reach, y0 - reach, x0 + reach, y0 + reach)
    grid = Grid.over(frame)
    places = grid.centres()
    x, y = np.linalg.solve(axes, (places - origin).T)
    heights = height(x, y).reshape(grid.shape)
    surface = np.zeros(grid.shape, dtype=np.uint8)
    terrain = Terrain(
        np.round(heights, 3).astype(np.float32), surface, 5.0, grid.transform, error_m, False, say("test", "测试"),
        model=model, source_cell_m=5.0,
    )  # fmt: skip
    return World(extract, plane, frame, terrain, axes, origin)
