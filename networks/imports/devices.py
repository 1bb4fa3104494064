"""Registered sensors and cameras from a list (CSV), in the datum that their owner's map speaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer
from shapely import STRtree
from shapely.geometry import Point, box

from networks.city import City
from networks.coordinates.datums import datum_named, to_wgs84
from networks.errors import BadInput
from networks.imports.change import changing_city
from networks.imports.point_list import place_of, read_list
from networks.places.cameras import FIELD_OF_VIEW_DEG, RANGE_M, Camera, cameras_of, heading_cell, read_heading
from networks.sentence import Sentence, say

KINDS = {
    "detector": ("vehicles", "veh"),
    "rain_gauge": ("rain intensity", "mm/h"),
    "water_level": ("water level", "m"),
    "gate_counter": ("visitors leaving", "people"),
    "crowd_counter": ("people", "people"),
    "car_park": ("free places", "cars"),
    "weather": ("air temperature", "degC"),
}
"""Kind of a sensor -> what it measures and in which unit, unless its row says otherwise."""
_PERIOD_S = 60.0
_EDGE_WITHIN_M = 30.0
_GUESSED = "sensors: guessed positions, no real devices"
_AWAY_M = 2000.0
_NAMED = 3
_SENSOR_COLUMNS = tuple(["id", "kind", "lon", "lat", "x", "y", "measures", "unit", "period_s", "edge", "owner"])
_CAMERA_COLUMNS = tuple(
    ["id", "name", "lon", "lat", "x", "y", "heading_deg", "field_of_view_deg", "range_m", "stream", "owner"]
)
Cells = Mapping[str, str]


@dataclass(frozen=True)
class DevicesImported:
    """What an import of devices did.

    Attributes:
        city: The city as it is now.
        count: Devices registered now.
        told: What is guessed in them, or looks odd.
    """

    city: City
    count: int
    told: tuple[Sentence, ...]


def import_sensors(folder: Path, file: Path, *, datum: str = "wgs84") -> DevicesImported:
    """Replace the city's sensors, guessed or registered, by those of `file`.

    Args:
        folder: The city.
        file: CSV with `id`, `kind` (one of KINDS) and `lon`, `lat` (degrees of `datum`) or `x`, `y` (metres in the
            city's plane); if wanted `measures`, `unit`, `period_s`, `edge` (for a detector; otherwise the nearest
            within 30 m), `owner`.
        datum: One of `networks.DATUMS`.

    Raises:
        BadInput: The list cannot be used; it names the line.
        BadCity: `folder` is no city.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    return _imported(folder, file, datum, "sensors", _SENSOR_COLUMNS, _sensor_row)


