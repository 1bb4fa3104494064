"""Lists of things that stand somewhere: rows of a table (CSV), or points of a GeoJSON file as such rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from networks.errors import BadInput
from networks.imports.table_text import Row, read_rows
from networks.text_file import read_text

POINTS = (".geojson", ".json")


def read_list(file: Path) -> tuple[list[str], list[Row]]:
    """The header, and each row with its line; of GeoJSON: `lon`, `lat` and the properties, with each feature's number.

    Raises:
        BadInput: It cannot be read, is no such file, or a feature is no point.
    """
    return _features(file) if file.suffix.lower() in POINTS else read_rows(file)


def place_of(file: Path, number: int) -> str:
    """How a row of the list is called."""
    return f"{'feature' if file.suffix.lower() in POINTS else 'line'} {number}"


def _features(file: Path) -> tuple[list[str], list[Row]]:
    expected = "a GeoJSON FeatureCollection of points (RFC 7946: degrees, WGS 84)"
    try:
        document = json.loads(read_text(file, expected=expected))
    except (ValueError, RecursionError) as error:
        raise BadInput("it is no JSON", file=file, expected=expected) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise BadInput("it has no features", file=file, expected=expected)
    found = [_cells(file, number, feature) for number, feature in enumerate(features, 1)]
    header = list(dict.fromkeys(name for cells in found for name in cells)) or ["id", "lon", "lat"]
    return header, [(number, [cells.get(name, "") for name in header]) for number, cells in enumerate(found, 1)]


def _cells(file: Path, number: int, feature: Any) -> dict[str, str]:
    told = feature if isinstance(feature, dict) else {}
    shape, properties = told.get("geometry") or {}, told.get("properties") or {}
    at = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
    if not isinstance(at, list) or len(at) < 2 or not isinstance(properties, dict):
        raise BadInput("it is no point", file=file, place=place_of(file, number), expected="Point and properties")
    cells = {"id": _text(told.get("id")), "lon": _text(at[0]), "lat": _text(at[1])}
    for name, value in properties.items():
        if isinstance(value, (dict, list)):
            what = f"the property {name} is no plain value"
            raise BadInput(what, file=file, place=place_of(file, number), expected="a text or a number")
        if name not in ("lon", "lat") and (name != "id" or not cells["id"]):
            cells[str(name)] = _text(value)
    return cells


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
