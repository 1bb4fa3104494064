"""The drivable roads of an extract, cut at the map's border, as a small OSM file that netconvert can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely import contains_xy, prepare
from shapely.geometry import Polygon

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.errors import BadMap
from networks.osm.extract import Extract, Tags, Way
from networks.osm.signal_nodes import Evidence, read_evidence
from networks.osm.signal_search import SignalSite
from networks.osm.signal_sites import find_sites
from networks.osm.streets import Streets
from networks.repairs import Repair
from networks.roads.barriers import part_at_barriers
from networks.roads.netconvert import RESTRICTED
from networks.roads.restrictions import Restriction, holds_by_day, read_restrictions
from networks.roads.statement import Statement, signal_end, state_way
from networks.roads.tags import road_tags

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
_CLOSED = {"no", "agricultural", "forestry", "military"}
_FOR_FEW = {"private", "delivery", "permit", "residents"}


@dataclass(frozen=True)
class RoadSource:
    """Roads ready for netconvert.

    Attributes:
        file: The OSM file written.
        ways: Written way id -> tags of the way it came from.
        way_nodes: Written way id -> its node ids.
        cut_nodes: Nodes where the map's border cuts a road.
        signal_nodes: Nodes with highway=traffic_signals on a road.
        osm_way: Written way id -> id of the way on the map (others are stretches of a way that was cut).
        said: Written way id -> what its tags say.
        restrictions: Turn restrictions between written ways.
        xy: Nodes of the ways, metres.
        sites: The signal controllers that the map implies; in `file`, only their anchors are tagged as signals.
        left_hand: Traffic keeps left.
        repairs, doubts: Tags that were read otherwise than they stand, and tags that contradict each other.
    """

    file: Path
    ways: dict[int, Tags]
    way_nodes: dict[int, tuple[int, ...]]
    cut_nodes: frozenset[int]
    signal_nodes: tuple[int, ...]
    osm_way: Mapping[int, int] = field(default_factory=dict)
    said: Mapping[int, Statement] = field(default_factory=dict)
    restrictions: tuple[Restriction, ...] = ()
    xy: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sites: tuple[SignalSite, ...] = ()
    left_hand: bool = False

    def by_lane(self, items: Sequence[str]) -> list[str]:
        """What tags list from left to right, in the order of SUMO's lanes: from the kerb."""
        return list(items) if self.left_hand else list(reversed(items))


def drivable(tags: Tags) -> bool:
    """Whether a way is a road that the traffic model should know."""
    kind = tags.get("highway")
    if kind not in DRIVABLE or tags.get("area") == "yes":
        return False
    return _access(tags) not in _CLOSED or _serves_buses(tags) or tags.get("emergency") in ("yes", "designated")


def restricted(tags: Tags) -> bool:
    """Whether a drivable way is for its owner, deliveries and ambulances alone."""
    if _serves_buses(tags):
        return False
    return _access(tags) in _CLOSED | _FOR_FEW or tags.get("service") == "emergency_access"


def _access(tags: Tags) -> str:
    return tags.get("motor_vehicle") or tags.get("vehicle") or tags.get("access") or "yes"


def _serves_buses(tags: Tags) -> bool:
    return tags.get("psv") in ("yes", "designated") or tags.get("bus") in ("yes", "designated")


def write_road_source(
    extract: Extract, plane: Plane, frame: Polygon, file: Path, *, left_hand: bool = False
) -> RoadSource:
    """Write the drivable ways, cut where they leave the map or miss nodes, with their turn restrictions.

    A way that lacks nodes, or runs on beyond `frame` (metres), becomes one way per stretch inside; the
    first node outside is kept as its end.

    Raises:
        BadMap: No drivable road is left.
    """
    inside = _inside(extract, plane, frame)
    ways: dict[int, Tags] = {}
    way_nodes: dict[int, tuple[int, ...]] = {}
    osm_way: dict[int, int] = {}
    cut: set[int] = set()
    fresh_id = max((way.osm_id for way in extract.ways), default=0) + 1
    for way in extract.ways:
        if not drivable(way.tags):
            continue
        for index, run in enumerate(_stretches(extract, way, inside)):
            written = way.osm_id if index == 0 else fresh_id
            fresh_id += index > 0
            ways[written], way_nodes[written], osm_way[written] = way.tags, run, way.osm_id
        cut.update(_cut_nodes(way, inside))
    if all(restricted(tags) for tags in ways.values()):
        raise BadMap(
            "the map holds no road for cars",
            file=extract.file,
            expected="ways with highway=residential, primary, ... that cars may use",
            remedy="export a larger area, or one with streets",
        )
    closed = part_at_barriers(extract, plane, ways, way_nodes, osm_way)
    lonlat = {**extract.lonlat, **closed.lonlat}
    signals = frozenset(node.osm_id for node in extract.nodes if node.tags.get("highway") == "traffic_signals")
    said = {
        written: state_way(tags, left_hand=left_hand, signal_end=signal_end(way_nodes[written], signals))
        for written, tags in ways.items()
    }
    stretches: dict[int, list[int]] = {}
    for written, osm_id in osm_way.items():
        stretches.setdefault(osm_id, []).append(written)
    restrictions = read_restrictions(extract, stretches, way_nodes)
    cleaned = {written: road_tags(tags, said[written], left_hand=left_hand) for written, tags in ways.items()}
    for written in cleaned:
        if restricted(ways[written]):
            cleaned[written]["highway"] = RESTRICTED.removeprefix("highway.")
    seen, sites = _signals(extract, ways, way_nodes, plane.xy)
    _write(
        extract, lonlat, cleaned, way_nodes, restrictions, frozenset(a for site in sites for a in site.anchors), file
    )
    repairs, doubts = _remarks(said, osm_way, way_nodes, plane.xy)
    repairs = (*repairs, *closed.repairs)
    xy = {node: plane.xy[node] for refs in way_nodes.values() for node in refs}
    return RoadSource(
        file,
        ways,
        way_nodes,
        frozenset(cut),
        seen.tagged,
        osm_way,
        said,
        restrictions,
        xy,
        repairs,
        doubts,
        sites,
        left_hand,
    )


