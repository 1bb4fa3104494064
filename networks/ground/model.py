"""The ground of a city in one go: terrain from its source, structures, low roads, drains, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from shapely import union_all
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.ground.copernicus import NAME, Tiles, download_tiles
from networks.ground.grid import Grid
from networks.ground.options import COPERNICUS, GroundOptions
from networks.ground.raster import dem_terrain
from networks.ground.spot_heights import coast_heights, interpolated_terrain, spot_heights
from networks.ground.terrain import Terrain
from networks.osm.extract import Extract
from networks.repairs import Repair

Rows = list[dict[str, Any]]


@dataclass
class Ground:
    """What was made of a city's ground.

    Attributes:
        terrain: None without heights.
        rows: Layer -> rows.
        repairs: What was changed against the terrain's file.
        doubts: What was guessed or looks odd.
        files: Where the heights come from.
        address: Where they were downloaded, or "".
        checks: Figures that the quality report judges.
    """

    terrain: Terrain | None
    rows: dict[str, Rows] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    files: tuple[Path, ...] = ()
    address: str = ""
    checks: dict[str, Any] = field(default_factory=dict)


def model_ground(
    extract: Extract,
    plane: Plane,
    frame: Polygon,
    rows: Mapping[str, Rows],
    coast: list[LineString],
    options: GroundOptions,
) -> Ground:
    """Model the ground.

    Args:
        extract: The map.
        plane: Its nodes in metres.
        frame: Its border, m.
        rows: Rows of the layers `water`, `buildings`, `edges` and `zones`.
        coast: Coastlines, m, the land on their left.
        options: What whoever builds the city says.

    Raises:
        BadMap: A terrain cannot be used.
        BadInput: Another file cannot be used.
        EngineFailed: A download failed.
    """
    return _heights(extract, plane, frame, rows, coast, options)


def _heights(
    extract: Extract,
    plane: Plane,
    frame: Polygon,
    rows: Mapping[str, Rows],
    coast: list[LineString],
    options: GroundOptions,
) -> Ground:
    grid = Grid.over(frame)
    sea = _run_on([w["geometry"] for w in rows["water"] if w["kind"] == "sea"], frame)
    shapes: dict[str, list[BaseGeometry]] = {
        "sea": sea,
        "water": sea + [w["geometry"] for w in rows["water"] if w["kind"] != "sea"],
        "buildings": [b["geometry"] for b in rows["buildings"]],
    }
    spots = spot_heights(extract, plane, frame)
    if options.dem is None:
        return Ground(
            interpolated_terrain(spots, coast_heights(coast, frame), grid, **shapes), checks={"hole_share": 0.0}
        )
    tiles = Tiles((Path(options.dem),), (), "")
    if options.dem == COPERNICUS:
        tiles = download_tiles(_box_around(extract.box), options.downloads, address=options.dem_url)
    terrain, repairs, missing = dem_terrain(
        tiles.files,
        grid,
        plane.epsg,
        **shapes,
        spots=spots,
        name=NAME if tiles.address else None,
        stated_error_m=options.dem_error_m,
        stated_model=options.dem_model,
        outside_m=0.0 if tiles.at_sea else np.nan,
    )
    checks = {"hole_share": round(missing, 5)}
    return Ground(terrain, repairs=repairs, files=tiles.files, address=tiles.address, checks=checks)


def _box_around(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The map's box and some cells more: the upright raster of a UTM zone reaches beyond it."""
    west, south, east, north = box
    margin = 0.06 * max(east - west, north - south) + 0.001
    return west - margin, south - margin, east + margin, north + margin


def _run_on(sea: Sequence[BaseGeometry], frame: Polygon) -> list[BaseGeometry]:
    """The sea and what it runs on to beyond the frame, for the wedges between the frame and the upright raster.

    A box in degrees is turned by less than 3.3 degrees in its UTM zone.
    """
    west, south, east, north = frame.bounds
    wedge = 0.06 * max(east - west, north - south)
    return [union_all([face, face.buffer(wedge).difference(frame)]) for face in sea]
