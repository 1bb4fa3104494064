"""Which direction of which way an edge of the network is."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from networks.roads.source import RoadSource
from networks.roads.statement import Side

Point = tuple[float, float]
Shape = Sequence[Point]
_SAME_PLACE_M = 5.0
_LOOK_M = 8.0


@dataclass(frozen=True)
class EdgeSide:
    """A direction of a written way that an edge was made from; `side` is None where the way has no such direction."""

    way: int
    forward: bool
    side: Side | None


def edge_sides(
    edges: Iterable[tuple[str, Shape, Sequence[int]]], source: RoadSource
) -> dict[str, tuple[EdgeSide, ...]]:
    """The directions of ways behind each edge, given as (id, line in metres, written ways)."""
    lines: dict[int, tuple[Point, ...]] = {}
    found: dict[str, tuple[EdgeSide, ...]] = {}
    for edge_id, shape, ways in edges:
        sides = []
        for way in ways:
            if way not in source.said:
                continue
            if way not in lines:
                lines[way] = tuple(source.xy[node] for node in source.way_nodes[way])
            forward = _same_way(tuple(shape), lines[way])
            sides.append(EdgeSide(way, forward, source.said[way].side(forward)))
        found[edge_id] = tuple(sides)
    return found


def last_side(
    end: tuple[float, float], parts: Collection[int], sides: Sequence[EdgeSide], source: RoadSource
) -> EdgeSide | None:
    """The way that ends where an edge ends (metres), at a junction of the OSM nodes `parts`.

    None where the junction lies in the middle of a way: the tags of a way's end (arrows) do not hold there.
    """

    def last_node(one: EdgeSide) -> int:
        return source.way_nodes[one.way][-1 if one.forward else 0]

    def off(one: EdgeSide) -> float:
        return math.dist(source.xy[last_node(one)], end)

    near = [one for one in sides if last_node(one) in parts or off(one) < _SAME_PLACE_M]
    return min(near, key=off) if near else None


@lru_cache(maxsize=1 << 16)
def _same_way(shape: tuple[Point, ...], line: tuple[Point, ...]) -> bool:
    """Whether two lines that run along each other run the same way: compared at the middle of the shorter one."""
    short, long = (shape, line) if _length(shape) <= _length(line) else (line, shape)
    x, y, dx, dy = _middle(short)
    best, ex, ey = math.inf, 0.0, 0.0
    for (ax, ay), (bx, by) in pairwise(long):
        ux, uy = bx - ax, by - ay
        square = ux * ux + uy * uy
        along = min(1.0, max(0.0, ((x - ax) * ux + (y - ay) * uy) / square)) if square else 0.0
        off = (ax + along * ux - x) ** 2 + (ay + along * uy - y) ** 2
        if off < best:
            best, ex, ey = off, ux, uy
    return dx * ex + dy * ey >= 0


def _length(line: Shape) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(line))


def _middle(line: Shape) -> tuple[float, float, float, float]:
    """The middle of a line and its direction there."""
    left = _length(line) / 2
    for (ax, ay), (bx, by) in pairwise(line):
        step = math.dist((ax, ay), (bx, by))
        if step >= left and step > 0:
            share = left / step
            return ax + share * (bx - ax), ay + share * (by - ay), bx - ax, by - ay
        left -= step
    (ax, ay), (bx, by) = line[0], line[-1]
    return (ax + bx) / 2, (ay + by) / 2, bx - ax, by - ay


def turn_deg(arriving: Shape, leaving: Shape) -> float:
    """The turn from the end of one line into the beginning of another, degrees from -180 to 180, left positive."""
    back, ahead = _heading(arriving[::-1]), _heading(leaving)
    return (math.degrees(ahead - back) + 360.0) % 360.0 - 180.0


def _heading(line: Shape) -> float:
    """The direction from a line's first point to the point 8 m along, radians."""
    left = _LOOK_M
    for (ax, ay), (bx, by) in pairwise(line):
        step = math.dist((ax, ay), (bx, by))
        if step >= left:
            share = left / step
            return math.atan2(ay + share * (by - ay) - line[0][1], ax + share * (bx - ax) - line[0][0])
        left -= step
    return math.atan2(line[-1][1] - line[0][1], line[-1][0] - line[0][0])
