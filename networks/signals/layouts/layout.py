"""What a controller stands on: its movements, which of them meet and who yields, and the edges around them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

from networks.safe_xml import read_xml
from networks.signals.layouts.movement import Movement, Point
from networks.signals.layouts.net_lanes import Lanes, heading

_TRACKS = {"tram", "rail", "rail_urban", "rail_electric", "rail_fast", "subway"}
Pair = tuple[int, int]


@dataclass(frozen=True)
class Approach:
    """An edge that leads to, or away from, a controlled junction.

    Attributes:
        edge_id: Its id.
        name: Its street, "" where the network does not say.
        road: Its class in OpenStreetMap's words, "" where the network does not say.
        lanes: Lanes that vehicles may use.
        speed_mps: Speed limit.
        length_m: Its length.
        from_node, to_node: Its junctions.
    """

    edge_id: str
    name: str
    road: str
    lanes: int
    speed_mps: float
    length_m: float
    from_node: str
    to_node: str


@dataclass(frozen=True)
class Layout:
    """The ground that one controller controls.

    Attributes:
        tls_id: The controller's id.
        movements: By link index.
        meets: Pairs of positions in `movements` whose ways cross or merge; both orders are in it.
        yields: (a, b): a must wait for b where both may go, after the network's right of way.
        edges: The edges before and behind the movements.
        left_hand: Whether traffic keeps left.
        red: The letter that each link shows when it may not go: r, or s where turning on red is allowed.
        refuges: Edges over whose arm people walk in two halves, with an island between.
    """

    tls_id: str
    movements: tuple[Movement, ...]
    meets: frozenset[Pair]
    yields: frozenset[Pair]
    edges: dict[str, Approach]
    left_hand: bool
    red: str
    refuges: frozenset[str] = frozenset()

    @cached_property
    def inner(self) -> frozenset[str]:
        """Edges between two movements of this controller."""
        return frozenset({m.to_edge for m in self.movements} & {m.from_edge for m in self.movements})

    @property
    def links(self) -> int:
        """Length of its state strings."""
        return len(self.red)


def read_layouts(net_file: Path) -> dict[str, Layout]:
    """The layout of every controller in a SUMO net (`.net.xml` or `.net.xml.gz`), by id.

    Raises:
        BadInput: It is no SUMO network, breaks off, or declares entities.
    """
    return {tls: layout for tls, layout in _layouts(read_xml(net_file, roots=("net",)))}


def _layouts(root: ET.Element) -> Iterator[tuple[str, Layout]]:
    lanes = Lanes(root)
    controlled: dict[str, list[ET.Element]] = {}
    for item in lanes.connections:
        if item.get("tl"):
            controlled.setdefault(item.attrib["tl"], []).append(item)
    states = {logic.attrib["id"]: [p.attrib["state"] for p in logic.iter("phase")] for logic in root.iter("tlLogic")}
    left_hand = root.get("lefthand") in ("1", "true")
    for tls in sorted(controlled):
        items = sorted(controlled[tls], key=lambda c: (int(c.attrib["linkIndex"]), lanes.order[id(c)]))
        movements = tuple(_movement(lanes, item) for item in items)
        count = max([m.index + 1 for m in movements] + [len(s) for s in states.get(tls, [])])
        names = {m.from_edge for m in movements} | {m.to_edge for m in movements}
        edges = {name: _approach(lanes, name) for name in sorted(names) if name in lanes.edges}
        meets, yields = _meetings(lanes, items, movements)
        yield tls, Layout(tls, movements, meets, yields, edges, left_hand, _red(states.get(tls, []), count))


def _movement(lanes: Lanes, item: ET.Element) -> Movement:
    start, end = lanes.shape(item, "from"), lanes.shape(item, "to")
    walking = item.attrib["to"].startswith(":")
    path = lanes.lane_shape(f"{item.attrib['to']}_0") if walking else lanes.path(item)
    return Movement(
        index=int(item.attrib["linkIndex"]),
        from_edge=item.attrib["from"],
        from_lane=int(item.attrib["fromLane"]),
        to_edge=item.attrib["to"],
        to_lane=int(item.attrib["toLane"]),
        direction=item.get("dir", "s"),
        junction=lanes.junction_of(item),
        kind="pedestrian" if walking else _kind(lanes.allows(item)),
        path=path,
        heading_in=heading(path, at_end=False) if walking else heading(start, at_end=True),
        heading_out=heading(path, at_end=True) if walking else heading(end, at_end=False),
        speed_mps=0.0 if walking else lanes.speed(item),
    )


def _kind(allows: frozenset[str] | None) -> str:
    if not allows:
        return "vehicle"
    if allows <= _TRACKS:
        return "tram"
    return "bicycle" if allows <= {"bicycle", "pedestrian"} else "vehicle"


def _carries_vehicles(allows: frozenset[str] | None) -> bool:
    return allows is None or (bool(allows) and _kind(allows) == "vehicle")


def _approach(lanes: Lanes, name: str) -> Approach:
    edge = lanes.edges[name]
    own = edge.findall("lane")
    motor = [lane for lane in own if _carries_vehicles(lanes.lane_allows(lane))]
    return Approach(
        edge_id=name,
        name=unescape(edge.get("name", "")),  # netconvert escapes twice
        road=edge.get("type", "").split("|")[0].removeprefix("highway."),
        lanes=max(len(motor), 1),
        speed_mps=max(float(lane.attrib["speed"]) for lane in motor or own),
        length_m=float(own[0].attrib["length"]),
        from_node=edge.get("from", ""),
        to_node=edge.get("to", ""),
    )


def _red(states: list[str], count: int) -> str:
    """The letters for red: s for links that turn on red in the network's own plan."""
    return "".join("s" if any(k < len(s) and s[k] == "s" for s in states) else "r" for k in range(count))


