"""A finished road network checked against the tags of its map: lanes, speeds, directions, turns, restrictions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import dist

from networks.roads.arrows import fits, letters
from networks.roads.forbidden import Streets, forbidden_moves
from networks.roads.net_file import MOTOR_CLASSES, Net, NetEdge, NetLink
from networks.roads.sides import EdgeSide, edge_sides, last_side, turn_deg
from networks.roads.source import RoadSource

_SPEED_SLACK_MPS = 0.06


@dataclass(frozen=True)
class Offender:
    """One thing in the network that is not what the map says.

    Attributes:
        osm: The object on the map, `w1` or `r1`.
        net: The edges, a space between.
        stated, built: What the map says and what is there.
        x, y: Where, metres.
    """

    osm: str
    net: str
    stated: str
    built: str
    x: float
    y: float


@dataclass(frozen=True)
class Check:
    """A check's outcome: how many things were compared, and those that differ.

    Attributes:
        name: `lanes`, `speeds`, `directions`, `turns`, `restrictions` or `ways_on`.
        compared: Directions of ways, or restrictions, that the map states and the network has.
        offenders: Those that differ, in the network's order.
    """

    name: str
    compared: int
    offenders: tuple[Offender, ...]

    @property
    def share(self) -> float:
        """Share that agrees, 1 where nothing was compared."""
        return 1.0 - len(self.offenders) / self.compared if self.compared else 1.0


def lanes_against_tags(net: Net, source: RoadSource) -> Check:
    """Motor lanes of every edge against the lanes stated for its direction of its ways."""
    return _per_edge(
        "lanes", net, source, lambda one: one.side.lanes if one.side else None, lambda e: e.lanes, lambda a, b: a == b
    )


def speeds_against_tags(net: Net, source: RoadSource) -> Check:
    """Speed of every edge against the stated limit, m/s, within 0.06 (netconvert rounds)."""
    return _per_edge(
        "speeds",
        net,
        source,
        lambda one: one.side.speed_mps if one.side else None,
        lambda e: e.speed_mps,
        lambda a, b: abs(a - b) <= _SPEED_SLACK_MPS,
    )


def directions_against_tags(net: Net, source: RoadSource) -> Check:
    """Every edge for motor vehicles runs in a direction that its ways have."""
    sides = _sides(net, source)
    edges = [e for e in net.edges if sides[e.edge_id] and e.allows & MOTOR_CLASSES]
    wrong = [
        Offender(_names(source, sides[e.edge_id]), e.edge_id, "one-way", "against it", *_middle(e))
        for e in edges
        if all(one.side is None for one in sides[e.edge_id])
    ]
    return Check("directions", len(edges), tuple(wrong))


def turns_against_tags(net: Net, source: RoadSource) -> Check:
    """Moves of every lane at the end of a way with arrows against them, for the way that ends at the junction.

    A lane agrees when it has a move and each of its moves fits one of its arrows: by SUMO's direction, or because it is
    the leftmost (rightmost) of the ways on, which is what arrows mean where a road forks. Lanes without an arrow may go
    anywhere. Edges from which all lanes lead to one other are not compared. Where a junction stands for several nodes
    of the map, arrows speak of the first: a move that branches off at another may be there beside one that fits.
    """
    sides = _sides(net, source)
    moves: dict[tuple[str, int], list[NetLink]] = {}
    for link in net.links:
        if link.allows & MOTOR_CLASSES:
            moves.setdefault((link.from_edge, link.from_lane), []).append(link)
    shapes = {edge.edge_id: edge.shape for edge in net.edges}
    compared, wrong = 0, []
    for edge in net.edges:
        last = last_side(edge.shape[-1], net.node_parts.get(edge.to_node, ()), sides[edge.edge_id], source)
        if last is None or last.side is None or len(last.side.turns) != edge.lanes:
            continue
        motor = [i for i, classes in enumerate(edge.lane_allows) if classes & MOTOR_CLASSES]
        if len({move.to_edge for i in motor for move in moves.get((edge.edge_id, i), ())}) < 2:
            continue  # it leads out of the map, or on along the street: the arrows are for a junction further on
        compared += 1
        words = source.by_lane(last.side.turns)
        there = [moves.get((edge.edge_id, i), []) for i in motor]
        ways = {move.to_edge: move.direction for several in there for move in several}
        by_end = letters(ways, {end: turn_deg(edge.shape, shapes[end]) for end in ways})
        found = ["".join(sorted({by_end[move.to_edge] for move in several})) for several in there]
        parts = net.node_parts.get(edge.to_node, ())
        here = _nearest(edge.shape[-1], parts, source)
        further = {end for end in ways if _nearest(shapes[end][0], parts, source) != here}
        if not all(_agrees(word, several, by_end, further) for word, several in zip(words, there, strict=True)):
            stated, built = "|".join(last.side.turns), "|".join(source.by_lane(found))
            wrong.append(Offender(_names(source, (last,)), edge.edge_id, stated, built, *edge.shape[-1]))
    return Check("turns", compared, tuple(wrong))


def _agrees(arrows: str, moves: Sequence[NetLink], letter_of: Mapping[str, str], further: Collection[str]) -> bool:
    fit = [letter_of[m.to_edge] == "t" or fits(arrows, letter_of[m.to_edge]) for m in moves]
    return any(fit) and all(ok or m.to_edge in further for ok, m in zip(fit, moves, strict=True))


def _nearest(point: tuple[float, float], parts: Sequence[int], source: RoadSource) -> int | None:
    """The node of the map, of those that a junction stands for, that lies next to a point."""
    there = [part for part in parts if part in source.xy]
    return min(there, key=lambda part: (dist(point, source.xy[part]), part), default=None)


def restrictions_kept(net: Net, source: RoadSource) -> Check:
    """Every turn restriction that holds by day and forbids a move of the network's streets, against its moves."""
    streets = Streets(
        {e.edge_id: (e.from_node, e.to_node) for e in net.edges},
        {e.edge_id: e.osm_ways for e in net.edges},
        {e.edge_id: e.shape for e in net.edges},
        net.node_parts,
    )
    moves: dict[tuple[str, str], set[str]] = {}
    for link in net.links:
        moves.setdefault((link.from_edge, link.to_edge), set()).update(link.allows)
    kept = forbidden_moves(source, streets, moves)
    meant = {osm for one in kept.forbidden for osm in one.relations}
    ends = {e.edge_id: e.shape[-1] for e in net.edges}
    wrong: dict[int, Offender] = {}
    for one in kept.forbidden:
        if moves.get((one.start, one.end), set()) & MOTOR_CLASSES - set(one.spared):
            for osm in one.relations:
                told = (f"no move {one.start} -> {one.end}", "there is one")
                wrong.setdefault(osm, Offender(f"r{osm}", one.start, *told, *ends[one.start]))
    for lost in kept.lost:
        x, y = source.xy[source.way_nodes[lost.via_ways[0]][0]]
        wrong[lost.osm_id] = Offender(f"r{lost.osm_id}", "", "by way of a street", "cannot be expressed", x, y)
    return Check("restrictions", len(meant | set(wrong)), tuple(wrong[osm] for osm in sorted(wrong)))


