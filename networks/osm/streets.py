"""The streets as OpenStreetMap draws them, as far as signals need them: who meets whom, and what lies ahead."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

Tags = Mapping[str, str]
XY = tuple[float, float]
_MINOR = ("service", "living_street", "track")
_SPLIT_COS = 0.3
"""Two carriageways that part at less than ~73 degrees are one street that divides, no junction."""


@dataclass(frozen=True)
class Arm:
    """One street as seen from a node, up to the next node.

    Attributes:
        node: The next node.
        way: The way it belongs to.
        leaves, enters: It may be driven away from here, towards here.
        along: The next node follows in the way's own order.
        length_m: To the next node.
    """

    node: int
    way: int
    leaves: bool
    enters: bool
    along: bool
    length_m: float


def _any_arm(_: Arm) -> bool:
    return True


def _no_node(_: int) -> bool:
    return False


class Streets:
    """The graph of drivable ways between OSM nodes; deterministic whatever the order of the ways."""

    def __init__(
        self, ways: Mapping[int, Tags], way_nodes: Mapping[int, tuple[int, ...]], xy: Mapping[int, XY]
    ) -> None:
        self.ways, self.xy = ways, xy
        found: dict[int, dict[int, Arm]] = {}
        for way in sorted(way_nodes):
            ahead, back = directions(ways[way])
            for a, b in zip(way_nodes[way], way_nodes[way][1:], strict=False):
                if a == b:
                    continue
                length = math.dist(xy[a], xy[b])
                found.setdefault(a, {}).setdefault(b, Arm(b, way, ahead, back, True, length))
                found.setdefault(b, {}).setdefault(a, Arm(a, way, back, ahead, False, length))
        self.arms = {node: tuple(arms[n] for n in sorted(arms)) for node, arms in sorted(found.items())}
        self.rings = {w: self._ring_name(w, way_nodes) for w in sorted(ways) if is_roundabout(ways[w])}
        self._rank: dict[int, int] = {}

    def _ring_name(self, way: int, way_nodes: Mapping[int, tuple[int, ...]]) -> int:
        """The lowest way id of the roundabout that the way is part of."""
        ring, todo = {way}, [way]
        while todo:
            for node in way_nodes[todo.pop()]:
                for arm in self.arms.get(node, ()):
                    if arm.way not in ring and is_roundabout(self.ways[arm.way]):
                        ring.add(arm.way)
                        todo.append(arm.way)
        return min(ring)

    def highway(self, arm: Arm) -> str:
        """The road class of an arm."""
        return self.ways[arm.way].get("highway", "")

    def minor(self, arm: Arm) -> bool:
        """Whether an arm is a yard's drive or the like."""
        return self.highway(arm) in _MINOR

    def rank(self, node: int) -> int:
        """2: streets meet here in conflict; 1: only a yard's drive or a slip road joins; 0: no junction for signals."""
        if node not in self._rank:
            self._rank[node] = self._ranked(node)
        return self._rank[node]

    def _ranked(self, node: int) -> int:
        arms = self.arms[node]
        if len(arms) < 3 or sum(a.enters for a in arms) < 2 or self._divides(node, arms):
            return 0
        if any(self.highway(a) == "motorway" for a in arms):
            return 0
        real = [a for a in arms if not self.minor(a)]
        slips = [a for a in real if a.leaves and not a.enters and self.highway(a).endswith("_link")]
        if (len(real) < 3 and real) or (len(real) - len(slips) < 3 and len(real) == 3 and slips):
            return 1
        return 2

    def _divides(self, node: int, arms: tuple[Arm, ...]) -> bool:
        """Whether a street only divides into its two carriageways here."""
        into = [a for a in arms if a.enters and not a.leaves]
        out = [a for a in arms if a.leaves and not a.enters]
        if len(arms) != 3 or len(into) != 1 or len(out) != 1:
            return False
        return cosine(self.heading(node, into[0].node), self.heading(node, out[0].node)) > _SPLIT_COS

    def heading(self, a: int, b: int) -> XY:
        """Unit vector from node a to node b; (0, 0) where they coincide."""
        (ax, ay), (bx, by) = self.xy[a], self.xy[b]
        length = math.hypot(bx - ax, by - ay) or 1.0
        return (bx - ax) / length, (by - ay) / length

    def reach(
        self,
        start: int,
        limit_m: float,
        *,
        first: Callable[[Arm], bool] = _any_arm,
        follow: Callable[[Arm], bool] = _any_arm,
        stop: Callable[[int], bool] = _no_node,
    ) -> dict[int, tuple[float, int]]:
        """Node -> (metres along the streets, first node on the way there), nearest first, without `start`.

        Args:
            start: Where from.
            limit_m: How far.
            first: Which arms of `start` may be taken.
            follow: Which arms after that.
            stop: Nodes that are reached but not passed.
        """
        found: dict[int, tuple[float, int]] = {}
        heap = [(a.length_m, a.node, a.node, start) for a in self.arms.get(start, ()) if first(a)]
        heapq.heapify(heap)
        while heap:
            far, node, via, before = heapq.heappop(heap)
            if far > limit_m:
                break
            if node in found or node == start:
                continue
            found[node] = (far, via)
            if not stop(node):
                for arm in self.arms[node]:
                    if arm.node != before and arm.node not in found and follow(arm):
                        heapq.heappush(heap, (far + arm.length_m, arm.node, via, node))
        return found

    def flow(self, node: int) -> list[tuple[XY, str]]:
        """Heading and name of one-way traffic through a node, each along an arm; roundabouts have none."""
        found = []
        for arm in self.arms[node]:
            if arm.leaves != arm.enters and arm.way not in self.rings:
                start, end = (node, arm.node) if arm.leaves else (arm.node, node)
                found.append((self.heading(start, end), self.ways[arm.way].get("name", "")))
        return found

    def carriageways(self, a: int, b: int, *, askew: float = 0.6) -> bool:
        """Whether two nodes lie abreast on the two carriageways of one street.

        `askew`: greatest cosine between the street and the line from one node to the other.
        """
        across = self.heading(a, b)
        abreast = [[(u, name) for u, name in self.flow(n) if abs(cosine(u, across)) < askew] for n in (a, b)]
        return any(
            cosine(u, v) < -0.7 and (name == other or not name or not other)
            for u, name in abreast[0]
            for v, other in abreast[1]
        )