def _meetings(
    lanes: Lanes, items: list[ET.Element], movements: tuple[Movement, ...]
) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Within a junction by its request table; between the junctions of one controller where the paths cross."""
    meets: set[Pair] = set()
    yields: set[Pair] = set()
    place = [(m.junction, lanes.request_index(item)) for m, item in zip(movements, items, strict=True)]
    for a, (junction, row) in enumerate(place):
        request = lanes.requests[junction].get(row) if row is not None else None
        for b, (other, column) in enumerate(place):
            if a == b:
                continue
            if junction == other:
                if request is None or column is None:
                    continue
                if request[1] >> column & 1:
                    meets |= {(a, b), (b, a)}
                if request[0] >> column & 1:
                    yields.add((a, b))
                    meets |= {(a, b), (b, a)}
    for a, b in _crossing_elsewhere(movements):
        if not _met_before(movements, meets, a, b) and not _met_before(movements, meets, b, a):
            meets |= {(a, b), (b, a)}
    return frozenset(meets), frozenset(yields)


def _crossing_elsewhere(movements: tuple[Movement, ...]) -> list[Pair]:
    """Pairs of different junctions whose paths cross."""
    return [
        (a, b)
        for a, one in enumerate(movements)
        for b, other in enumerate(movements[:a])
        if one.junction != other.junction and one.to_edge != other.from_edge and _cross(one, other)
    ]


def _met_before(movements: tuple[Movement, ...], meets: set[Pair], one: int, other: int) -> bool:
    """Whether the two meet in the other's junction already, where `one` comes from there or goes on there.

    Junctions that lie close have shapes that overlap: a path then crosses the other twice.
    """
    own, place = movements[one], movements[other].junction
    return any(
        (m, other) in meets
        for m, near in enumerate(movements)
        if near.junction == place and (near.from_edge == own.to_edge or near.to_edge == own.from_edge)
    )


def _cross(one: Movement, other: Movement) -> bool:
    if one.from_edge == other.to_edge or not _boxes_meet(one.path, other.path):
        return False
    from shapely import LineString

    return bool(LineString(one.path).crosses(LineString(other.path)))


def _boxes_meet(one: tuple[Point, ...], other: tuple[Point, ...]) -> bool:
    return all(
        min(p[axis] for p in one) <= max(p[axis] for p in other)
        and min(p[axis] for p in other) <= max(p[axis] for p in one)
        for axis in (0, 1)
    )
