"""Paths through a junction on the map's own streets: which turns its restrictions leave, also where it holds several.

A junction of the network may stand for several nodes of the map with short streets between them. A restriction from or
to such a street forbids a turn of the whole junction only where no other path leads the same way.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from networks.roads.restrictions import Restriction
from networks.roads.source import RoadSource

_MOST_STEPS = 4000

Shape = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Step:
    """A piece of a written way between two of its nodes, in a direction that motor vehicles may drive."""

    way: int
    start: int
    end: int


class StreetMap:
    """The map's streets from node to node."""

    def __init__(self, source: RoadSource, nodes: Collection[int]) -> None:
        self._xy = source.xy
        self.leaving: dict[int, list[Step]] = {node: [] for node in nodes}
        self.arriving: dict[int, list[Step]] = {node: [] for node in nodes}
        for way, refs in source.way_nodes.items():
            if self.leaving.keys().isdisjoint(refs):
                continue
            said = source.said[way]
            for a, b in pairwise(refs):
                pieces = ([Step(way, a, b)] if said.side(True) else []) + (
                    [Step(way, b, a)] if said.side(False) else []
                )
                for step in pieces:
                    if step.start in self.leaving:
                        self.leaving[step.start].append(step)
                    if step.end in self.arriving:
                        self.arriving[step.end].append(step)

    def entry(self, nodes: frozenset[int], ways: Collection[int], shape: Shape) -> Step | None:
        """The piece by which an edge of these ways and this line comes into a junction of these nodes."""
        found = [s for n in sorted(nodes) for s in self.arriving[n] if s.way in ways and s.start not in nodes]
        return self._nearest(found, shape)

    def exit(self, nodes: frozenset[int], ways: Collection[int], shape: Shape) -> Step | None:
        """The piece by which an edge leaves it."""
        found = [s for n in sorted(nodes) for s in self.leaving[n] if s.way in ways and s.end not in nodes]
        return self._nearest(found, shape)

    def _nearest(self, steps: Sequence[Step], shape: Shape) -> Step | None:
        return min(steps, key=lambda step: self._off(step, shape), default=None)

    def _off(self, step: Step, shape: Shape) -> float:
        """How far a piece is from an edge: the distance of its middle, and of its direction, from the edge's pieces."""
        (ax, ay), (bx, by) = self._xy[step.start], self._xy[step.end]
        x, y, dx, dy = (ax + bx) / 2, (ay + by) / 2, bx - ax, by - ay
        best = math.inf
        for (px, py), (qx, qy) in pairwise(shape):
            ux, uy = qx - px, qy - py
            square = ux * ux + uy * uy
            along = min(1.0, max(0.0, ((x - px) * ux + (y - py) * uy) / square)) if square else 0.0
            off = math.hypot(px + along * ux - x, py + along * uy - y)
            best = min(best, off + (0.0 if ux * dx + uy * dy >= 0 else 1000.0))
        return best


def reached(
    streets: StreetMap, nodes: frozenset[int], first: Step, restrictions: Sequence[Restriction]
) -> frozenset[Step]:
    """The pieces by which one may leave a junction of these nodes, having come in by `first`.

    Paths visit no node twice and do not turn back; `restrictions` are kept on the way.
    """
    out: set[Step] = set()
    stack: list[tuple[tuple[Step, ...], frozenset[int]]] = [((first,), frozenset([first.start, first.end]))]
    for _ in range(_MOST_STEPS):
        if not stack:
            break
        path, seen = stack.pop()
        for step in streets.leaving[path[-1].end]:
            if step.end == path[-1].start or not _may(path, step, restrictions):
                continue
            if step.end not in nodes:
                out.add(step)
            elif step.end not in seen:
                stack.append(((*path, step), seen | {step.end}))
    return frozenset(out)


def _may(path: tuple[Step, ...], step: Step, restrictions: Sequence[Restriction]) -> bool:
    return all(_one_may(path, step, one) for one in restrictions)


def _one_may(path: tuple[Step, ...], step: Step, one: Restriction) -> bool:
    here, last = path[-1].end, path[-1].way
    if one.u_turn and one.from_ways == one.to_ways:
        return True  # turning back on the same way is no path here
    if not one.via_ways:
        if here not in one.via_nodes or last not in one.from_ways:
            return True
        return (step.way in one.to_ways) is one.only
    if last not in one.via_ways or step.way in one.via_ways:
        return True
    before = next((s.way for s in reversed(path) if s.way not in one.via_ways), None)
    if before not in one.from_ways:
        return True
    return (step.way in one.to_ways) is one.only


def mentioned(restrictions: Sequence[Restriction], way_nodes: Mapping[int, tuple[int, ...]]) -> Iterator[int]:
    """The nodes at which restrictions forbid something."""
    for one in restrictions:
        yield from one.via_nodes
        for way in one.via_ways:
            yield from (way_nodes[way][0], way_nodes[way][-1])
