"""Where people and vehicles go: attractions, stops, car parks, and the services that help them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import Plane
from networks.osm.areas import Areas, inner_point
from networks.osm.extract import Extract, Tags
from networks.osm.values import read_number
from networks.roads.net_file import NetEdge

# Visitors an attraction draws, relative to a museum: guesses, for lack of counts.
_TOURISM = {
    "museum": 1.0,
    "attraction": 1.0,
    "gallery": 0.4,
    "zoo": 2.0,
    "theme_park": 3.0,
    "aquarium": 1.5,
    "viewpoint": 0.4,
}
_TOURISM |= {"artwork": 0.1, "hotel": 0.5, "hostel": 0.3, "motel": 0.3, "guest_house": 0.2, "information": 0.2}
_HISTORIC = {"castle": 1.0, "fort": 0.6, "monument": 0.4, "archaeological_site": 0.4, "ruins": 0.3, "city_gate": 0.3}
_AMENITY = {
    "theatre": 0.8,
    "cinema": 0.6,
    "arts_centre": 0.6,
    "marketplace": 1.0,
    "casino": 0.8,
    "place_of_worship": 0.3,
}
_AMENITY |= {"library": 0.5, "events_venue": 0.8, "conference_centre": 0.8, "ferry_terminal": 0.8}
_LEISURE = {"park": 0.5, "stadium": 3.0, "marina": 0.4, "garden": 0.3}
_FACILITIES = {"hospital": "hospital", "clinic": "clinic", "fire_station": "fire_station", "police": "police"}
_SAME_STOP_M = {"rail": 200.0, "ferry": 60.0}
_CAR_M2 = 28.0
_PARKING_LEVELS = ("parking:levels", "building:levels", "levels")
_CAPACITY_OF_A_POINT = 20
_CAPACITY_OF_A_GARAGE = 200


@dataclass(frozen=True)
class Place:
    """A tagged object with the shape it has on the map."""

    osm_id: str
    tags: Tags
    shape: BaseGeometry


def all_places(extract: Extract, areas: Areas, plane: Plane, frame: BaseGeometry) -> list[Place]:
    """Tagged nodes, areas, and promenades and piers drawn as lines, inside the frame, in file order."""
    from shapely import contains_xy

    nodes = [
        Place(f"n{node.osm_id}", node.tags, Point(plane.xy[node.osm_id]))
        for node in extract.nodes
        if contains_xy(frame, *plane.xy[node.osm_id])
    ]
    known = {area.osm_id for area in areas.items}
    lines = [
        Place(f"w{way.osm_id}", way.tags, LineString([plane.xy[n] for n in run]))
        for way in extract.ways
        if (way.tags.get("tourism") in _TOURISM or way.tags.get("man_made") == "pier") and f"w{way.osm_id}" not in known
        for run in list(extract.runs(way))[:1]
    ]
    shapes = [Place(a.osm_id, a.tags, a.shape) for a in areas.items] + lines
    return nodes + [place for place in shapes if place.shape.intersects(frame)]


class NearestEdge:
    """Finds the nearest road edge that cars may use, tunnels left out where there are others."""

    def __init__(self, edges: tuple[NetEdge, ...], tunnels: Collection[str] = ()) -> None:
        for_cars = [e for e in edges if "passenger" in e.allows]
        usable = [e for e in for_cars if e.edge_id not in tunnels] or for_cars
        self._ids = [e.edge_id for e in usable]
        self._tree = STRtree([LineString(e.shape) for e in usable])

    def to(self, shape: BaseGeometry) -> str:
        """Its id; "" when the city has none."""
        return self._ids[int(self._tree.nearest(shape))] if self._ids else ""


class NearestNode:
    """Finds the nearest node of the walk graph."""

    def __init__(self, nodes: list[dict[str, Any]]) -> None:
        points = np.array([(n["geometry"].x, n["geometry"].y) for n in nodes])
        self._tree = cKDTree(points) if len(points) else None

    def to(self, point: Point) -> int:
        """Its row; -1 when the walk graph is empty."""
        return int(self._tree.query((point.x, point.y))[1]) if self._tree is not None else -1


def _attraction(tags: Tags) -> tuple[str, float] | None:
    for key, table in (
        ("tourism", _TOURISM),
        ("amenity", _AMENITY),
        ("leisure", _LEISURE),
        ("historic", _HISTORIC if "name" in tags else {}),
    ):
        if tags.get(key) in table:
            return tags[key], table[tags[key]]
    if tags.get("place") == "square" or (tags.get("highway") == "pedestrian" and tags.get("name")):
        return "square", 0.6
    if tags.get("man_made") == "pier" and tags.get("name"):
        return "pier", 0.4
    if tags.get("natural") == "beach" and tags.get("name"):
        return "beach", 0.8
    if tags.get("shop") in ("mall", "department_store") and tags.get("name"):
        return "shopping", 0.8
    return None


def attraction_rows(places: list[Place]) -> list[dict[str, Any]]:
    """Rows of the layer `attractions`; larger areas draw more (weight grows with the root of the area over 1000 m2)."""
    rows: list[dict[str, Any]] = []
    for place in places:
        found = _attraction(place.tags)
        if found is None or (not place.tags.get("name") and found[0] in ("artwork", "information", "garden", "park")):
            continue
        kind, weight = found
        area = round(place.shape.area, 1)
        rows.append(
            {
                "osm_id": place.osm_id,
                "name": place.tags.get("name", ""),
                "kind": kind,
                "area_m2": area,
                "weight": round(weight * float(np.clip(np.sqrt(area / 1000.0), 1.0, 4.0)), 3),
                "geometry": inner_point(place.shape),
            }
        )
    return rows


def facility_rows(places: list[Place], edges: NearestEdge) -> list[dict[str, Any]]:
    """Rows of the layer `facilities`; a service within another of its kind is it, if it has no other name."""
    found = [(place, kind) for place in places if (kind := _facility(place.tags))]
    grounds = [(place, kind) for place, kind in found if place.shape.area > 0]
    rows = []
    for place, kind in found:
        point, name = inner_point(place.shape), place.tags.get("name", "")
        twice = any(
            kind == other_kind
            and name in ("", other.tags.get("name", ""))
            and other is not place
            and other.shape.area > place.shape.area
            and other.shape.intersects(point)
            for other, other_kind in grounds
        )
        if not twice:
            rows.append(_row(place, kind=kind, edge_id=edges.to(place.shape)))
    return rows


def _facility(tags: Tags) -> str | None:
    if tags.get("emergency") == "ambulance_station":
        return "ambulance_station"
    if tags.get("healthcare") == "hospital":
        return "hospital"
    return _FACILITIES.get(tags.get("amenity", "")) or ("clinic" if tags.get("healthcare") == "clinic" else None)


def _row(place: Place, **more: object) -> dict[str, Any]:
    row: dict[str, Any] = {"osm_id": place.osm_id, "name": place.tags.get("name", "")}
    return row | more | {"geometry": inner_point(place.shape)}


def _stop_kind(tags: Tags) -> str | None:
    if tags.get("railway") in ("subway_entrance", "tram_stop"):
        return "subway" if tags["railway"] == "subway_entrance" else "tram"
    if tags.get("highway") == "bus_stop" or tags.get("amenity") == "bus_station":
        return "bus"
    if tags.get("amenity") == "ferry_terminal":
        return "ferry"
    if tags.get("railway") in ("station", "halt"):
        return "subway" if tags.get("station") == "subway" else "rail"
    if tags.get("aerialway") == "station":
        return "aerialway"
    if tags.get("public_transport") == "stop_position":
        return next((kind for kind in ("bus", "tram", "ferry") if tags.get(kind) == "yes"), None)
    return None


def stop_rows(places: list[Place], nodes: NearestNode) -> list[dict[str, Any]]:
    """Rows of the layer `stops`; a stop mapped twice under one name nearby is kept once, also as point and as area."""
    rows: list[dict[str, Any]] = []
    for place in places:
        kind = _stop_kind(place.tags)
        if kind is None:
            continue
        point = inner_point(place.shape)
        name = place.tags.get("name", "")
        if not any(_same_stop(row, kind, name, point) for row in rows):
            rows.append(_row(place, kind=kind, walk_node=nodes.to(point)))
    return rows


def _same_stop(row: dict[str, Any], kind: str, name: str, point: Point) -> bool:
    near = row["geometry"].distance(point) < _SAME_STOP_M.get(kind, 30.0)
    return near and row["kind"] == kind and bool(name) and row["name"] == name


def car_park_rows(places: list[Place], edges: NearestEdge) -> list[dict[str, Any]]:
    """Rows of the layer `car_parks`; capacities that the map lacks are guessed.

    28 m2 of ground a car, on each level that the map states; at least 200 for a garage (underground or multi-storey),
    and 20 for another place mapped as a point.
    """
    rows = []
    for place in _parks(places):
        stated = read_number(place.tags.get("capacity"), least=1, most=20000).whole
        capacity, source = (_guessed_capacity(place), "guessed") if stated is None else (stated, "osm")
        rows.append(_row(place, capacity=capacity, capacity_source=source, edge_id=edges.to(place.shape)))
    return rows


def _guessed_capacity(place: Place) -> int:
    levels = (read_number(place.tags.get(key), least=1, most=30).value for key in _PARKING_LEVELS)
    room = place.shape.area * next((level for level in levels if level), 1.0) / _CAR_M2
    if place.tags.get("parking") in ("underground", "multi-storey"):
        return max(_CAPACITY_OF_A_GARAGE, round(room))
    return max(5, round(room)) if place.shape.area else _CAPACITY_OF_A_POINT


def _parks(places: list[Place]) -> Iterator[Place]:
    for place in places:
        if place.tags.get("amenity") == "parking" and place.tags.get("access") not in ("no", "private"):
            yield place
