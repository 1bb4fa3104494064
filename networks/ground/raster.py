"""Heights from GeoTIFFs of any coordinate system, on the city's grid, with their faults found or mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import own_proj
from networks.errors import BadMap
from networks.ground.grid import CELL_M, Grid
from networks.ground.terrain import Terrain, make_terrain
from networks.ground.vertical_error import error_of
from networks.repairs import Repair
from networks.sentence import Sentence, say

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Heights of the Earth's land: the shore of the Dead Sea lies near -430 m, the highest peak at 8849 m."""
_UNITS_M = {"metre": 1.0, "meter": 1.0, "m": 1.0, "metres": 1.0, "meters": 1.0, "foot": 0.3048, "feet": 0.3048}
_UNITS_M |= {"ft": 0.3048, "us survey foot": 1200 / 3937, "ftus": 1200 / 3937, "us-ft": 1200 / 3937}
_UNITS_M |= {"centimetre": 0.01, "cm": 0.01, "decimetre": 0.1, "dm": 0.1, "millimetre": 0.001, "mm": 0.001}
_EXPECTED = "a GeoTIFF of heights in metres"


@dataclass(frozen=True)
class Heights:
    """Heights on a grid.

    Attributes:
        values: (rows, columns) float32, m; NaN where there are none.
        cell_m: Side of the raster's own cells, m.
        unit: How the raster's unit was read: "m", or the unit's name when it was converted.
        odd_cells: How many of the raster's own cells near the city held an impossible height.
    """

    values: np.ndarray
    cell_m: float
    unit: str
    odd_cells: int


def dem_terrain(
    dems: Path | Sequence[Path],
    grid: Grid,
    epsg: str,
    *,
    water: list[BaseGeometry],
    sea: list[BaseGeometry],
    buildings: list[BaseGeometry],
    spots: np.ndarray,
    name: str | None = None,
    stated_error_m: float | None = None,
    stated_model: str | None = None,
    outside_m: float = np.nan,
) -> tuple[Terrain, list[Repair], float]:
    """Heights of one GeoTIFF or of several side by side, brought to the city's plane and 5 m cells.

    Finer rasters are averaged, coarser ones interpolated (bilinear). The sea is at 0 m or what lower height the raster
    says. Holes on land take the nearest height, heights in feet or centimetres are converted where the raster says so:
    both are repairs.

    Args:
        dems: The rasters; their first band counts.
        grid: The city's cells.
        epsg: The city's plane.
        water: Shapes of all water, m.
        sea: Shapes of the sea, m.
        buildings: Shapes of buildings, m.
        spots: (n, 3) spot heights, m, by which the terrain is judged.
        name: What the source is called; the file's name by default.
        stated_error_m: Root mean square error (m) as its owner states it.
        stated_model: `terrain` or `surface` as its owner states it.
        outside_m: Height where no raster reaches, e.g. 0 where missing tiles are sea; NaN makes it a hole.

    Returns:
        The terrain, what was repaired, and the share of the land without a height.

    Raises:
        BadMap: A file is no raster, is cut off, has no coordinate system, holds no heights, or all together cover less
            than half of the city's land.
    """
    files = [dems] if isinstance(dems, Path) else list(dems)
    parts = [read_heights(file, grid, epsg) for file in files]
    values = parts[0].values
    for part in parts[1:]:
        values = np.where(np.isfinite(values), values, part.values)
    values = np.where(np.isfinite(values), values, np.float32(outside_m)).astype(np.float32)
    at_sea = grid.covered(sea)
    values[at_sea] = np.fmin(values[at_sea], 0.0)
    repairs = [_unit_repair(file, part, grid) for file, part in zip(files, parts, strict=True) if part.unit != "m"]
    repairs += [_odd_repair(file, part, grid) for file, part in zip(files, parts, strict=True) if part.odd_cells]
    values, missing = _without_holes(values, at_sea, files[0], grid, repairs)
    cell, label = max(part.cell_m for part in parts), name or files[0].name
    source = _source(label, cell, missing)
    error = error_of(label, values, grid, spots, stated_m=stated_error_m, stated_model=stated_model)
    return (
        make_terrain(values, grid, error, source=source, source_cell_m=cell, water=water, buildings=buildings),
        repairs,
        missing,
    )