def import_cameras(folder: Path, file: Path, *, datum: str = "wgs84") -> DevicesImported:
    """Replace the city's cameras by those of `file`.

    Args:
        folder: The city.
        file: CSV (or points of a GeoJSON file) with `id` and `lon`, `lat` or `x`, `y`; if wanted `name`,
            `heading_deg` (degrees, or N, NE, ...), `field_of_view_deg`, `range_m`, `stream` (an address: http, https,
            rtsp, rtmp), `owner`.
        datum: One of `networks.DATUMS`.

    Raises:
        BadInput: The list cannot be used; it names the line.
        BadCity: `folder` is no city.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    return _imported(folder, file, datum, "cameras", _CAMERA_COLUMNS, _camera_row)


def read_camera_list(city: City, file: Path, *, datum: str = "wgs84") -> tuple[Camera, ...]:
    """Cameras of a list, without registering them.

    Args:
        city: Where they stand.
        file: As `import_cameras` reads it.
        datum: One of `networks.DATUMS`.

    Raises:
        BadInput: The list cannot be used, or none of its cameras stands in or near the city; it names the line.
    """
    datum, file = datum_named(datum), Path(file)
    lines = _lines(file, _CAMERA_COLUMNS)
    places, streets = _places(lines, datum, city), _Streets(city)
    rows = [_camera_row(line, place, streets) for line, place in zip(lines, places, strict=True)]
    _told("cameras", lines, rows, places, city)
    return cameras_of(rows)


Row = dict[str, Any]
RowMaker = Callable[["_Line", Point, "_Streets"], Row]


def _imported(
    folder: Path, file: Path, datum: str, layer: str, columns: tuple[str, ...], make: RowMaker
) -> DevicesImported:
    datum, file = datum_named(datum), Path(file)
    lines = _lines(file, columns)
    with changing_city(folder) as change:
        places = _places(lines, datum, change.city)
        streets = _Streets(change.city)
        rows = [make(line, place, streets) for line, place in zip(lines, places, strict=True)]
        told = _told(layer, lines, rows, places, change.city)
        change.put_layer(layer, rows, f"imported: {file.name}")
        if layer == "sensors":
            change.about["guesses"] = [one for one in change.about["guesses"] if one["en"] != _GUESSED]
        change.tell(layer, told)
        told += _unshifted(lines, datum)
        change.put_dataset(layer, file)
    return DevicesImported(City.open(folder), len(rows), tuple(told))


@dataclass(frozen=True)
class _Line:
    """A row of the list, its cells by column."""

    file: Path
    number: int
    cells: Cells

    def bad(self, what: str, expected: str = "") -> BadInput:
        return BadInput(what, file=self.file, place=place_of(self.file, self.number), expected=expected or None)

    def real(self, column: str, default: float, least: float, most: float) -> float:
        text = self.cells.get(column, "")
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise self.bad(f"{column} is {text!r}", f"a number from {least:g} to {most:g}")
        return value


def _lines(file: Path, columns: tuple[str, ...]) -> list[_Line]:
    if not file.is_file():
        raise BadInput("there is no such file", file=file, expected="a list as CSV")
    header, rows = read_list(file)
    names = [name.lower() for name in header]
    unknown = [name for name in names if name not in columns]
    if unknown or len(set(names)) < len(names):
        what = f"it has a column {unknown[0]!r}" if unknown else "it has a column twice"
        raise BadInput(what, file=file, place="line 1", expected=f"some of: {', '.join(columns)}")
    if "id" not in names or not ({"lon", "lat"} <= set(names) or {"x", "y"} <= set(names)):
        raise BadInput(
            "it lacks columns",
            file=file,
            place="line 1",
            expected="id, and lon and lat (degrees) or x and y (metres in the city's plane)",
        )
    lines = [_Line(file, number, dict(zip(names, cells, strict=True))) for number, cells in rows]
    first: dict[str, int] = {}
    for line in lines:
        name = line.cells["id"]
        if not name:
            raise line.bad("it has no id")
        if name in first:
            raise line.bad(f"the id {name} is there twice, first in line {first[name]}")
        first[name] = line.number
    if not lines:
        raise BadInput("it lists no device", file=file, expected="a line for each")
    return lines


def _places(lines: list[_Line], datum: str, city: City) -> list[Point]:
    """Where they stand, metres in the city's plane."""
    degrees = "lon" in lines[0].cells
    columns, limits = (("lon", "lat"), (180.0, 90.0)) if degrees else (("x", "y"), (1e8, 1e8))
    nan = math.nan
    found = [[line.real(c, nan, -most, most) for c, most in zip(columns, limits, strict=True)] for line in lines]
    for line, pair in zip(lines, found, strict=True):
        if math.isnan(sum(pair)):
            raise line.bad(f"{' or '.join(columns)} is empty", "where the device stands")
    x, y = np.array(found).T
    if degrees:
        x, y = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True).transform(*to_wgs84(x, y, datum))
    return [Point(round(float(a), 3), round(float(b), 3)) for a, b in zip(x, y, strict=True)]


class _Streets:
    """Finds the edge that a device stands at."""

    def __init__(self, city: City) -> None:
        edges = city.layer("edges")
        self._ids, self._shapes = list(edges["edge_id"]), list(edges.geometry)
        self._tree = STRtree(self._shapes)

    def knows(self, edge: str) -> bool:
        return edge in self._ids

    def nearest(self, place: Point) -> str:
        """The nearest edge within 30 m, "" where there is none."""
        if not self._ids:
            return ""
        at = int(self._tree.nearest(place))
        return self._ids[at] if self._shapes[at].distance(place) <= _EDGE_WITHIN_M else ""


