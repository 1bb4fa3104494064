"""Turns as the map allows them, in the network that netconvert made: restrictions kept, no lane without a way on."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from networks.doubts import Doubt
from networks.repairs import Repair
from networks.roads.arrows import follow_arrows
from networks.roads.forbidden import Forbidden, Kept, Streets, forbidden_moves
from networks.roads.net_file import MOTOR_CLASSES, allowed_classes
from networks.roads.plain import PlainNet
from networks.roads.restrictions import Restriction
from networks.roads.sides import EdgeSide, last_side, turn_deg
from networks.roads.source import RoadSource
from networks.sentence import say

_WORDS = {"bus": "bus coach taxi", "bicycle": "bicycle"}
_SHARP_DEG = 150.0


def repair_turns(
    plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]]
) -> tuple[list[Repair], list[Doubt]]:
    """Keep the restrictions, find lost turns, open dead lanes; `plain` is changed in place."""
    streets = Streets(
        {e: (edge.attrib["from"], edge.attrib["to"]) for e, edge in plain.edges.items()},
        {e: plain.osm_ways(e) for e in plain.edges},
        {e: plain.shape(e) for e in plain.edges},
        {node: plain.osm_nodes(node) for node in plain.nodes},
    )
    kept = forbidden_moves(source, streets, _moves(plain))
    repairs, doubts = _keep(plain, source, kept)
    banned = {(one.start, one.end) for one in kept.forbidden if not one.spared}
    repairs += _lost_turns(plain, source, sides, banned)
    repairs += follow_arrows(plain, source, sides)
    repairs += _u_turn_lanes(plain, source, sides, banned)
    repairs += open_dead_lanes(plain, source)
    return repairs, [*doubts, *(_inexpressible(source, one) for one in kept.lost)]


def _moves(plain: PlainNet) -> list[tuple[str, str]]:
    return list(dict.fromkeys((c.attrib["from"], c.attrib["to"]) for c in plain.connections if c.get("to")))


def _by_from(plain: PlainNet) -> dict[str, list[ET.Element]]:
    found: dict[str, list[ET.Element]] = {}
    for one in plain.connections:
        if one.get("to"):
            found.setdefault(one.attrib["from"], []).append(one)
    return found


def _keep(plain: PlainNet, source: RoadSource, kept: Kept) -> tuple[list[Repair], list[Doubt]]:
    """Take out the moves that restrictions forbid, but for the classes that they let pass."""
    there = _by_from(plain)
    repairs: list[Repair] = []
    doubts: list[Doubt] = []
    dropped: set[int] = set()
    by_start: dict[str, list[Forbidden]] = {}
    for one in kept.forbidden:
        by_start.setdefault(one.start, []).append(one)
    for start, several in by_start.items():
        gone = {one.end for one in several if not one.spared}
        stuck = bool(there.get(start)) and all(c.get("to") in gone for c in there[start])
        if stuck and not _only_way_on(plain, start, kept.open_to.get(start, ())):
            doubts.append(_blocked(plain, source, start, several))
            continue
        for one in several:
            for move in (c for c in there.get(start, ()) if c.get("to") == one.end):
                told = _forbid(plain, one, move)
                if told:
                    repairs.append(told)
                    dropped |= {id(move)} if told.after == "forbidden" else set()
    plain.connections = [c for c in plain.connections if id(c) not in dropped]
    return repairs, doubts


def _forbid(plain: PlainNet, one: Forbidden, move: ET.Element) -> Repair | None:
    """What is left of a move, which is marked so; None where nothing changes."""
    lanes = (plain.lanes(one.start)[int(move.attrib["fromLane"])], plain.lanes(one.end)[int(move.attrib["toLane"])])
    spared = allowed_classes(move) & allowed_classes(lanes[0]) & allowed_classes(lanes[1]) & set(one.spared)
    words = " ".join(_WORDS[c] for c in one.spared if c in spared)
    if words and move.get("allow") == words:
        return None
    if words:
        move.set("allow", words)
        move.attrib.pop("disallow", None)
    why = say("a turn restriction of the map forbids it", "地图上的转向限制禁止此转向")
    told = (f"{one.start}_{move.get('fromLane')} -> {one.end}", f"for {words}" if words else "forbidden")
    name = " ".join(f"r{osm}" for osm in one.relations)
    return Repair("restriction_kept", name, one.start, why, *told, *plain.shape(one.start)[-1])


def _only_way_on(plain: PlainNet, start: str, ends: Sequence[str]) -> bool:
    """Give an edge the moves that its restrictions leave where the network has none of them."""
    found = False
    for end in ends:
        shared = _shared(plain, start, end)
        if shared:
            plain.connect(start, shared[0][0], end, shared[0][1])
            found = True
    return found


def _blocked(plain: PlainNet, source: RoadSource, start: str, several: Sequence[Forbidden]) -> Doubt:
    ways = " ".join(f"w{source.osm_way.get(way, way)}" for way in plain.osm_ways(start))
    names = " ".join(dict.fromkeys(f"r{osm}" for one in several for osm in one.relations))
    return Doubt(
        "restriction_blocks",
        f"{names} {ways}",
        start,
        say("the turn restrictions leave no way on, so they are not kept", "转向限制使该方向无路可走，故未执行"),
        say("check the restrictions' members", "请核对转向限制的成员"),
        0.3,
        *plain.shape(start)[-1],
    )


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


def _u_turn_lanes(
    plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]], banned: set[tuple[str, str]]
) -> list[Repair]:
    """Lanes whose arrow is `reverse` alone lead back, where the junction has the street's other direction."""
    outgoing = plain.outgoing()
    repairs = []
    for start, several in sides.items():
        node = plain.edges[start].attrib["to"]
        said = last_side(plain.shape(start)[-1], plain.osm_nodes(node), several, source)
        motor = _motor(plain, start)
        if said is None or said.side is None or len(said.side.turns) != len(motor):
            continue
        lanes = [i for i, arrow in zip(motor, source.by_lane(said.side.turns), strict=True) if arrow == "reverse"]
        name = plain.edges[start].get("name")
        back = [
            end
            for end in outgoing[node]
            if abs(_angle(plain, start, end)) > _SHARP_DEG and (start, end) not in banned and _shared(plain, start, end)
            if name == plain.edges[end].get("name")
        ]
        if not lanes or not back:
            continue
        plain.connections = [
            c for c in plain.connections if c.get("from") != start or int(c.get("fromLane", "-1")) not in lanes
        ]
        for lane, to_lane in zip(reversed(lanes), reversed(_motor(plain, back[0])), strict=False):
            plain.connect(start, lane, back[0], to_lane)
            why = say("the lane is for turning back", "该车道仅供掉头")
            told = (f"lane {lane}: other turns", f"lane {lane} -> {back[0]}_{to_lane}")
            repairs.append(
                Repair("u_turn_lane", _osm(source, sides, start), start, why, *told, *plain.shape(start)[-1])
            )
    return repairs


def open_dead_lanes(plain: PlainNet, source: RoadSource) -> list[Repair]:
    """A lane without a way on follows its neighbour, in moves that are there: where a lane ends, the two merge."""
    repairs = []
    for start, moves in _by_from(plain).items():
        lanes = plain.lanes(start)
        used = {
            int(c.attrib["fromLane"])
            for c in moves
            if MOTOR_CLASSES & allowed_classes(lanes[int(c.attrib["fromLane"])]) & _classes(plain, c)
        }
        for lane in _motor(plain, start):
            found = None if lane in used else _like_neighbour(plain, start, lane, moves)
            if found is None:
                continue
            plain.connect(start, lane, *found)
            why = say("the lane led nowhere: it follows its neighbour", "该车道无去向，改随相邻车道")
            told = (f"lane {lane}: no way on", f"lane {lane} -> {found[0]}_{found[1]}")
            name = " ".join(f"w{source.osm_way.get(way, way)}" for way in plain.osm_ways(start))
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
    return turn_deg(plain.shape(start), plain.shape(end))