def read_heights(dem: Path, grid: Grid, epsg: str) -> Heights:
    """Heights of a GeoTIFF's first band on a grid.

    Raises:
        BadMap: It is no raster (a zip, a page), is cut off, has no coordinate system, or holds no possible height.
    """
    import rasterio

    refuse_other_files(dem)
    try:
        with own_proj(), rasterio.open(dem) as raster:
            if raster.crs is None:
                raise BadMap(
                    "the terrain has no coordinate system",
                    file=dem,
                    expected="a georeferenced GeoTIFF",
                    remedy="ask its owner which one it is and set it, e.g. with: gdal_edit.py -a_srs EPSG:...",
                )
            if raster.transform.is_identity or (raster.transform.a == 0 and raster.transform.b == 0):
                raise BadMap("the terrain does not say where it lies", file=dem, expected="a georeferenced GeoTIFF")
            scale, unit = _unit(raster, dem)
            cell = _cell_m(raster, raster.transform)
            raw, transform, nodata = _near(raster, grid, epsg, cell)
            values, odd = _checked(raw, nodata, scale, dem)
            return Heights(_on_grid(values, transform, raster.crs, grid, epsg, cell), cell, unit, odd)
    except (rasterio.errors.RasterioError, rasterio.errors.CRSError, MemoryError) as error:
        raise BadMap(
            f"the terrain cannot be read: {error}",
            file=dem,
            expected=_EXPECTED,
            remedy="copy or download it again; a truncated file is the usual cause",
        ) from error


def refuse_other_files(dem: Path) -> None:
    """Tell a zip, a page or an empty file by its first bytes, which GDAL's own words would hide.

    Raises:
        BadMap: It is one of these, or cannot be read.
    """
    try:
        with dem.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise BadMap(f"the terrain cannot be read: {error.strerror}", file=dem, expected=_EXPECTED) from error
    if head[:4] == b"PK\x03\x04" or head[:2] == b"\x1f\x8b":
        raise BadMap(
            "this is a zip, not a terrain", file=dem, expected=_EXPECTED, remedy="unpack it and give the .tif inside"
        )
    if not head.strip(b"\0"):
        raise BadMap("the terrain cannot be read: the file is empty", file=dem, expected=_EXPECTED)
    if head.lstrip()[:1] == b"<":
        raise BadMap(
            "the terrain cannot be read: this is a web page or XML",
            file=dem,
            expected=_EXPECTED,
            remedy="download the file itself",
        )


def _unit(raster: Any, dem: Path) -> tuple[float, str]:
    """Metres in one of the raster's units, and its name."""
    word = ((raster.units or (None,))[0] or "").strip().lower()
    if not word:
        return 1.0, "m"
    if word not in _UNITS_M:
        raise BadMap(f"heights in {word!r} cannot be used", file=dem, place="unit of band 1", expected="metres or feet")
    return _UNITS_M[word], "m" if _UNITS_M[word] == 1.0 else word


