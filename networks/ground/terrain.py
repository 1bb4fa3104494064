"""The terrain: heights and surfaces of a city as a raster, with their error and what they may be used for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import own_proj
from networks.ground.grid import Grid
from networks.ground.vertical_error import VerticalError
from networks.sentence import Sentence, say

LAND, WATER, BUILDING = 0, 1, 2
MODELS = ("terrain", "surface", "unknown")
"""What the heights are of: the bare ground (DTM), the top of roofs, decks and trees (DSM), or nobody says."""


@dataclass(frozen=True)
class Terrain:
    """Heights of the city.

    Attributes:
        elevation_m: (rows, columns) float32, row 0 is the northernmost; m above the sea or the model's datum. Decks are
            lifted off, low roads are burned in.
        surface: (rows, columns) uint8: 0 land, 1 water, 2 building.
        cell_m: Side of a square cell, m.
        transform: Cell (column, row) -> metres in the city's plane; the upper left corner is (0, 0).
        vertical_error_m: Root mean square error of the heights, m; NaN where nobody knows it.
        screening: True when good for relative susceptibility alone: no depth in centimetres, no closure by depth.
        source: Where the heights come from, in both languages.
        model: One of MODELS.
        error_source: Where the error comes from, in both languages.
        source_cell_m: Side of the cells that the heights come from, m; 0 for points.
        low_road: (rows, columns) bool: cells burned in below others; only the roads of an underpass see their water.
    """

    elevation_m: np.ndarray
    surface: np.ndarray
    cell_m: float
    transform: Affine
    vertical_error_m: float
    screening: bool
    source: Sentence
    model: str = "unknown"
    error_source: Sentence = field(default_factory=lambda: say("not known", "未知"))
    source_cell_m: float = 0.0
    low_road: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    def __post_init__(self) -> None:
        if self.low_road.shape != self.elevation_m.shape:
            object.__setattr__(self, "low_road", np.zeros(self.elevation_m.shape, dtype=bool))

    @property
    def grid(self) -> Grid:
        """Where its cells lie."""
        rows, columns = self.elevation_m.shape
        return Grid(float(self.transform.c), float(self.transform.f), rows, columns)

    def changed(self, **fields: Any) -> Terrain:
        """This terrain with other fields."""
        return replace(self, **fields)


def make_terrain(
    heights: np.ndarray,
    grid: Grid,
    error: VerticalError,
    *,
    source: Sentence,
    source_cell_m: float,
    water: list[BaseGeometry],
    buildings: list[BaseGeometry],
) -> Terrain:
    """A terrain of heights (m) on a grid, rounded to the millimetre, with the surface classes of the map."""
    surface = np.zeros(grid.shape, dtype=np.uint8)
    surface[grid.covered(water)] = WATER
    surface[grid.covered(buildings)] = BUILDING
    return Terrain(
        elevation_m=np.round(heights, 3).astype(np.float32),
        surface=surface,
        cell_m=5.0,
        transform=grid.transform,
        vertical_error_m=error.rmse_m,
        screening=error.screening(source_cell_m),
        source=source,
        model=error.model,
        error_source=error.source,
        source_cell_m=round(source_cell_m, 2),
    )


def write_terrain(terrain: Terrain, epsg: str, file: Path) -> None:
    """Three bands, elevation_m, surface and low_road, as a GeoTIFF."""
    import rasterio

    rows, columns = terrain.elevation_m.shape
    profile = {"driver": "GTiff", "height": rows, "width": columns, "count": 3, "dtype": "float32", "crs": epsg}
    profile |= {"transform": terrain.transform, "compress": "deflate"}
    with own_proj(), rasterio.open(file, "w", **profile) as raster:
        for band, (name, values) in enumerate(
            (("elevation_m", terrain.elevation_m), ("surface", terrain.surface), ("low_road", terrain.low_road)), 1
        ):
            raster.write(values.astype(np.float32), band)
            raster.set_band_description(band, name)


def read_terrain(file: Path, stated: dict[str, Any]) -> Terrain:
    """Read what `write_terrain` wrote; `stated` is what `terrain_facts` said of it (a city's manifest keeps it)."""
    import rasterio

    with own_proj(), rasterio.open(file) as raster:
        heights, surface = raster.read(1), raster.read(2).astype(np.uint8)
        low = raster.read(3).astype(bool) if raster.count > 2 else np.zeros(heights.shape, dtype=bool)
        cell, transform = abs(raster.transform.a), raster.transform
    error = stated.get("vertical_error_m", stated.get("rmse_m"))
    return Terrain(
        elevation_m=heights,
        surface=surface,
        cell_m=cell,
        transform=transform,
        vertical_error_m=float("nan") if error is None else error,
        screening=stated["screening"],
        source=stated["source"],
        model=stated.get("model", "unknown"),
        error_source=stated.get("error_source", say("not known", "未知")),
        source_cell_m=stated.get("source_cell_m", 0.0),
        low_road=low,
    )


def terrain_facts(terrain: Terrain) -> dict[str, Any]:
    """What the manifest says of a terrain; a vertical error that nobody knows is None."""
    known = terrain.vertical_error_m == terrain.vertical_error_m
    return {
        "source": terrain.source,
        "model": terrain.model,
        "vertical_error_m": terrain.vertical_error_m if known else None,
        "error_source": terrain.error_source,
        "screening": terrain.screening,
        "cell_m": terrain.cell_m,
        "source_cell_m": terrain.source_cell_m,
    }
