"""Screenlines: how much crosses a line, each way."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput
from scenarios.planning.assigned import Assigned

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from networks import City

_COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def read_screenlines(file: Path, city: City) -> gpd.GeoDataFrame:
    """Lines with a `name`, in the city's plane.

    Raises:
        BadInput: It is no file of lines, has no names, a name twice, or no coordinate system.
    """
    import geopandas as gpd

    file = Path(file)
    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected="screenlines as .geojson, .gpkg or .shp")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            lines = gpd.read_file(file)
    except Exception as error:
        raise BadInput(f"it cannot be read as a map: {error}", file=file, expected=".geojson, .gpkg or .shp") from error
    if not len(lines) or not lines.geom_type.isin(["LineString", "MultiLineString"]).all():
        raise BadInput("it does not hold lines alone", file=file, expected="LineStrings, each with a name")
    if "name" not in lines.columns or lines["name"].isna().any() or lines["name"].duplicated().any():
        raise BadInput("a line has no name, or that of another", file=file, expected="a property name for each line")
    if lines.crs is None:
        raise BadInput("it says no coordinate system", file=file)
    return lines.to_crs(city.crs)


def crossings(city: City, lines: gpd.GeoDataFrame, done: Assigned) -> pd.DataFrame:
    """What crosses each line: name, towards (compass), edges, flow_pcu_h, capacity_pcu_h, v_c, veh_h_CLASS.

    An edge counts once for each line, in the direction from its begin to its end across the line. A row for each of
    both directions, of 0 where no edge crosses.
    """
    import pandas as pd

    layer = city.layer("edges")
    rows = []
    for name, line in zip(lines["name"], lines.geometry, strict=True):
        hit = np.flatnonzero(layer.geometry.crosses(line).to_numpy() & (done.city.length_m[: len(layer)] > 0))
        used = hit[layer["passenger"].to_numpy()[hit]]
        sides = np.array([_side(layer.geometry.iloc[i], line) for i in used])
        for side in (1, -1):
            rows.append(_row(str(name), line, side, used[sides == side] if len(used) else used, done))
    return pd.DataFrame(rows)


def _row(name: str, line: BaseGeometry, side: int, edges: np.ndarray, done: Assigned) -> dict[str, object]:
    flow = float(done.found.flow[edges].sum())
    capacity = float(done.city.network.capacity[edges].sum())
    row: dict[str, object] = {
        "name": name,
        "towards": _towards(line, side),
        "edges": len(edges),
        "flow_pcu_h": round(flow, 3),
        "capacity_pcu_h": round(capacity, 1),
        "v_c": round(flow / capacity, 4) if capacity else 0.0,
    }
    for number, one in enumerate(done.classes):
        row[f"veh_h_{one.name}"] = round(float(done.found.class_flow[number, edges].sum()), 3)
    return row


def _ends(shape: BaseGeometry) -> tuple[np.ndarray, np.ndarray]:
    points = np.asarray(shape.geoms[0].coords if shape.geom_type == "MultiLineString" else shape.coords)[:, :2]
    last = np.asarray(shape.geoms[-1].coords)[-1, :2] if shape.geom_type == "MultiLineString" else points[-1]
    return points[0], last


def _side(edge: BaseGeometry, line: BaseGeometry) -> int:
    """1 where an edge crosses a line from its right to its left, -1 the other way."""
    where = edge.intersection(line).representative_point()
    at = edge.project(where)
    before, after = (np.array(edge.interpolate(max(at + d, 0.0)).coords[0][:2]) for d in (-1.0, 1.0))
    along = line.project(where)
    first, second = (np.array(line.interpolate(max(along + d, 0.0)).coords[0][:2]) for d in (-1.0, 1.0))
    drive, run = after - before, second - first
    return 1 if run[0] * drive[1] - run[1] * drive[0] >= 0 else -1


def _towards(line: BaseGeometry, side: int) -> str:
    first, last = _ends(line)
    run = last - first
    normal = np.array([-run[1], run[0]]) * side
    bearing = np.degrees(np.arctan2(normal[0], normal[1])) % 360.0
    return _COMPASS[int((bearing + 22.5) // 45) % 8]
