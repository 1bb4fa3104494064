"""The map's drivable ways as a graph of nodes, to walk through tunnels and out of their portals."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from shapely import prepare
from shapely.geometry import LineString, Point, Polygon

from networks.coordinates.projection import Plane
from networks.ground.structures import kind_of
from networks.osm.extract import Extract, Tags, Way
from networks.roads.source import drivable

XY = tuple[float, float]
_BORDER_M = 30.0


@dataclass(frozen=True)
class Walk:
    """A way out of a portal.

    Attributes:
        nodes: The portal first.
        length_m: Up to the next junction, or to its end.
        dead_end: It ends there, well inside the map: a garage, a yard.
    """

    nodes: tuple[int, ...]
    length_m: float
    dead_end: bool = False


class WayGraph:
    """Drivable ways that touch a frame.

    Attributes:
        ways: Way number -> its tags.
        runs: Way number -> its nodes, stretch by stretch.
        tunnels: Ways in tunnels.
        bridges: Ways on bridges.
    """

    def __init__(self, extract: Extract, plane: Plane, frame: Polygon) -> None:
        self.xy: Mapping[int, XY] = plane.xy
        self._border = frame.boundary
        self.ways: dict[int, Tags] = {}
        self.runs: dict[int, list[tuple[int, ...]]] = {}
        self._links: dict[int, list[tuple[int, int]]] = {}
        prepare(frame)
        for way in extract.ways:
            if drivable(way.tags):
                self._add(way, extract, frame)
        self.tunnels = {way for way, tags in self.ways.items() if kind_of(tags) == "tunnel"}
        self.bridges = {way for way, tags in self.ways.items() if kind_of(tags) == "bridge"}

    def _add(self, way: Way, extract: Extract, frame: Polygon) -> None:
        for run in extract.runs(way):
            if not frame.intersects(LineString([self.xy[node] for node in run])):
                continue
            self.ways[way.osm_id] = way.tags
            self.runs.setdefault(way.osm_id, []).append(run)
            for a, b in pairwise(run):
                self._links.setdefault(a, []).append((b, way.osm_id))
                self._links.setdefault(b, []).append((a, way.osm_id))

    def length(self, nodes: tuple[int, ...]) -> float:
        """Length of a path, m."""
        return sum(math.dist(self.xy[a], self.xy[b]) for a, b in pairwise(nodes))

    def covered_parts(self) -> list[set[int]]:
        """Tunnels that hang together, as sets of ways, in the map's order."""
        at: dict[int, list[int]] = {}
        for way in self.tunnels:
            for run in self.runs[way]:
                for node in run:
                    at.setdefault(node, []).append(way)
        parts, seen = [], set[int]()
        for way in self.ways:
            if way not in self.tunnels or way in seen:
                continue
            part, queue = {way}, [way]
            while queue:
                for run in self.runs[queue.pop()]:
                    fresh = {other for node in run for other in at[node]} - part
                    part |= fresh
                    queue += sorted(fresh)
            seen |= part
            parts.append(part)
        return parts

    def portals(self, part: set[int]) -> list[int]:
        """Nodes where a part of tunnels meets a drivable way outside, in order."""
        nodes = {node for way in part for run in self.runs[way] for node in run}
        return sorted(n for n in nodes if any(way not in self.tunnels for _, way in self._links[n]))

    def through(self, part: set[int], begin: int, end: int) -> tuple[int, ...] | None:
        """The shortest path inside a part of tunnels, against one-way streets, too; None without one."""
        best, back, queue = {begin: 0.0}, {begin: begin}, [(0.0, begin)]
        while queue:
            far, node = heapq.heappop(queue)
            if node == end:
                path = [node]
                while path[-1] != begin:
                    path.append(back[path[-1]])
                return tuple(reversed(path))
            for other, way in self._links[node]:
                further = far + math.dist(self.xy[node], self.xy[other])
                if way in part and further < best.get(other, math.inf):
                    best[other], back[other] = further, node
                    heapq.heappush(queue, (further, other))
        return None

    def walk_out(self, nodes: tuple[int, ...], far_m: float) -> Walk:
        """Go on from the last two of `nodes` away from the first, until a junction, a tunnel, a bridge or `far_m`.

        Args:
            nodes: Two or more; the walk begins at the last.
            far_m: Where to stop, m.
        """
        before, here = nodes[-2:]
        path, length = [here], 0.0
        while length < far_m:
            on = [(b, way) for b, way in self._links.get(here, ()) if b != before]
            if len({b for b, _ in on}) != 1 or on[0][1] in self.tunnels | self.bridges:
                break
            before, here = here, on[0][0]
            if here in path:
                break
            length += math.dist(self.xy[before], self.xy[here])
            path.append(here)
        ends = length < far_m and all(other == before for other, _ in self._links.get(here, ()))
        inside = self._border.distance(Point(self.xy[here])) > _BORDER_M
        return Walk(tuple(path), length, ends and inside)
