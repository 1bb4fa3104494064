"""An area that people must leave: as a file or around a place, and where they gather in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.errors import BadInput
from scenarios.emergency.ends import find_end

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from networks import City

CELL_M = 150.0
"""People within a square of so many metres gather at one place (guess: two minutes' walk)."""


@dataclass(frozen=True)
class Area:
    """An area.

    Attributes:
        told: As it was typed.
        shape: In the city's plane, m.
    """

    told: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Gathering:
    """Where people gather: its place (m) and how many."""

    x: float
    y: float
    people: int


def read_area(city: City, told: str, radius_m: float) -> Area:
    """The polygons of a GeoJSON file (degrees), or a circle around a place as `find_end` knows it.

    Raises:
        BadInput: The file cannot be read or holds no polygon.
        NotThere: No such file and no such place.
        BadScenario: Outside the map.
    """
    from shapely.geometry import Point

    if told.lower().endswith((".geojson", ".json")):
        return Area(told, _polygons(Path(told), city))
    end = find_end(city, told)
    return Area(told, Point(end.x, end.y).buffer(radius_m))


def gatherings(city: City, area: Area, people: int | None) -> list[Gathering]:
    """Where people of an area gather: residents of its buildings by squares, scaled to `people` where that is told.

    Where nobody is known to live, all of `people` gather in its middle.

    Raises:
        BadInput: The area misses the city, or nobody is known to live there and nobody says how many there are.
    """
    if not area.shape.intersects(city.layer("edges").union_all().envelope):
        raise BadInput(f"{area.told} lies outside {city.name}", place="--area", expected="a part of the city")
    houses = city.layer("buildings")
    houses = houses[(houses["population"] > 0) & houses.geometry.representative_point().within(area.shape)]
    if not len(houses):
        if not people:
            raise BadInput(f"nobody is known to live in {area.told}", place="--people", expected="how many there are")
        middle = area.shape.representative_point()
        return [Gathering(float(middle.x), float(middle.y), people)]
    points = houses.geometry.representative_point()
    x, y, lives = points.x.to_numpy(float), points.y.to_numpy(float), houses["population"].to_numpy(float)
    cells = np.stack([x // CELL_M, y // CELL_M], axis=1)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    weight = np.bincount(cell.ravel(), lives)
    middles = [np.bincount(cell.ravel(), lives * one) / weight for one in (x, y)]
    counts = shared(weight, round(float(lives.sum())) if people is None else people)
    rows = zip(*(one.tolist() for one in middles), counts, strict=True)
    return [Gathering(east, north, count) for east, north, count in rows if count]


def shared(weight: np.ndarray, whole: int) -> list[int]:
    """A whole number in whole parts by weight: largest remainders, the first of equals."""
    exact = weight / weight.sum() * whole
    parts = np.floor(exact).astype(int)
    rest = np.argsort(-(exact - parts), kind="stable")[: whole - int(parts.sum())]
    parts[rest] += 1
    return [int(one) for one in parts]


def _polygons(file: Path, city: City) -> BaseGeometry:
    from pyproj import Transformer
    from shapely import transform, union_all
    from shapely.geometry import shape

    expected = "GeoJSON with a polygon, longitude and latitude"
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        parts = [one["geometry"] for one in told["features"]] if "features" in told else [told.get("geometry", told)]
        shapes = [shape(one) for one in parts]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"no readable area: {error}", file=file, place="--area", expected=expected) from error
    whole = union_all([one for one in shapes if one.geom_type in ("Polygon", "MultiPolygon")])
    if whole.is_empty or not whole.is_valid:
        raise BadInput("it holds no polygon, or one that crosses itself", file=file, place="--area", expected=expected)
    to_plane = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True)
    moved: BaseGeometry = transform(whole, lambda points: np.stack(to_plane.transform(*points.T), axis=1))
    return moved