def ways_on(net: Net, source: RoadSource) -> Check:
    """Every motor lane of an edge that goes on has a move of its own."""
    sides = _sides(net, source)
    moves: dict[str, set[int]] = {}
    for link in net.links:
        if link.allows & MOTOR_CLASSES:
            moves.setdefault(link.from_edge, set()).add(link.from_lane)
    compared, dead = 0, []
    for edge in net.edges:
        motor = [i for i, classes in enumerate(edge.lane_allows) if classes & MOTOR_CLASSES]
        if edge.edge_id not in moves:
            continue
        compared += len(motor)
        for lane in motor:
            if lane not in moves[edge.edge_id]:
                name = _names(source, sides[edge.edge_id])
                dead.append(Offender(name, edge.edge_id, f"lane {lane}", "no way on", *edge.shape[-1]))
    return Check("ways_on", compared, tuple(dead))


CHECKS: tuple[Callable[[Net, RoadSource], Check], ...] = (
    lanes_against_tags,
    speeds_against_tags,
    directions_against_tags,
    turns_against_tags,
    restrictions_kept,
    ways_on,
)
"""All of them, for a report."""


def _per_edge(
    name: str,
    net: Net,
    source: RoadSource,
    stated: Callable[[EdgeSide], float | None],
    built: Callable[[NetEdge], float],
    same: Callable[[float, float], bool],
) -> Check:
    sides = _sides(net, source)
    compared, wrong = 0, []
    for edge in net.edges:
        said = [value for one in sides[edge.edge_id] if (value := stated(one)) is not None]
        if not said or not edge.allows & MOTOR_CLASSES:
            continue
        compared += 1
        there = built(edge)
        if not any(same(value, there) for value in said):
            told = " or ".join(f"{v:g}" for v in sorted(set(said)))
            wrong.append(
                Offender(_names(source, sides[edge.edge_id]), edge.edge_id, told, f"{there:g}", *_middle(edge))
            )
    return Check(name, compared, tuple(wrong))


def _sides(net: Net, source: RoadSource) -> dict[str, tuple[EdgeSide, ...]]:
    return edge_sides(((e.edge_id, e.shape, e.osm_ways) for e in net.edges), source)


def _names(source: RoadSource, sides: Iterable[EdgeSide]) -> str:
    return " ".join(dict.fromkeys(f"w{source.osm_way.get(one.way, one.way)}" for one in sides))


def _middle(edge: NetEdge) -> tuple[float, float]:
    return edge.shape[len(edge.shape) // 2]
