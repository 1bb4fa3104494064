"""Terrain: a raster of heights and surfaces, from a GeoTIFF or from spot heights with the coast at 0 m."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from scipy.interpolate import RBFInterpolator
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import Plane, own_proj
from networks.errors import BadMap
from networks.osm.extract import Extract
from networks.sentence import Sentence, say

CELL_M = 5.0
LAND, WATER, BUILDING = 0, 1, 2
_COAST_STEP_M = 40.0
_FEWEST = 8


@dataclass(frozen=True)
class Terrain:
    """Heights of the city.

    Attributes:
        elevation_m: (rows, columns) float32, row 0 is the northernmost; m above the sea or the model's datum.
        surface: (rows, columns) uint8: 0 land, 1 water, 2 building.
        cell_m: Side of a square cell, m.
        transform: Cell (column, row) -> metres in the city's plane; the upper left corner is (0, 0).
        rmse_m: Leave-one-out error at the spot heights, m; NaN where it was not measured.
        screening: True when good for relative susceptibility alone: no depth should be read as a promise.
        source: Where the heights come from, in both languages.
    """

    elevation_m: np.ndarray
    surface: np.ndarray
    cell_m: float
    transform: Affine
    rmse_m: float
    screening: bool
    source: Sentence


@dataclass(frozen=True)
class Grid:
    """A raster's place: upper left corner (m), rows, columns."""

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
        return Affine(CELL_M, 0.0, self.left, 0.0, -CELL_M, self.top)

    def centres(self) -> np.ndarray:
        """(rows * columns, 2) cell centres, m."""
        x = self.left + (np.arange(self.columns) + 0.5) * CELL_M
        y = self.top - (np.arange(self.rows) + 0.5) * CELL_M
        grid_x, grid_y = np.meshgrid(x, y)
        return np.column_stack([grid_x.ravel(), grid_y.ravel()])


def spot_heights(extract: Extract, plane: Plane, frame: Polygon) -> np.ndarray:
    """(n, 3) x, y, height (m) of nodes with a plain `ele` on the ground, in file order.

    Roofs, towers and objects on bridges or above the ground (`layer`, `building`, `man_made=tower|mast`) are left out.
    """
    found = []
    west, south, east, north = frame.bounds
    for node in extract.nodes:
        text = node.tags.get("ele", "").replace(",", ".").removesuffix("m").strip()
        raised = "building" in node.tags or node.tags.get("layer", "0") not in ("0", "")
        raised = raised or node.tags.get("man_made") in ("tower", "mast", "crane", "chimney")
        try:
            height = float(text)
        except ValueError:
            continue
        x, y = plane.xy[node.osm_id]
        if not raised and -430 < height < 8900 and west - 200 <= x <= east + 200 and south - 200 <= y <= north + 200:
            found.append((x, y, height))
    return np.array(found, dtype=float).reshape(-1, 3)


def coast_heights(lines: list[LineString], frame: Polygon) -> np.ndarray:
    """(n, 3) points every 40 m along the coast, height 0 m."""
    points = []
    for line in lines:
        near = line.intersection(frame.buffer(100.0))
        for part in getattr(near, "geoms", [near]):
            for along in np.arange(0.0, part.length, _COAST_STEP_M):
                point = part.interpolate(along)
                points.append((round(point.x, 3), round(point.y, 3), 0.0))
    return np.array(points, dtype=float).reshape(-1, 3)


