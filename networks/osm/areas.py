"""Areas of an extract: closed ways and multipolygon relations as polygons in metres."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapely import make_valid, set_precision, union_all
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from networks.coordinates.projection import Plane
from networks.osm.extract import Extract, Relation, Tags, Way

_RAILWAY_AREAS = ("platform", "station", "halt", "tram_stop")
_NOT_AREAS = ("highway", "barrier", "railway")


@dataclass(frozen=True)
class Area:
    """A tagged area; `osm_id` is `w` or `r` and the number."""

    osm_id: str
    tags: Tags
    shape: Polygon | MultiPolygon


class Areas:
    """All areas of an extract, assembled once.

    Attributes:
        items: Areas in file order, closed ways first.
        incomplete: How many multipolygons were left out because the extract lacks some of their ways.
    """

    def __init__(self, extract: Extract, plane: Plane) -> None:
        self.items: list[Area] = []
        self.incomplete = 0
        ways = {way.osm_id: way for way in extract.ways}
        for way in extract.ways:
            if way.tags and _is_area(way) and extract.whole(way):
                shape = as_area(Polygon([plane.xy[ref] for ref in way.nodes]))
                if shape is not None:
                    self.items.append(Area(f"w{way.osm_id}", way.tags, shape))
        for relation in extract.relations:
            if relation.tags.get("type") == "multipolygon" and len(relation.tags) > 1:
                shape = _assemble(relation, ways, extract, plane)
                if shape is None:
                    self.incomplete += 1
                else:
                    self.items.append(Area(f"r{relation.osm_id}", relation.tags, shape))

    def having(self, *keys: str) -> Iterator[Area]:
        """Areas that carry one of the keys."""
        return (area for area in self.items if any(key in area.tags for key in keys))


def _is_area(way: Way) -> bool:
    if len(way.nodes) < 4 or way.nodes[0] != way.nodes[-1] or way.tags.get("area") == "no":
        return False
    line = any(key in way.tags for key in _NOT_AREAS) and "building" not in way.tags
    return not line or way.tags.get("area") == "yes" or way.tags.get("railway") in _RAILWAY_AREAS


def as_area(shape: BaseGeometry) -> Polygon | MultiPolygon | None:
    """The polygonal part of a shape, made valid, to the millimetre; None when nothing is left."""
    valid = shape if shape.is_valid else make_valid(shape)
    if valid.geom_type not in ("Polygon", "MultiPolygon"):
        parts = [p for p in getattr(valid, "geoms", []) if p.geom_type in ("Polygon", "MultiPolygon")]
        if not parts:
            return None
        valid = union_all(parts)
    rounded = set_precision(valid, 0.001)
    return rounded if rounded.geom_type in ("Polygon", "MultiPolygon") and rounded.area > 0 else None


def _assemble(
    relation: Relation, ways: dict[int, Way], extract: Extract, plane: Plane
) -> Polygon | MultiPolygon | None:
    rings: dict[str, list[Polygon]] = {"outer": [], "inner": []}
    for role in rings:
        lines = []
        for kind, ref, said in relation.members:
            if kind != "w" or (said == "inner") != (role == "inner"):
                continue
            way = ways.get(ref)
            if way is None or not extract.whole(way):
                if role == "outer":
                    return None
                continue
            if len(way.nodes) > 1:
                lines.append(LineString([plane.xy[n] for n in way.nodes]))
        rings[role] = list(polygonize(union_all(lines))) if lines else []
    if not rings["outer"]:
        return None
    shape = union_all(rings["outer"])
    if rings["inner"]:
        shape = shape.difference(union_all(rings["inner"]))
    return as_area(shape)


def inner_point(shape: BaseGeometry) -> Point:
    """A point inside a shape, to the millimetre."""
    point = shape if shape.geom_type == "Point" else shape.representative_point()
    return Point(round(point.x, 3), round(point.y, 3))
