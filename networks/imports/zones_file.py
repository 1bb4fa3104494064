"""Reads zones of a city's owner: areas (GeoJSON, GeoPackage, shapefile) or centroids (the same, or CSV)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely import make_valid
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from networks.errors import BadInput
from networks.osm.areas import as_area

if TYPE_CHECKING:
    import geopandas as gpd

IDS = ("zone_id", "zone", "id", "taz")
_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".csv")
_LEAST_AREA_M2 = 1.0


@dataclass(frozen=True)
class OwnZone:
    """A zone as its owner gives it, in the city's plane.

    Attributes:
        zone_id: Its id, as text.
        shape: A polygon, several, or a point (its centroid).
        population: People living there; NaN where the file does not say.
        jobs: Jobs; NaN where the file does not say.
    """

    zone_id: str
    shape: BaseGeometry
    population: float
    jobs: float


def read_zones(
    file: Path,
    crs: str,
    *,
    id_column: str | None = None,
    population_column: str | None = None,
    jobs_column: str | None = None,
    layer: str | None = None,
) -> list[OwnZone]:
    """Read the zones of `file`, in its order.

    Args:
        file: `.geojson`, `.json`, `.gpkg`, `.shp` (or zipped), or `.csv` with `lon`,`lat` in degrees or `x`,`y` in m.
        crs: The city's plane, to which they are brought.
        id_column: Column of the ids; otherwise the first there is of zone_id, zone, id, taz.
        population_column: Column with the people of each zone, if the file has one.
        jobs_column: Column with its jobs.
        layer: Which layer, where a GeoPackage holds several.

    Raises:
        BadInput: Names the row: no id, an id twice, no geometry or no area or point, a number that is none.
    """
    file = Path(file)
    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected=f"zones as {', '.join(_SUFFIXES)}")
    if layer is not None and file.suffix.lower() == ".csv":
        raise BadInput(f"it has no layer {layer!r}: a CSV has none", file=file, remedy="leave --layer out")
    table = _csv_table(file, crs) if file.suffix.lower() == ".csv" else _table(file, layer).to_crs(crs)
    names = [str(name) for name in table.columns if name != table.geometry.name]
    wanted = _column(file, names, id_column)
    zones, seen = [], dict[str, int]()
    given = zip(table[wanted], table.geometry, table[names].to_dict("records"), strict=True)
    for number, (name, shape, row) in enumerate(given, 1):
        place = f"row {number}"
        zone_id = _id(name, file, place)
        if zone_id in seen:
            raise BadInput(f"the zone {zone_id} is there twice, first in row {seen[zone_id]}", file=file, place=place)
        seen[zone_id] = number
        place += f", zone {zone_id}"
        numbers = [_number(row, column, file, place) for column in (population_column, jobs_column)]
        zones.append(OwnZone(zone_id, _shape(shape, file, place), *numbers))
    if not zones:
        raise BadInput("it holds no zones", file=file, expected="a row for each zone")
    if len({zone.shape.geom_type == "Point" for zone in zones}) > 1:
        raise BadInput("some zones are areas and others points", file=file, expected="either areas or centroids")
    return zones


def _table(file: Path, layer: str | None) -> gpd.GeoDataFrame:
    import geopandas as gpd

    if file.suffix.lower() not in _SUFFIXES:
        raise BadInput("zones cannot be read from such a file", file=file, expected=f"one of {', '.join(_SUFFIXES)}")
    try:
        names = [str(name) for name in gpd.list_layers(file)["name"]]
        if layer is None and len(names) > 1:
            raise BadInput("it holds several layers", file=file, expected=f"--layer, one of: {', '.join(names)}")
        if layer is not None and layer not in names:
            raise BadInput(f"it has no layer {layer!r}", file=file, expected=f"one of: {', '.join(names)}")
        table = gpd.read_file(file, layer=layer or names[0])
    except BadInput:
        raise
    except Exception as error:  # GDAL's errors have no common root but this
        raise BadInput(f"it cannot be read: {error}", file=file, remedy="open and save it again in your GIS") from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise BadInput("it holds a table without geometry", file=file, expected="areas or points")
    if table.crs is None:
        raise BadInput(
            "it does not say in which coordinate system it is",
            file=file,
            expected="a .prj file beside the shapefile, or a layer with its coordinate system",
            remedy="save it as GeoPackage in your GIS",
        )
    return table


def _csv_table(file: Path, crs: str) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from networks.imports.table_text import read_rows

    header, rows = read_rows(file)
    known = {name.lower(): i for i, name in enumerate(header)}
    degrees = {"lon", "lat"} <= set(known)
    if not degrees and not {"x", "y"} <= set(known):
        raise BadInput(
            "it has no columns for the place of a zone",
            file=file,
            place="line 1",
            expected="lon and lat (degrees, WGS84), or x and y (metres in the city's plane)",
        )
    first, second = (known["lon"], known["lat"]) if degrees else (known["x"], known["y"])
    points = []
    for line, cells in rows:
        try:
            x, y = float(cells[first]), float(cells[second])
        except ValueError:
            x = y = math.nan
        if not (math.isfinite(x) and math.isfinite(y)) or (degrees and not (abs(x) <= 180 and abs(y) <= 90)):
            found = f"{cells[first]}, {cells[second]}"
            raise BadInput(f"{found} is no place", file=file, place=f"line {line}", expected="numbers within range")
        points.append(Point(x, y))
    data = {name: [cells[i] for _, cells in rows] for i, name in enumerate(header)}
    return gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4326" if degrees else crs).to_crs(crs)


def _column(file: Path, names: list[str], asked: str | None) -> str:
    if asked is None:
        found = [name for wanted in IDS for name in names if name.lower() == wanted]
        if found:
            return found[0]
        raise BadInput("which column holds the ids?", file=file, expected=f"--id, one of: {', '.join(names)}")
    if asked not in names:
        raise BadInput(f"it has no column {asked!r}", file=file, expected=f"one of: {', '.join(names)}")
    return asked


def _id(value: object, file: Path, place: str) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None or value != value else str(value).strip()
    if not text:
        raise BadInput("the zone has no id", file=file, place=place)
    return text


def _number(row: dict[Any, Any], column: str | None, file: Path, place: str) -> float:
    if column is None:
        return math.nan
    if column not in row:
        raise BadInput(f"it has no column {column!r}", file=file, expected=f"one of: {', '.join(map(str, row))}")
    try:
        value = float(row[column])
    except (TypeError, ValueError):
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise BadInput(f"{column} is {row[column]!r}", file=file, place=place, expected="a number of 0 or more")
    return value


def _shape(shape: BaseGeometry | None, file: Path, place: str) -> BaseGeometry:
    if shape is None or shape.is_empty:
        raise BadInput("the zone has no geometry", file=file, place=place)
    if not all(math.isfinite(v) for v in shape.bounds):
        raise BadInput("its coordinates are beyond what can be placed on the map", file=file, place=place)
    if shape.geom_type == "Point":
        return Point(round(shape.x, 3), round(shape.y, 3))
    area = as_area(make_valid(shape))
    if area is None or area.area < _LEAST_AREA_M2:
        raise BadInput(f"the zone is a {shape.geom_type} without area", file=file, place=place, expected="an area")
    return area