def _surface(known: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Linear radial basis functions with a little smoothing, held within the range of the known heights.

    Source: Hardy 1971, doi:10.1029/JB076i008p01905 (multiquadrics; here their linear limit).
    """
    _, first = np.unique(np.round(known[:, :2], 1), axis=0, return_index=True)
    known = known[np.sort(first)]
    centre = known[:, :2].mean(axis=0)
    fit = RBFInterpolator((known[:, :2] - centre) / 100.0, known[:, 2], kernel="linear", smoothing=0.05)
    values = np.concatenate([fit((part - centre) / 100.0) for part in np.array_split(at, max(1, len(at) // 20000))])
    return np.clip(values, known[:, 2].min(), known[:, 2].max())


def leave_one_out_rmse(spots: np.ndarray, coast: np.ndarray) -> float:
    """Root mean square error (m) at each spot height when it is left out; the coast stays in."""
    errors = []
    for i in range(len(spots)):
        rest = np.vstack([np.delete(spots, i, axis=0), coast])
        errors.append(_surface(rest, spots[i : i + 1, :2])[0] - spots[i, 2])
    return float(np.sqrt(np.mean(np.square(errors))))


def interpolated_terrain(
    spots: np.ndarray,
    coast: np.ndarray,
    grid: Grid,
    *,
    water: list[BaseGeometry],
    sea: list[BaseGeometry],
    buildings: list[BaseGeometry],
) -> Terrain | None:
    """Heights from spot heights and the coast; None when there are fewer than eight spot heights."""
    if len(spots) < _FEWEST:
        return None
    heights = _surface(np.vstack([spots, coast]), grid.centres()).reshape(grid.rows, grid.columns)
    surface = _classes(grid, water, buildings)
    if sea:
        heights[_burn(grid, sea)] = 0.0
    source = say(
        f"interpolated from {len(spots)} spot heights" + (", the coast at 0 m" if len(coast) else ""),
        f"由{len(spots)}个高程点插值" + ("，海岸线取0米" if len(coast) else ""),
    )
    rmse = leave_one_out_rmse(spots, coast)
    heights32 = np.round(heights, 3).astype(np.float32)
    return Terrain(heights32, surface, CELL_M, grid.transform, round(rmse, 3), True, source)


def dem_terrain(
    dem: Path,
    grid: Grid,
    epsg: str,
    *,
    water: list[BaseGeometry],
    sea: list[BaseGeometry],
    buildings: list[BaseGeometry],
    spots: np.ndarray,
) -> Terrain:
    """Heights of a GeoTIFF, brought to the city's plane and 5 m cells; holes on land take the nearest height.

    Finer rasters are averaged, coarser ones interpolated (bilinear). The sea is at 0 m or what lower height the raster
    says. `rmse_m` compares it with the map's spot heights where there are at least eight.

    Raises:
        BadMap: It is not a raster, has no coordinate system, or covers less than half of the city's land.
    """
    heights, cell = _resampled(dem, grid, epsg)
    at_sea = _burn(grid, sea)
    heights[at_sea] = np.fmin(heights[at_sea], 0.0)
    holes = ~np.isfinite(heights)
    missing = holes.sum() / max(1, (~at_sea).sum())
    if missing > 0.5:
        raise BadMap(
            f"the terrain covers only {1 - missing:.0%} of the city",
            file=dem,
            expected="heights for at least half of the map",
            remedy="give a terrain of the same area as the map",
        )
    source = say(
        f"{dem.name}, resampled from about {cell:.0f} m cells to {CELL_M:.0f} m",
        f"{dem.name}，由约{cell:.0f}米栅格重采样为{CELL_M:.0f}米",
    )
    if holes.any():
        heights = _filled(heights, holes)
        source["en"] += f", {missing:.1%} of the land filled from the nearest height"
        source["zh"] += f"，其中{missing:.1%}的陆地以最近高程填补"
    rmse = _error_at(heights, grid, spots) if len(spots) >= _FEWEST else float("nan")
    return Terrain(heights, _classes(grid, water, buildings), CELL_M, grid.transform, rmse, cell > CELL_M, source)


def _resampled(dem: Path, grid: Grid, epsg: str) -> tuple[np.ndarray, float]:
    """Heights on the grid, NaN where there are none, and the side of the raster's cells (m)."""
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    heights = np.full((grid.rows, grid.columns), np.nan, dtype=np.float32)
    try:
        with own_proj(), rasterio.open(dem) as raster:
            if raster.crs is None:
                raise BadMap("the terrain has no coordinate system", file=dem, expected="a georeferenced GeoTIFF")
            cell = abs(raster.transform.a) * (111_000.0 if raster.crs.is_geographic else 1.0)
            reproject(
                rasterio.band(raster, 1),
                heights,
                dst_transform=grid.transform,
                dst_crs=epsg,
                dst_nodata=np.nan,
                resampling=Resampling.average if cell < CELL_M / 2 else Resampling.bilinear,
            )
    except rasterio.errors.RasterioError as error:
        raise BadMap(
            f"the terrain cannot be read: {error}", file=dem, expected="a GeoTIFF of heights in metres"
        ) from error
    return heights, cell


def _filled(heights: np.ndarray, holes: np.ndarray) -> np.ndarray:
    from scipy.ndimage import distance_transform_edt

    nearest = distance_transform_edt(holes, return_distances=False, return_indices=True)
    return heights[tuple(nearest)]


def _error_at(heights: np.ndarray, grid: Grid, spots: np.ndarray) -> float:
    columns = ((spots[:, 0] - grid.left) // CELL_M).astype(int)
    rows = ((grid.top - spots[:, 1]) // CELL_M).astype(int)
    inside = (columns >= 0) & (columns < grid.columns) & (rows >= 0) & (rows < grid.rows)
    errors = heights[rows[inside], columns[inside]] - spots[inside, 2]
    return round(float(np.sqrt(np.mean(errors**2))), 3) if inside.any() else float("nan")


def _burn(grid: Grid, shapes: list[BaseGeometry]) -> np.ndarray:
    from rasterio.features import rasterize

    size = (grid.rows, grid.columns)
    if not shapes:
        return np.zeros(size, dtype=bool)
    return rasterize(((s, 1) for s in shapes), out_shape=size, transform=grid.transform, dtype="uint8").astype(bool)


def _classes(grid: Grid, water: list[BaseGeometry], buildings: list[BaseGeometry]) -> np.ndarray:
    surface = np.zeros((grid.rows, grid.columns), dtype=np.uint8)
    surface[_burn(grid, water)] = WATER
    surface[_burn(grid, buildings)] = BUILDING
    return surface


def write_terrain(terrain: Terrain, epsg: str, file: Path) -> None:
    """Two bands, elevation_m and surface, as a GeoTIFF."""
    import rasterio

    rows, columns = terrain.elevation_m.shape
    profile = {"driver": "GTiff", "height": rows, "width": columns, "count": 2, "dtype": "float32", "crs": epsg}
    profile |= {"transform": terrain.transform, "compress": "deflate"}
    with own_proj(), rasterio.open(file, "w", **profile) as raster:
        raster.write(terrain.elevation_m, 1)
        raster.write(terrain.surface.astype(np.float32), 2)
        raster.set_band_description(1, "elevation_m")
        raster.set_band_description(2, "surface")


def read_terrain(file: Path, *, rmse_m: float, screening: bool, source: Sentence) -> Terrain:
    """Read what `write_terrain` wrote."""
    import rasterio

    with own_proj(), rasterio.open(file) as raster:
        heights, surface = raster.read(1), raster.read(2).astype(np.uint8)
        return Terrain(heights, surface, abs(raster.transform.a), raster.transform, rmse_m, screening, source)
