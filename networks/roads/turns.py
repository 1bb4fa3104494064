"""Turns as the map allows them, in the network that netconvert made: restrictions kept, no lane without a way on."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from itertools import pairwise

from networks.doubts import Doubt
from networks.repairs import Repair
from networks.roads.forbidden import Forbidden, Streets, forbidden_moves
from networks.roads.net_file import MOTOR_CLASSES, allowed_classes
from networks.roads.plain import PlainNet
from networks.roads.restrictions import Restriction
from networks.roads.sides import EdgeSide
from networks.roads.source import RoadSource
from networks.sentence import say

_WORDS = {"bus": "bus coach", "taxi": "taxi", "bicycle": "bicycle", "emergency": "emergency authority"}
_SHARP_DEG = 150.0
_BACK_M = 8.0

Point = tuple[float, float]


def repair_turns(
    plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]]
) -> tuple[list[Repair], list[Doubt]]:
    """Keep the restrictions, find lost turns, open dead lanes; `plain` is changed in place."""
    streets = Streets(
        {e: (edge.attrib["from"], edge.attrib["to"]) for e, edge in plain.edges.items()},
        {e: plain.osm_ways(e) for e in plain.edges},
        {osm: node for node in plain.nodes for osm in plain.osm_nodes(node)},
    )
    forbidden, lost = forbidden_moves(source.restrictions, streets, _moves(plain))
    repairs = [repair for one in forbidden for repair in _keep(plain, one)]
    banned = {pair for one in forbidden if not one.relation.excepted for pair in one.pairs}
    repairs += _lost_turns(plain, source, sides, banned)
    repairs += _dead_lanes(plain, source, sides, banned)
    return repairs, [_inexpressible(source, one) for one in lost]


def _moves(plain: PlainNet) -> list[tuple[str, str]]:
    return list(dict.fromkeys((c.attrib["from"], c.attrib["to"]) for c in plain.connections if c.get("to")))


def _by_from(plain: PlainNet) -> dict[str, list[ET.Element]]:
    found: dict[str, list[ET.Element]] = {}
    for one in plain.connections:
        if one.get("to"):
            found.setdefault(one.attrib["from"], []).append(one)
    return found


def _keep(plain: PlainNet, one: Forbidden) -> list[Repair]:
    """Take out the moves that a restriction forbids, but for the classes that it lets pass."""
    there = _by_from(plain)
    repairs: list[Repair] = []
    dropped = set()
    for start, end in one.pairs:
        moves = [c for c in there.get(start, ()) if c.get("to") == end]
        if not moves:
            continue
        for move in moves:
            lanes = (plain.lanes(start)[int(move.attrib["fromLane"])], plain.lanes(end)[int(move.attrib["toLane"])])
            spared = allowed_classes(move) & allowed_classes(lanes[0]) & allowed_classes(lanes[1])
            spared |= {"taxi"} & set(one.relation.excepted) if "passenger" in spared else set()
            spared &= set(one.relation.excepted)
            words = " ".join(_WORDS[c] for c in one.relation.excepted if c in spared)
            if not words:
                dropped.add(id(move))
            elif move.get("allow") != words:
                move.set("allow", words)
                move.attrib.pop("disallow", None)
            else:
                continue
            why = say("a turn restriction of the map forbids it", "地图上的转向限制禁止此转向")
            after = f"for {words}" if words else "forbidden"
            told = (f"{start}_{move.get('fromLane')} -> {end}", after)
            repairs.append(
                Repair("restriction_kept", f"r{one.relation.osm_id}", start, why, *told, *plain.shape(start)[-1])
            )
    if dropped:
        plain.connections = [c for c in plain.connections if id(c) not in dropped]
        _mark_ends(plain, {start for start, _ in one.pairs})
    return repairs


def _mark_ends(plain: PlainNet, edges: set[str]) -> None:
    """An edge that lost its last move says so, lest netconvert guesses moves for it."""
    still = {c.attrib["from"] for c in plain.connections}
    plain.connections += [ET.Element("connection", {"from": e}) for e in sorted(edges - still) if e in plain.edges]


def _inexpressible(source: RoadSource, one: Restriction) -> Doubt:
    node = source.way_nodes[one.via_ways[0]][0]
    return Doubt(
        "restriction_by_way",
        f"r{one.osm_id}",
        "",
        say(
            "a turn restriction by way of a street cannot be kept without forbidding allowed turns",
            "经由路段的转向限制无法在不影响合法转向的情况下表达",
        ),
        say("forbid the movement by hand where it matters", "如有必要，请手工禁止该转向"),
        0.2,
        *source.xy[node],
    )


def _lost_turns(
    plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]], banned: set[tuple[str, str]]
) -> list[Repair]:
    """Turns that nothing on the map forbids, yet netconvert left out, from approaches without arrows."""
    there = _by_from(plain)
    outgoing = plain.outgoing()
    repairs = []
    for start, edge in plain.edges.items():
        if start in there or not _motor(plain, start):
            continue
        options = [
            end
            for end in outgoing[edge.attrib["to"]]
            if (start, end) not in banned
            and plain.edges[end].get("to") != edge.get("from")
            and abs(_angle(plain, start, end)) <= _SHARP_DEG
            and _shared(plain, start, end)
        ]
        for end in options:
            a, b = _shared(plain, start, end)[0]
            plain.connections = [c for c in plain.connections if c.get("from") != start or c.get("to")]
            plain.connect(start, a, end, b)
            why = say("the only way on was lost in the conversion", "转换时丢失了唯一的去向")
            repairs.append(
                Repair(
                    "turn_found",
                    _osm(source, sides, start),
                    start,
                    why,
                    "no turn",
                    f"-> {end}",
                    *plain.shape(start)[-1],
                )
            )
    return repairs


def _dead_lanes(
    plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]], banned: set[tuple[str, str]]
) -> list[Repair]:
    """A lane without a way on follows its neighbour: where a lane ends, the two merge."""
    repairs = []
    for start, moves in _by_from(plain).items():
        used = {int(c.attrib["fromLane"]) for c in moves}
        for lane in _motor(plain, start):
            if lane in used:
                continue
            found = _like_neighbour(plain, start, lane, moves)
            if found is None or (start, found[0]) in banned:
                continue
            plain.connect(start, lane, *found)
            why = say("the lane led nowhere: it follows its neighbour", "该车道无去向，改随相邻车道")
            told = (f"lane {lane}: no way on", f"lane {lane} -> {found[0]}_{found[1]}")
            name = _osm(source, sides, start)
            repairs.append(Repair("dead_lane", name, start, why, *told, *plain.shape(start)[-1]))
    return repairs


def _like_neighbour(plain: PlainNet, start: str, lane: int, moves: Sequence[ET.Element]) -> tuple[str, int] | None:
    """(to edge, to lane) for a lane without a way on, after the nearest lane that has one."""
    classes = allowed_classes(plain.lanes(start)[lane])
    ways_on = [c for c in moves if classes & MOTOR_CLASSES & _classes(plain, c)]
    if not ways_on:
        return None
    gap = min(abs(int(c.attrib["fromLane"]) - lane) for c in ways_on)
    near = [c for c in ways_on if abs(int(c.attrib["fromLane"]) - lane) == gap]
    straight = min(near, key=lambda c: (abs(_angle(plain, start, c.attrib["to"])), c.attrib["to"]))
    end = straight.attrib["to"]
    wanted = int(straight.attrib["toLane"]) + lane - int(straight.attrib["fromLane"])
    fitting = [i for i in _motor(plain, end) if classes & MOTOR_CLASSES & allowed_classes(plain.lanes(end)[i])]
    return (end, min(fitting, key=lambda i: (abs(i - wanted), i))) if fitting else None


def _classes(plain: PlainNet, move: ET.Element) -> frozenset[str]:
    end = plain.lanes(move.attrib["to"])[int(move.attrib["toLane"])]
    return allowed_classes(move) & allowed_classes(end)


def _motor(plain: PlainNet, edge_id: str) -> list[int]:
    return [i for i, lane in enumerate(plain.lanes(edge_id)) if allowed_classes(lane) & MOTOR_CLASSES]


def _shared(plain: PlainNet, start: str, end: str) -> list[tuple[int, int]]:
    """(from lane, to lane) that share motor vehicles, from the kerb."""
    return [
        (a, b)
        for a in _motor(plain, start)
        for b in _motor(plain, end)
        if allowed_classes(plain.lanes(start)[a]) & allowed_classes(plain.lanes(end)[b]) & MOTOR_CLASSES
    ]


def _osm(source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]], edge_id: str) -> str:
    return " ".join(dict.fromkeys(f"w{source.osm_way.get(s.way, s.way)}" for s in sides.get(edge_id, ())))


def _angle(plain: PlainNet, start: str, end: str) -> float:
    """The turn from one edge into another, degrees, left positive."""
    arriving, leaving = _heading(plain.shape(start)[::-1]), _heading(plain.shape(end))
    return (math.degrees(leaving - arriving) + 360.0) % 360.0 - 180.0


def _heading(line: Sequence[Point]) -> float:
    """The direction from a line's first point to the point 8 m along, radians."""
    left = _BACK_M
    for (ax, ay), (bx, by) in pairwise(line):
        step = math.dist((ax, ay), (bx, by))
        if step >= left:
            share = left / step
            bx, by = ax + share * (bx - ax), ay + share * (by - ay)
            return math.atan2(by - line[0][1], bx - line[0][0])
        left -= step
    return math.atan2(line[-1][1] - line[0][1], line[-1][0] - line[0][0])
