"""Ways across pedestrian areas: straight links from a square's middle to the footways that meet its edge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shapely import prepare
from shapely.geometry import LineString, Point, Polygon

from networks.coordinates.projection import Plane
from networks.osm.areas import as_area
from networks.osm.extract import Extract, Tags, Way

_AREAS = ("pedestrian", "footway")
_SMALLEST_M2, _LARGEST_M2 = 60.0, 60000.0


@dataclass(frozen=True)
class Spoke:
    """A link from the middle of a square (a node of our own, with an id below all others) to a node on its edge."""

    middle: int
    gate: int
    width_m: float


@dataclass(frozen=True)
class Squares:
    """Spokes of all squares; `middles` places the nodes that they bring, metres."""

    spokes: list[Spoke]
    middles: dict[int, tuple[float, float]]


def cross_squares(extract: Extract, plane: Plane, walked: Counter[int]) -> Squares:
    """Spokes for each pedestrian area that at least two walked ways meet.

    Args:
        extract: The map.
        plane: Places its nodes.
        walked: Node id -> how many walked ways (other than outlines of areas) touch it.
    """
    ways = {way.osm_id: way for way in extract.ways}
    rings = [way for way in extract.ways if _is_square(way.tags) and _closed(way, extract)]
    for relation in extract.relations:
        if relation.tags.get("type") == "multipolygon" and relation.tags.get("highway") in _AREAS:
            members = [
                ways[ref] for kind, ref, role in relation.members if kind == "w" and ref in ways and role == "outer"
            ]
            rings += [way for way in members if _closed(way, extract)]
    spokes: list[Spoke] = []
    middles: dict[int, tuple[float, float]] = {}
    lowest = min([0, *extract.lonlat])  # editors give new objects negative ids
    for way in sorted({way.osm_id: way for way in rings}.values(), key=lambda w: w.osm_id):
        shape = as_area(Polygon([plane.xy[ref] for ref in way.nodes]))
        if shape is None or not _SMALLEST_M2 <= shape.area <= _LARGEST_M2 or shape.geom_type != "Polygon":
            continue
        gates = [ref for ref in dict.fromkeys(way.nodes) if walked[ref] > 0]
        middle = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
        near = shape.buffer(1.0)
        prepare(near)
        seen = [ref for ref in gates if near.contains(LineString([middle, Point(plane.xy[ref])]))]
        if len(seen) > 1:
            own = lowest - 1 - len(middles)
            middles[own] = (round(middle.x, 3), round(middle.y, 3))
            width = round(min(max(shape.area**0.5 / 3, 3.0), 20.0), 1)
            spokes += [Spoke(own, ref, width) for ref in seen]
    return Squares(spokes, middles)


def _is_square(tags: Tags) -> bool:
    return tags.get("highway") in _AREAS and tags.get("area") == "yes"


def _closed(way: Way, extract: Extract) -> bool:
    return len(way.nodes) > 3 and way.nodes[0] == way.nodes[-1] and extract.whole(way)