def _sensor_row(line: _Line, place: Point, streets: _Streets) -> Row:
    cells = line.cells
    kind = cells.get("kind", "")
    if kind not in KINDS:
        raise line.bad(f"the kind {kind!r} is unknown", ", ".join(KINDS))
    edge = cells.get("edge", "")
    if edge and not streets.knows(edge):
        raise line.bad(f"the city has no edge {edge!r}", "an id of the layer edges, or nothing for the nearest")
    if not edge and kind == "detector":
        edge = streets.nearest(place)
    measures, unit = KINDS[kind]
    return {
        "sensor_id": cells["id"],
        "kind": kind,
        "measures": cells.get("measures") or measures,
        "unit": cells.get("unit") or unit,
        "period_s": line.real("period_s", _PERIOD_S, 0.1, 86_400.0),
        "edge_id": edge,
        "owner": cells.get("owner", ""),
        "source": "registered",
        "geometry": place,
    }


def _camera_row(line: _Line, place: Point, streets: _Streets) -> Row:  # noqa: ARG001
    cells = line.cells
    text = cells.get("heading_deg", "")
    heading = read_heading(text)
    if text and math.isnan(heading):
        raise line.bad(f"heading_deg is {text!r}", "degrees clockwise from north, 0 to 360, or N, NE, E, ...")
    stream = cells.get("stream", "")
    if stream and not stream.lower().startswith(("http://", "https://", "rtsp://", "rtsps://", "rtmp://")):
        raise line.bad(f"the stream {stream!r} is no address", "an address that begins with http, https, rtsp or rtmp")
    wide = 360.0 if math.isnan(heading) else FIELD_OF_VIEW_DEG
    return {
        "camera_id": cells["id"],
        "name": cells.get("name", ""),
        "heading_deg": heading_cell(heading),
        "field_of_view_deg": line.real("field_of_view_deg", wide, 1.0, 360.0),
        "range_m": line.real("range_m", RANGE_M, 1.0, 5000.0),
        "stream": stream,
        "owner": cells.get("owner", ""),
        "source": "registered",
        "geometry": place,
    }


def _unshifted(lines: list[_Line], datum: str) -> list[Sentence]:
    """GCJ-02 leaves places outside China where they are; whoever stated it there may have meant another city."""
    if datum != "gcj02" or "lon" not in lines[0].cells:
        return []
    lon, lat = np.array([[float(line.cells["lon"]), float(line.cells["lat"])] for line in lines]).T
    if not np.allclose(to_wgs84(lon, lat, datum), (lon, lat), rtol=0.0, atol=1e-9):
        return []
    return [say("GCJ-02 is WGS 84 outside China: no place was shifted", "中国境外GCJ-02与WGS 84相同：未作偏移")]


def _few(names: list[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def _told(layer: str, lines: list[_Line], rows: list[Row], places: list[Point], city: City) -> list[Sentence]:
    """What looks odd: devices far from the city (a wrong datum?), detectors at no street."""
    frame = box(*city.bounds)
    away = [line for line, place in zip(lines, places, strict=True) if place.distance(frame) > _AWAY_M]
    if len(away) == len(places):
        raise BadInput(
            "none of its devices stands in or near the city",
            file=away[0].file,
            place=f"line {away[0].number}" + (f" and {len(away) - 1} more" if len(away) > 1 else ""),
            expected=f"lon and lat in or near {city.lonlat_range}",
            remedy="check the order of lon and lat, and --datum",
        )
    told = []
    if away:
        where = _few([f"{line.cells['id']} (line {line.number})" for line in away])
        told.append(
            say(
                f"{layer}: {len(away)} of {len(rows)} stand far off: {where}; check the order of lon and lat",
                f"设备：{len(rows)}台中有{len(away)}台远离城区：{where}；请核对经度与纬度的顺序",
            )
        )
    lost = [row["sensor_id"] for row in rows if row.get("kind") == "detector" and not row["edge_id"]]
    if lost:
        told.append(
            say(
                f"sensors: {len(lost)} detectors stand at no street within {_EDGE_WITHIN_M:.0f} m: {_few(lost)}",
                f"传感器：{len(lost)}个车辆检测器{_EDGE_WITHIN_M:.0f}米内没有道路：{_few(lost)}",
            )
        )
    return told
