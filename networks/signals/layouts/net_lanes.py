"""Lanes, internal lanes and right-of-way tables of a SUMO net, looked up by id."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

from networks.signals.layouts.movement import Point

_REACH_M = 12.0


class Lanes:
    """A SUMO net's elements by id, as far as signals need them.

    Attributes:
        edges: Every edge that is not internal.
        connections: Connections in the file's order, without those that begin inside a junction on a driving lane.
        order: Place of each connection in the file, by `id()` of the element.
        requests: Junction -> row of its request table -> (response, foes) as bit masks.
    """

    def __init__(self, root: ET.Element) -> None:
        self._lane: dict[str, ET.Element] = {}
        self.edges: dict[str, ET.Element] = {}
        for edge in root.iter("edge"):
            if edge.get("function", "normal") in ("normal", "connector"):
                self.edges[edge.attrib["id"]] = edge
            for lane in edge.iter("lane"):
                self._lane[lane.attrib["id"]] = lane
        self.connections = list(root.iter("connection"))
        self.order = {id(item): n for n, item in enumerate(self.connections)}
        self._onward = {
            f"{c.attrib['from']}_{c.attrib['fromLane']}": c.attrib["via"]
            for c in self.connections
            if c.attrib["from"].startswith(":") and c.get("via") and not c.get("tl")
        }
        self.requests: dict[str, dict[int, tuple[int, int]]] = {}
        self._inside: dict[str, dict[str, int]] = {}
        self._incoming: dict[str, list[str]] = {}
        for junction in root.iter("junction"):
            name = junction.attrib["id"]
            self._inside[name] = {lane: n for n, lane in enumerate(junction.get("intLanes", "").split())}
            self._incoming[name] = junction.get("incLanes", "").split()
            self.requests[name] = {
                int(r.attrib["index"]): (int(r.get("response", "0"), 2), int(r.get("foes", "0"), 2))
                for r in junction.iter("request")
            }
        self._counted: dict[str, dict[int, int]] = {}
        self._leaving: dict[str, list[ET.Element]] = {}
        for item in self.connections:
            self._leaving.setdefault(f"{item.attrib['from']}_{item.attrib['fromLane']}", []).append(item)

    def shape(self, item: ET.Element, end: str) -> tuple[Point, ...]:
        """Shape of the lane that a connection leaves (`from`) or reaches (`to`)."""
        return self.lane_shape(f"{item.attrib[end]}_{item.attrib[f'{end}Lane']}")

    def lane_shape(self, lane: str) -> tuple[Point, ...]:
        """Points of a lane in metres; heights are left out."""
        words = self._lane[lane].get("shape", "").split()
        points = (word.split(",") for word in words)
        return tuple((float(p[0]), float(p[1])) for p in points)

    def path(self, item: ET.Element) -> tuple[Point, ...]:
        """The line of a connection over its junction; a plain curve where the net has no internal lanes."""
        via, points = item.get("via"), list[Point]()
        while via and via in self._lane:
            points += self.lane_shape(via)
            via = self._onward.get(via)
        if len(points) >= 2:
            return tuple(points)
        start, end = self.shape(item, "from"), self.shape(item, "to")
        return curve(start[-1], heading(start, at_end=True), end[0], heading(end, at_end=False))

    def speed(self, item: ET.Element) -> float:
        """Speed limit of the lane that a connection leaves."""
        return float(self._lane[f"{item.attrib['from']}_{item.attrib['fromLane']}"].attrib["speed"])

    def allows(self, item: ET.Element) -> frozenset[str] | None:
        """Classes that may use the lane that a connection leaves; None for those that a list of exceptions names."""
        return self.lane_allows(self._lane[f"{item.attrib['from']}_{item.attrib['fromLane']}"])

    def lane_allows(self, lane: ET.Element) -> frozenset[str] | None:
        """Classes that may use a lane; None where it says whom it refuses instead; empty for sidewalks."""
        allow = lane.get("allow")
        if allow is None:
            return frozenset() if lane.get("disallow", "") == "all" else None
        return frozenset(allow.split()) - {"pedestrian"}

    def junction_of(self, item: ET.Element) -> str:
        """The junction that a connection crosses."""
        start = item.attrib["from"]
        if not start.startswith(":"):
            return self.edges[start].attrib["to"]
        return start[1:].rsplit("_", 1)[0]

    def request_index(self, item: ET.Element) -> int | None:
        """Row of a connection in its junction's request table; None where the table does not know it."""
        inside = self._inside[self.junction_of(item)]
        via = f"{item.attrib['to']}_0" if item.attrib["to"].startswith(":") else item.get("via")
        while via:
            if via in inside:
                return inside[via]
            via = self._onward.get(via)
        return self._count(self.junction_of(item)).get(id(item))

    def _count(self, junction: str) -> dict[int, int]:
        """Rows by counting: the lanes in the junction's order, each lane's connections in the file's."""
        if junction not in self._counted:
            rows = [id(item) for lane in self._incoming[junction] for item in self._leaving.get(lane, [])]
            self._counted[junction] = {item: n for n, item in enumerate(rows)}
        return self._counted[junction]


def heading(shape: tuple[Point, ...], *, at_end: bool) -> float:
    """Direction of a line over its last (or first) metres, radians."""
    points = shape[::-1] if at_end else shape
    tip, far = points[0], points[-1]
    for point in points[1:]:
        if math.dist(point, tip) >= _REACH_M:
            far = point
            break
    (x0, y0), (x1, y1) = (far, tip) if at_end else (tip, far)
    return math.atan2(y1 - y0, x1 - x0)


def curve(start: Point, out: float, end: Point, into: float, steps: int = 8) -> tuple[Point, ...]:
    """A cubic curve that leaves `start` in direction `out` and reaches `end` in direction `into`."""
    reach = math.dist(start, end) / 2.5
    a = (start[0] + reach * math.cos(out), start[1] + reach * math.sin(out))
    b = (end[0] - reach * math.cos(into), end[1] - reach * math.sin(into))
    return tuple(
        (_bezier(start[0], a[0], b[0], end[0], n / steps), _bezier(start[1], a[1], b[1], end[1], n / steps))
        for n in range(steps + 1)
    )


def _bezier(a: float, b: float, c: float, d: float, t: float) -> float:
    return a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t * t * (1 - t) + d * t**3