def _near(raster: Any, grid: Grid, epsg: str, cell: float) -> tuple[np.ndarray, Any, float | None]:
    """The raster's cells around the grid (float32), their transform, and its word for "nothing here".

    Cells (of `cell` m) far finer than the grid's are averaged while they are read: a lidar city fits in memory.
    """
    from rasterio.enums import Resampling
    from rasterio.warp import transform_bounds
    from rasterio.windows import Window

    right, bottom = grid.left + grid.columns * CELL_M, grid.top - grid.rows * CELL_M
    west, south, east, north = transform_bounds(epsg, raster.crs, grid.left, bottom, right, grid.top, densify_pts=21)
    corners = np.array([~raster.transform @ (x, y) for x in (west, east) for y in (south, north)])
    if not np.isfinite(corners).all():
        return np.full((1, 1), np.nan, dtype=np.float32), raster.transform, raster.nodata
    size = (raster.width, raster.height)
    first, last = (np.clip(np.floor(corners.min(axis=0)) - 3, 0, size), np.clip(corners.max(axis=0) + 4, 0, size))
    (left, top), (end, low) = first.astype(int).tolist(), last.astype(int).tolist()
    if end <= left or low <= top:
        return np.full((1, 1), np.nan, dtype=np.float32), raster.transform, raster.nodata
    part = Window(left, top, end - left, low - top)
    fewer = max(1, int(CELL_M / 2 / cell))
    size = (max(1, (low - top) // fewer), max(1, (end - left) // fewer))
    read = raster.read(1, window=part, masked=True, out_shape=size, resampling=Resampling.average)
    values = np.where(np.ma.getmaskarray(read), np.nan, read.astype(np.float32).data).astype(np.float32)
    stretch = Affine.scale((end - left) / size[1], (low - top) / size[0])
    return values, raster.window_transform(part) @ stretch, raster.nodata


def _cell_m(raster: Any, transform: Any) -> float:
    """Side of the raster's cells in metres: of a geographic raster, of its taller side on the ground."""
    across, up = np.hypot(transform.a, transform.d), np.hypot(transform.b, transform.e)
    if raster.crs.is_geographic:
        return float(up * 111_320.0)
    return float(max(across, up) * (raster.crs.linear_units_factor[1] or 1.0))


def _checked(raw: np.ndarray, nodata: float | None, scale: float, dem: Path) -> tuple[np.ndarray, int]:
    """Heights in metres, impossible ones as NaN, and how many of those there were beside the raster's own holes."""
    values = raw * np.float32(scale)
    known = np.isfinite(values)
    possible = known & (values > LOWEST_M) & (values < HIGHEST_M)
    if known.any() and possible.sum() < 0.5 * known.sum():
        low, high = float(values[known].min()), float(values[known].max())
        raise BadMap(
            f"the terrain holds heights from {low:g} to {high:g}, which cannot be metres above the sea",
            file=dem,
            place=f"band 1, nodata {nodata}",
            expected=_EXPECTED,
            remedy="convert it to metres, and set its nodata value",
        )
    odd = int(known.sum() - possible.sum())
    values[~possible] = np.nan
    return values, odd


def _on_grid(values: np.ndarray, transform: Any, crs: Any, grid: Grid, epsg: str, cell: float) -> np.ndarray:
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    heights = np.full(grid.shape, np.nan, dtype=np.float32)
    reproject(
        values,
        heights,
        src_transform=transform,
        src_crs=crs,
        src_nodata=np.nan,
        dst_transform=grid.transform,
        dst_crs=epsg,
        dst_nodata=np.nan,
        resampling=Resampling.average if cell < CELL_M / 2 else Resampling.bilinear,
    )
    return heights


def _without_holes(
    values: np.ndarray, at_sea: np.ndarray, dem: Path, grid: Grid, repairs: list[Repair]
) -> tuple[np.ndarray, float]:
    """Heights without holes, each filled by the nearest height, and the share of the land that had none."""
    from scipy.ndimage import distance_transform_edt

    holes = ~np.isfinite(values)
    missing = float(holes.sum() / max(1, (~at_sea).sum()))
    if missing > 0.5:
        raise BadMap(
            f"the terrain covers only {1 - missing:.0%} of the city",
            file=dem,
            expected="heights for at least half of the map",
            remedy="give a terrain of the same area as the map",
        )
    if holes.any():
        nearest = distance_transform_edt(holes, return_distances=False, return_indices=True)
        values = values[tuple(nearest)]
        why = say("the terrain has holes here; each takes the nearest height", "此处地形数据缺失，取最近高程填补")
        before, after = f"{int(holes.sum())} cells without a height", "nearest height"
        repairs.append(Repair("terrain_hole_filled", "", "", why, before, after, *_centre(holes, grid)))
    return values, missing


def _unit_repair(file: Path, part: Heights, grid: Grid) -> Repair:
    why = say(f"{file.name} gives heights in {part.unit}", f"{file.name}的高程单位为{part.unit}")
    return Repair("terrain_unit", "", "", why, part.unit, "m", *_centre(np.ones(grid.shape, bool), grid))


def _odd_repair(file: Path, part: Heights, grid: Grid) -> Repair:
    why = say(
        f"{file.name} holds heights that no land on Earth has; they count as holes",
        f"{file.name}含有地球陆地不可能出现的高程，按缺失处理",
    )
    before = f"{part.odd_cells} cells beyond {LOWEST_M:g} to {HIGHEST_M:g} m"
    return Repair("terrain_impossible_height", "", "", why, before, "hole", *_centre(np.ones(grid.shape, bool), grid))


def _centre(cells: np.ndarray, grid: Grid) -> tuple[float, float]:
    rows, columns = np.nonzero(cells)
    return (
        grid.left + (float(columns.mean()) + 0.5) * CELL_M,
        grid.top - (float(rows.mean()) + 0.5) * CELL_M,
    )


def _source(label: str, cell: float, missing: float) -> Sentence:
    source = say(
        f"{label}, resampled from about {cell:.0f} m cells to {CELL_M:.0f} m",
        f"{label}，由约{cell:.0f}米栅格重采样为{CELL_M:.0f}米",
    )
    if missing:
        source["en"] += f", {missing:.1%} of the land filled from the nearest height"
        source["zh"] += f"，其中{missing:.1%}的陆地以最近高程填补"
    return source
