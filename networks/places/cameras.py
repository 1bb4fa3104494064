"""Cameras: where they stand, what they see, where their picture is. No picture is opened or analysed here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from networks.osm.values import read_number, tidy

if TYPE_CHECKING:
    from networks.city import City
    from networks.places.destinations import Place

FIELD_OF_VIEW_DEG = 70.0
"""What a street camera with a usual lens sees across, where nobody said: a guess."""
RANGE_M = 60.0
"""How far it shows what happens on a street, where nobody said: a guess."""
_WINDS = ("n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw")
_ALL_ROUND = {"dome", "panning"}
_STEP_DEG = 10.0


@dataclass(frozen=True)
class Camera:
    """A camera.

    Attributes:
        camera_id: Its id.
        name: Its name, perhaps empty.
        x, y: Where it stands, metres in the city's plane.
        heading_deg: Where it looks, clockwise from north; NaN where nobody said.
        field_of_view_deg: How wide; 360 when it turns or looks all round.
        range_m: How far.
        stream: Address of its picture, empty where none is known.
        owner: Who runs it, perhaps nobody known.
        source: `registered`, or `osm` where the map alone tells of it.
    """

    camera_id: str
    name: str
    x: float
    y: float
    heading_deg: float
    field_of_view_deg: float
    range_m: float
    stream: str
    owner: str
    source: str

    def view(self) -> Polygon:
        """What it sees on open ground, metres: a sector; a disc where it looks all round or nobody knows."""
        spread = 360.0 if math.isnan(self.heading_deg) else min(self.field_of_view_deg, 360.0)
        if spread >= 360.0:
            return Point(self.x, self.y).buffer(self.range_m, quad_segs=9)
        steps = max(2, math.ceil(spread / _STEP_DEG) + 1)
        bearings = np.radians(self.heading_deg + np.linspace(-spread / 2, spread / 2, steps))
        arc = zip(self.x + self.range_m * np.sin(bearings), self.y + self.range_m * np.cos(bearings), strict=True)
        return Polygon([(self.x, self.y), *arc])


def read_cameras(city: City) -> tuple[Camera, ...]:
    """The city's cameras, in the order of its layer `cameras`."""
    layer = city.layer("cameras")
    return cameras_of(layer.to_dict("records"))


def cameras_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Camera, ...]:
    """Cameras of rows of the layer `cameras`."""
    return tuple(
        Camera(
            row["camera_id"],
            row["name"],
            float(row["geometry"].x),
            float(row["geometry"].y),
            float(row["heading_deg"]) if row["heading_deg"] >= 0.0 else math.nan,
            float(row["field_of_view_deg"]),
            float(row["range_m"]),
            row["stream"],
            row["owner"],
            row["source"],
        )
        for row in rows
    )


def cameras_by(city: City, shape: BaseGeometry, count: int = 3) -> list[Camera]:
    """The `count` cameras that show `shape` (metres) best: those that see it first, then by distance, then by id."""

    def rank(camera: Camera) -> tuple[bool, float, str]:
        distance = Point(camera.x, camera.y).distance(shape)
        return not camera.view().intersects(shape), distance, camera.camera_id

    return sorted(read_cameras(city), key=rank)[:count]


def camera_rows(places: list[Place]) -> list[dict[str, Any]]:
    """Rows of the layer `cameras` from surveillance cameras on the map that watch the street (none indoors)."""
    rows = []
    for place in places:
        tags = place.tags
        if tags.get("man_made") != "surveillance" or not isinstance(place.shape, Point):
            continue
        if tags.get("surveillance") == "indoor" or tags.get("surveillance:type", "camera") not in ("camera", "ALPR"):
            continue
        heading = read_heading(tags.get("camera:direction") or tags.get("direction"))
        all_round = tags.get("camera:type") in _ALL_ROUND
        rows.append(
            {
                "camera_id": place.osm_id,
                "name": tags.get("name", ""),
                "heading_deg": heading_cell(heading),
                "field_of_view_deg": 360.0 if all_round or math.isnan(heading) else FIELD_OF_VIEW_DEG,
                "range_m": RANGE_M,
                "stream": tags.get("contact:webcam", ""),
                "owner": tags.get("operator", ""),
                "source": "osm",
                "geometry": place.shape,
            }
        )
    return rows


def heading_cell(heading: float) -> float:
    """A heading as the layer keeps it: -1 where nobody said."""
    return -1.0 if math.isnan(heading) else heading


def read_heading(text: str | None) -> float:
    """A bearing from `135`, `SE` or `90-180` (its middle), degrees in [0, 360); NaN where it says nothing."""
    word = tidy(text)
    if word in _WINDS:
        return _WINDS.index(word) * 22.5
    first, dash, last = word.partition("-")
    low, high = (read_number(part, least=0.0, most=360.0).value for part in (first, last or first))
    if low is None or high is None:
        return math.nan
    return (low + ((high - low) % 360.0 if dash else 0.0) / 2.0) % 360.0
