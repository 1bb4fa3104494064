"""What a city remembers of its map: the objects that matter, so that a newer map can be compared with it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shapely import from_wkb, get_coordinates, to_wkb
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from networks.errors import BadCity
from networks.osm.extract import Extract, Relation, Tags, Way

OBJECTS_FILE = "osm_objects.parquet"
KINDS = (
    "road",
    "path",
    "rail",
    "signal",
    "crossing",
    "stop",
    "facility",
    "car_park",
    "attraction",
    "building",
    "water",
    "restriction",
)
"""Kinds of objects that are remembered; an object is of the first kind that fits."""
LINES = ("road", "path", "rail", "water")
_KEYS = {
    *(
        "highway",
        "name",
        "ref",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "bus",
        "psv",
        "hgv",
        "bicycle",
        "foot",
    ),
    *("bridge", "tunnel", "layer", "junction", "width", "service", "area", "covered", "railway", "building", "height"),
    *("building:levels", "building:part", "min_height", "amenity", "emergency", "healthcare", "capacity", "parking"),
    *("tourism", "leisure", "natural", "water", "waterway", "public_transport", "station", "restriction", "except"),
    *("man_made", "place", "type", "intermittent", "bicycle"),
    *("maxheight", "maxheight:physical", "maxwidth", "maxwidth:physical", "maxweight", "hazmat"),
    *("hazmat:adr_tunnel_cat", "maxweight:conditional", "hazmat:conditional", "hgv:conditional"),
    "restriction:conditional",
}
_FAMILIES = ("lanes", "oneway", "maxspeed", "turn", "busway", "cycleway", "sidewalk", "crossing", "traffic_signals")
_PATHS = {"footway", "pedestrian", "steps", "path", "cycleway", "bridleway", "corridor"}
_NO_ROADS = {"proposed", "construction", "abandoned", "platform", "rest_area", "services", "razed"}
_HELP = {"hospital", "clinic", "fire_station", "police"}
_DRAWS = {"museum", "attraction", "gallery", "zoo", "theme_park", "aquarium", "viewpoint", "hotel", "hostel"}
_M_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class MapObject:
    """One object of the map.

    Attributes:
        osm: n1, w1 or r1.
        kind: One of KINDS.
        tags: Those of its tags that this project reads.
        nodes: The nodes of a road, path or railway; empty for others.
        shape: Degrees: a line where the object is one, else the middle of it.
        area_m2: Ground area, 0 where it has none.
    """

    osm: str
    kind: str
    tags: Tags
    nodes: tuple[int, ...]
    shape: BaseGeometry
    area_m2: float

    @property
    def middle(self) -> tuple[float, float]:
        """(Longitude, latitude)."""
        point = self.shape.interpolate(0.5, normalized=True) if self.shape.geom_type == "LineString" else self.shape
        return float(point.x), float(point.y)


def kind_of(tags: Tags, of: str) -> str | None:
    """The kind of an object of type n, w or r with these tags; None where nothing here depends on it."""
    highway = tags.get("highway", "")
    if of == "w" and highway and highway not in _NO_ROADS:
        return "path" if highway in _PATHS else "road"
    if of == "w" and tags.get("railway") in ("rail", "tram", "light_rail", "subway"):
        return "rail"
    if of == "n" and highway == "traffic_signals":
        return "signal"
    if of == "n" and (highway == "crossing" or tags.get("railway") == "level_crossing"):
        return "crossing"
    if of == "r" and tags.get("type", "").startswith("restriction"):
        return "restriction"
    return _place_kind(tags)


def _place_kind(tags: Tags) -> str | None:
    amenity = tags.get("amenity")
    if tags.get("highway") == "bus_stop" or tags.get("railway") in ("station", "halt", "tram_stop", "subway_entrance"):
        return "stop"
    if amenity in ("bus_station", "ferry_terminal"):
        return "stop"
    if amenity in _HELP or tags.get("healthcare") == "hospital" or tags.get("emergency") == "ambulance_station":
        return "facility"
    if amenity == "parking":
        return "car_park"
    if tags.get("tourism") in _DRAWS or amenity in ("theatre", "cinema", "casino") or tags.get("leisure") == "stadium":
        return "attraction"
    if tags.get("building", "no") != "no":
        return "building"
    if tags.get("natural") in ("water", "coastline") or "waterway" in tags:
        return "water"
    return None


def relevant(tags: Tags) -> Tags:
    """The tags that this project reads, by key."""
    return {k: tags[k] for k in sorted(tags) if k in _KEYS or k.split(":")[0] in _FAMILIES}


def objects_of(extract: Extract) -> dict[str, MapObject]:
    """The remembered objects of a map, in file order: nodes, ways, relations."""
    found: list[MapObject | None] = []
    for node in extract.nodes:
        kind = kind_of(node.tags, "n")
        if kind is not None and node.osm_id in extract.lonlat:
            shape = Point(extract.lonlat[node.osm_id])
            found.append(MapObject(f"n{node.osm_id}", kind, relevant(node.tags), (), shape, 0.0))
    found += [_way_object(extract, way) for way in extract.ways]
    ways = {way.osm_id: way for way in extract.ways}
    found += [_relation_object(extract, relation, ways) for relation in extract.relations]
    return {one.osm: one for one in found if one is not None}


def _way_object(extract: Extract, way: Way) -> MapObject | None:
    kind = kind_of(way.tags, "w")
    points = [extract.lonlat[ref] for ref in way.nodes if ref in extract.lonlat]
    if kind is None or len(points) < 2:
        return None
    closed = len(points) > 3 and way.nodes[0] == way.nodes[-1]
    if kind in ("road", "path", "rail") or (kind == "water" and not closed):
        shape: BaseGeometry = LineString(_rounded(points))
        return MapObject(f"w{way.osm_id}", kind, relevant(way.tags), way.nodes if kind != "water" else (), shape, 0.0)
    middle, area = _flat(points) if closed else (_mean(points), 0.0)
    return MapObject(f"w{way.osm_id}", kind, relevant(way.tags), (), Point(middle), area)


def _relation_object(extract: Extract, relation: Relation, ways: Mapping[int, Way]) -> MapObject | None:
    kind = kind_of(relation.tags, "r")
    if kind is None:
        return None
    tags = relevant(relation.tags)
    if kind == "restriction":
        tags["members"] = " ".join(f"{of}{ref}:{role}" for of, ref, role in relation.members)
    refs = [ref for of, ref, _ in relation.members if of == "n"]
    area, outer = (
        0.0,
        [ways[ref] for of, ref, role in relation.members if of == "w" and ref in ways and role != "inner"],
    )
    for way in () if refs and kind == "restriction" else outer:
        refs += way.nodes
        points = [extract.lonlat[ref] for ref in way.nodes if ref in extract.lonlat]
        area += _flat(points)[1] if len(points) > 3 and way.nodes[0] == way.nodes[-1] else 0.0
    known = [extract.lonlat[ref] for ref in refs if ref in extract.lonlat]
    return MapObject(f"r{relation.osm_id}", kind, tags, (), Point(_mean(known)), area) if known else None


def _rounded(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(round(x, 7), round(y, 7)) for x, y in points]


def _mean(points: list[tuple[float, float]]) -> tuple[float, float]:
    count = len(points)
    return round(sum(p[0] for p in points) / count, 7), round(sum(p[1] for p in points) / count, 7)


def _flat(points: list[tuple[float, float]]) -> tuple[tuple[float, float], float]:
    """(Middle in degrees, area in m2) of a ring."""
    x0, y0 = points[0]
    across = _M_PER_DEGREE * math.cos(math.radians(y0))
    ring = Polygon([((x - x0) * across, (y - y0) * _M_PER_DEGREE) for x, y in points])
    if ring.area <= 0:
        return _mean(points), 0.0
    middle = ring.centroid
    return (round(x0 + middle.x / across, 7), round(y0 + middle.y / _M_PER_DEGREE, 7)), round(ring.area, 1)


def write_objects(objects: Mapping[str, MapObject], file: Path) -> None:
    """Write them as Parquet, in their order."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    items = list(objects.values())
    table = pa.table(
        {
            "osm": [one.osm for one in items],
            "kind": pa.array([one.kind for one in items], pa.string()),
            "tags": [json.dumps(one.tags, ensure_ascii=False, sort_keys=True) for one in items],
            "nodes": pa.array([one.nodes for one in items], pa.list_(pa.int64())),
            "shape": pa.array([to_wkb(one.shape) for one in items], pa.binary()),
            "area_m2": pa.array([one.area_m2 for one in items], pa.float64()),
        }
    )
    pq.write_table(table, file, compression="zstd")


