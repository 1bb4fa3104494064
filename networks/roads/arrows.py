"""Arrows on lanes (`turn:lanes`) and the ways on that they may mean."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from networks.repairs import Repair
from networks.roads.net_file import MOTOR_CLASSES, allowed_classes
from networks.roads.plain import PlainNet
from networks.roads.sides import EdgeSide, last_side, turn_deg
from networks.roads.source import RoadSource
from networks.sentence import say

_FITS = {
    "left": "lL<",
    "sharp_left": "lL<",
    "slight_left": "lLs<",
    "through": "sLR<>",
    "slight_right": "rRs>",
    "right": "rR>",
    "sharp_right": "rR>",
    "reverse": "t",
}
_STRAIGHT_DEG = 44.0
_BACK_DEG = 150.0


def letters(directions: Mapping[str, str], turns_deg: Mapping[str, float]) -> dict[str, str]:
    """To edge -> SUMO's direction; `<` and `>` for the leftmost and rightmost where none turns left or right.

    At a fork both branches go on straight by SUMO's word; arrows tell them apart.
    """
    found = dict(directions)
    ahead = {end: turns_deg[end] for end, letter in directions.items() if letter != "t"}
    if len(ahead) > 1:
        left, right = max(ahead, key=lambda end: ahead[end]), min(ahead, key=lambda end: ahead[end])
        if "l" not in directions.values() and directions[left] != "r":
            found[left] = "<"
        if "r" not in directions.values() and directions[right] != "l":
            found[right] = ">"
    return found


def fits(arrows: str, letter: str) -> bool:
    """Whether a lane with these arrows (`left;through`) may lead in a direction; without arrows it may anywhere."""
    words = [word for word in arrows.split(";") if word and "merge" not in word]
    return not words or any(letter in _FITS[word] for word in words)


def follow_arrows(plain: PlainNet, source: RoadSource, sides: Mapping[str, tuple[EdgeSide, ...]]) -> list[Repair]:
    """Give each lane the ways on that its arrows mean, of those that its edge has; no way on is lost by it."""
    there: dict[str, list[ET.Element]] = {}
    for one in plain.connections:
        if one.get("to"):
            there.setdefault(one.attrib["from"], []).append(one)
    repairs: list[Repair] = []
    for start, several in sides.items():
        node = plain.edges[start].attrib["to"]
        said = last_side(plain.shape(start)[-1], plain.osm_nodes(node), several, source)
        if said is None or said.side is None or not said.side.turns or start not in there:
            continue
        motor = [i for i, lane in enumerate(plain.lanes(start)) if allowed_classes(lane) & MOTOR_CLASSES]
        if len(motor) != len(said.side.turns):
            continue
        arrows = dict(zip(motor, source.by_lane(said.side.turns), strict=True))
        moves = [c for c in there[start] if int(c.attrib["fromLane"]) in arrows]
        told = _put_right(plain, start, arrows, moves, left_hand=source.left_hand)
        if told:
            why = say("the moves of the lanes were not those of their arrows", "各车道的去向与转向箭头不符")
            name = f"w{source.osm_way.get(said.way, said.way)}"
            repairs.append(Repair("arrows_followed", name, start, why, *told, *plain.shape(start)[-1]))
    return repairs


def _put_right(
    plain: PlainNet, start: str, arrows: Mapping[int, str], moves: Sequence[ET.Element], *, left_hand: bool
) -> tuple[str, str] | None:
    """(moves before, moves after) where they did not fit the arrows and could be made to."""
    ends = list(dict.fromkeys(c.attrib["to"] for c in moves))
    if len(ends) < 2 or any("allow" in c.attrib or "disallow" in c.attrib for c in moves):
        return None
    turns = {end: turn_deg(plain.shape(start), plain.shape(end)) for end in ends}
    letter = letters({end: _letter(turn) for end, turn in turns.items()}, turns)
    if all(fits(arrows[int(c.attrib["fromLane"])], letter[c.attrib["to"]]) for c in moves):
        return None
    wanted = {end: [i for i in sorted(arrows) if fits(arrows[i], letter[end])] for end in ends}
    if not all(wanted.values()) or set().union(*wanted.values()) != set(arrows):
        return None  # some arrow has no way on, or some way on no arrow: the map and the junction do not agree
    fresh = [
        (i, end, to)
        for end in ends
        for i, to in _spread(plain, start, end, wanted[end], inner=(turns[end] > 0) != left_hand)
    ]
    if {end for _, end, _ in fresh} != set(ends) or {i for i, _, _ in fresh} != set(arrows):
        return None
    before = _words([(int(c.attrib["fromLane"]), c.attrib["to"]) for c in moves])
    gone = {id(c) for c in moves}
    plain.connections = [c for c in plain.connections if id(c) not in gone]
    for i, end, to in fresh:
        plain.connect(start, i, end, to)
    return before, _words([(i, end) for i, end, _ in fresh])


def _letter(turn: float) -> str:
    if abs(turn) > _BACK_DEG:
        return "t"
    return "s" if abs(turn) <= _STRAIGHT_DEG else "l" if turn > 0 else "r"


def _spread(plain: PlainNet, start: str, end: str, lanes: Sequence[int], *, inner: bool) -> list[tuple[int, int]]:
    """(from lane, to lane), side by side: from the middle of the road for turns to that side, else from the kerb."""
    own, other = plain.lanes(start), plain.lanes(end)
    motor = [i for i, lane in enumerate(other) if allowed_classes(lane) & MOTOR_CLASSES]
    shift = max(len(motor) - len(lanes), 0) if inner else 0
    found = []
    for rank, lane in enumerate(lanes):
        to = motor[min(rank + shift, len(motor) - 1)] if motor else -1
        if to >= 0 and allowed_classes(own[lane]) & allowed_classes(other[to]) & MOTOR_CLASSES:
            found.append((lane, to))
    return found


def _words(moves: Sequence[tuple[int, str]]) -> str:
    by_lane: dict[int, list[str]] = {}
    for lane, end in moves:
        by_lane.setdefault(lane, []).append(end)
    return "; ".join(f"{lane} -> {' '.join(dict.fromkeys(by_lane[lane]))}" for lane in sorted(by_lane))
