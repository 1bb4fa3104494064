"""The drivable roads of an extract, cut at the map's border, as a small OSM file that netconvert can read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shapely import contains_xy, prepare
from shapely.geometry import Polygon

from networks.coordinates.projection import Plane
from networks.errors import BadMap
from networks.osm.extract import Extract, Tags, Way

DRIVABLE = (
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "busway",
    "bus_guideway",
    "road",
)
_CLOSED = {"no", "private", "delivery", "agricultural", "forestry", "military", "permit"}
_SERVICE_LEFT_OUT = {"parking_aisle", "driveway", "drive-through", "emergency_access"}


@dataclass(frozen=True)
class RoadSource:
    """Roads ready for netconvert.

    Attributes:
        file: The OSM file written.
        ways: Written way id -> tags of the way it came from.
        way_nodes: Written way id -> its node ids.
        cut_nodes: Nodes where the map's border cuts a road.
        signal_nodes: Nodes with highway=traffic_signals on a road.
    """

    file: Path
    ways: dict[int, Tags]
    way_nodes: dict[int, tuple[int, ...]]
    cut_nodes: frozenset[int]
    signal_nodes: tuple[int, ...]


def drivable(tags: Tags) -> bool:
    """Whether a way is a road that the traffic model should know."""
    kind = tags.get("highway")
    if kind not in DRIVABLE or tags.get("area") == "yes":
        return False
    access = tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access") or "yes"
    serves_buses = tags.get("psv") in ("yes", "designated") or tags.get("bus") in ("yes", "designated")
    if access in _CLOSED and not serves_buses:
        return False
    return not (kind == "service" and tags.get("service") in _SERVICE_LEFT_OUT)


def write_road_source(extract: Extract, plane: Plane, frame: Polygon, file: Path) -> RoadSource:
    """Write the drivable ways, cut where they leave the map or miss nodes, with their turn restrictions.

    A way that lacks nodes, or runs on beyond `frame` (metres), becomes one way per stretch inside; the
    first node outside is kept as its end.

    Raises:
        BadMap: No drivable road is left.
    """
    inside = _inside(extract, plane, frame)
    ways: dict[int, Tags] = {}
    way_nodes: dict[int, tuple[int, ...]] = {}
    cut: set[int] = set()
    fresh_id = max((way.osm_id for way in extract.ways), default=0) + 1
    for way in extract.ways:
        if not drivable(way.tags):
            continue
        for index, run in enumerate(_stretches(extract, way, inside)):
            written = way.osm_id if index == 0 else fresh_id
            fresh_id += index > 0
            ways[written], way_nodes[written] = way.tags, run
        cut.update(_cut_nodes(way, inside))
    if not ways:
        raise BadMap(
            "the map holds no road for cars",
            file=extract.file,
            expected="ways with highway=residential, primary, ... that cars may use",
            remedy="export a larger area, or one with streets",
        )
    signal_nodes = _write(extract, ways, way_nodes, file)
    return RoadSource(file, ways, way_nodes, frozenset(cut), signal_nodes)


def _inside(extract: Extract, plane: Plane, frame: Polygon) -> set[int]:
    prepare(frame)
    ids = list(extract.lonlat)
    xs, ys = zip(*(plane.xy[i] for i in ids), strict=True)
    near = frame.buffer(1.0)
    prepare(near)
    return {i for i, ok in zip(ids, contains_xy(near, xs, ys), strict=True) if ok}


def _stretches(extract: Extract, way: Way, inside: set[int]) -> list[tuple[int, ...]]:
    """Stretches inside the frame, each with the first node outside where there is one."""
    found = []
    for run in extract.runs(way):
        keep = [
            ref in inside or (i > 0 and run[i - 1] in inside) or (i + 1 < len(run) and run[i + 1] in inside)
            for i, ref in enumerate(run)
        ]
        stretch: list[int] = []
        for i, ref in enumerate(run):
            if keep[i]:
                stretch.append(ref)
            left = ref not in inside and len(stretch) > 1
            if left or not keep[i] or i + 1 == len(run):
                if len(stretch) > 1:
                    found.append(tuple(stretch))
                stretch = [ref] if left and keep[i] and i + 1 < len(run) and run[i + 1] in inside else []
    return found


def _cut_nodes(way: Way, inside: set[int]) -> list[int]:
    """Where a way goes on without the map: the first node outside the frame, and the last one inside."""
    pairs = list(zip(way.nodes, way.nodes[1:], strict=False))
    leaving = [(a, b) for a, b in pairs + [(b, a) for a, b in pairs] if a in inside and b not in inside]
    return [node for pair in leaving for node in pair]


def _write(
    extract: Extract, ways: dict[int, Tags], way_nodes: dict[int, tuple[int, ...]], file: Path
) -> tuple[int, ...]:
    import osmium
    from osmium.osm.mutable import Node, Relation, Way

    used = sorted({ref for refs in way_nodes.values() for ref in refs})
    tags_of = {node.osm_id: node.tags for node in extract.nodes}
    kept_tags = {ref: _road_node_tags(tags_of[ref]) for ref in used if ref in tags_of}
    file.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(file)) as writer:
        for ref in used:
            writer.add_node(Node(id=ref, version=1, location=extract.lonlat[ref], tags=kept_tags.get(ref, {})))
        for written in sorted(ways):
            writer.add_way(Way(id=written, version=1, nodes=way_nodes[written], tags=_road_tags(ways[written])))
        for relation in sorted(extract.relations, key=lambda r: r.osm_id):
            if relation.tags.get("type") == "restriction" and all(
                (kind == "w" and ref in ways) or (kind == "n" and ref in extract.lonlat)
                for kind, ref, _ in relation.members
            ):
                writer.add_relation(
                    Relation(id=relation.osm_id, version=1, members=list(relation.members), tags=relation.tags)
                )
    return tuple(ref for ref in used if kept_tags.get(ref, {}).get("highway") == "traffic_signals")


def _road_node_tags(tags: Tags) -> Tags:
    return {
        k: v for k, v in tags.items() if k in ("highway", "crossing", "traffic_signals", "traffic_signals:direction")
    }


def _road_tags(tags: Tags) -> Tags:
    """The way's tags, `highway=road` read as unclassified; those of pavements and parking lanes stay out."""
    kept = {k: v for k, v in tags.items() if not k.startswith(("sidewalk", "cycleway", "parking"))}
    if kept["highway"] == "road":
        kept["highway"] = "unclassified"
    return kept