def _signals(
    extract: Extract,
    ways: Mapping[int, Tags],
    way_nodes: Mapping[int, tuple[int, ...]],
    xy: Mapping[int, tuple[float, float]],
) -> tuple[Evidence, tuple[SignalSite, ...]]:
    streets = Streets(ways, way_nodes, xy)
    seen = read_evidence(extract, streets.arms, extract.forced_signals)
    return seen, tuple(find_sites(streets, seen))


def _remarks(
    said: Mapping[int, Statement],
    osm_way: Mapping[int, int],
    way_nodes: Mapping[int, tuple[int, ...]],
    xy: Mapping[int, tuple[float, float]],
) -> tuple[tuple[Repair, ...], tuple[Doubt, ...]]:
    """What was not taken as it stands, once for each way of the map."""
    repairs: list[Repair] = []
    doubts: list[Doubt] = []
    told: set[int] = set()
    for written, statement in said.items():
        if osm_way[written] in told:
            continue
        told.add(osm_way[written])
        nodes = way_nodes[written]
        (x, y), osm = xy[nodes[len(nodes) // 2]], f"w{osm_way[written]}"
        repairs += [Repair(c.rule, osm, "", c.why, c.before, c.after, x, y) for c in statement.changes]
        doubts += [Doubt(q.kind, osm, "", q.what, q.remedy, q.influence, x, y) for q in statement.questions]
    return tuple(repairs), tuple(doubts)


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
    extract: Extract,
    lonlat: Mapping[int, tuple[float, float]],
    ways: Mapping[int, Tags],
    way_nodes: Mapping[int, tuple[int, ...]],
    restrictions: tuple[Restriction, ...],
    signals: frozenset[int],
    file: Path,
) -> None:
    import osmium
    from osmium.osm.mutable import Node, Relation, Way

    used = sorted({ref for refs in way_nodes.values() for ref in refs})
    tags_of = {node.osm_id: node.tags for node in extract.nodes}
    kept_tags = {ref: _road_node_tags(tags_of.get(ref, {}), ref in signals) for ref in used}
    file.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(file)) as writer:
        for ref in used:
            writer.add_node(Node(id=ref, version=1, location=lonlat[ref], tags=kept_tags[ref]))
        for written in sorted(ways):
            writer.add_way(Way(id=written, version=1, nodes=way_nodes[written], tags=ways[written]))
        for number, one in enumerate(_simple_relations(restrictions), start=1):
            writer.add_relation(Relation(id=number, version=1, members=one[0], tags=one[1]))


def _simple_relations(restrictions: tuple[Restriction, ...]) -> list[tuple[list[tuple[str, int, str]], Tags]]:
    """(members, tags) of the restrictions that netconvert can apply itself: one way, one node, one way, for everyone.

    Those that let some class pass, or go by way of a way, are applied to the finished network.
    """
    found = []
    for one in restrictions:
        if one.excepted or one.via_ways or len(one.via_nodes) != 1 or not holds_by_day(one.hours):
            continue
        if len(one.from_ways) > 1 and len(one.to_ways) > 1:
            continue
        for start in one.from_ways:
            for end in one.to_ways:
                members = [("w", start, "from"), ("n", one.via_nodes[0], "via"), ("w", end, "to")]
                turn = "u_turn" if one.u_turn else "straight_on"
                found.append(
                    (members, {"type": "restriction", "restriction": f"{'only' if one.only else 'no'}_{turn}"})
                )
    return found


def _road_node_tags(tags: Tags, signal: bool) -> Tags:
    """What netconvert is told of a node: its signals are decided beforehand, so none but those."""
    if signal:
        return {"highway": "traffic_signals"}
    kind = tags.get("highway", "")
    return {"highway": kind} if kind not in ("", "traffic_signals", "crossing") else {}