def cosine(u: XY, v: XY) -> float:
    """Cosine of the angle between two unit vectors."""
    return u[0] * v[0] + u[1] * v[1]


def is_roundabout(tags: Tags) -> bool:
    """Whether a way is a roundabout or a circle."""
    return tags.get("junction") in ("roundabout", "circular")


def directions(tags: Tags) -> tuple[bool, bool]:
    """Whether motor traffic may drive a way in its own order, and against it."""
    oneway = tags.get("oneway:motor_vehicle") or tags.get("oneway", "")
    if oneway in ("yes", "true", "1"):
        return True, False
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway in ("no", "false", "0"):
        return True, True
    return True, not (is_roundabout(tags) or tags.get("highway") == "motorway")


def spread_m(nodes: Iterable[int], xy: Mapping[int, XY]) -> float:
    """Largest distance between two of the nodes, metres."""
    points = [xy[n] for n in nodes]
    return max((math.dist(p, q) for p in points for q in points), default=0.0)


def near_pairs(nodes: Iterable[int], within_m: float, xy: Mapping[int, XY]) -> Iterator[tuple[float, int, int]]:
    """(metres, lower node, higher node) of all pairs that lie within `within_m`, as the crow flies."""
    order = sorted(nodes, key=lambda n: (xy[n], n))
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            if xy[b][0] - xy[a][0] > within_m:
                break
            far = math.dist(xy[a], xy[b])
            if far <= within_m:
                yield far, min(a, b), max(a, b)