def read_objects(folder: Path) -> dict[str, MapObject]:
    """What the city in `folder` remembers of its map.

    Raises:
        BadCity: It remembers nothing: it was not built from a map, or by an older version.
    """
    import pyarrow.parquet as pq

    file = folder / OBJECTS_FILE
    if not file.is_file():
        raise BadCity(
            "this city remembers nothing of its map, so nothing can be compared with it",
            file=file,
            expected="a city that was built from an OpenStreetMap file by this version",
            remedy="build it again from the map that it was built from: twin build FILE",
        )
    rows = pq.read_table(file).to_pylist()
    return {
        row["osm"]: MapObject(
            row["osm"],
            row["kind"],
            json.loads(row["tags"]),
            tuple(row["nodes"]),
            from_wkb(row["shape"]),
            row["area_m2"],
        )
        for row in rows
    }


def metres_apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance of two points in degrees, m, on a sphere; right for neighbours."""
    across = math.cos(math.radians((a[1] + b[1]) / 2))
    return _M_PER_DEGREE * math.hypot((a[0] - b[0]) * across, a[1] - b[1])


def distance_m(shape: BaseGeometry, place: tuple[float, float]) -> float:
    """From a shape in degrees to a point in degrees, m."""
    across = math.cos(math.radians(place[1]))
    flat = [((x - place[0]) * across, y - place[1]) for x, y in get_coordinates(shape)]
    line: BaseGeometry = LineString(flat) if len(flat) > 1 else Point(flat[0])
    return float(line.distance(Point(0.0, 0.0))) * _M_PER_DEGREE
