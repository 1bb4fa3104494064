"""Crossings on foot over the arms of a controlled junction, also where the network does not hold them."""

from __future__ import annotations

import math

from networks.signals.groups.crossing import WALK_MPS, Crossing
from networks.signals.groups.group import LEAST_WALK_S, SignalGroup
from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import turned
from networks.signals.layouts.streams import short_inner

LANE_M = 3.25
_NO_WALKERS = ("motorway", "trunk")
_STRAIGHT = math.radians(40)


def find_crossings(layout: Layout, groups: tuple[SignalGroup, ...]) -> tuple[Crossing, ...]:
    """One crossing over each arm: who enters by it and who leaves straight into it must be red while people walk.

    Turns into the arm give way to people. Arms of motorways and trunk roads have none, nor have networks that hold
    their crossings as groups. Arms with a refuge have two: over the lanes that lead in, and over those that lead out.
    """
    if any(group.kind == "pedestrian" for group in groups):
        return ()
    found = []
    for edges in _arms(layout):
        roads = {layout.edges[edge].road.removesuffix("_link") for edge in edges}
        if roads & set(_NO_WALKERS):
            continue
        halves = _halves(layout, edges) if layout.refuges & set(edges) else (edges,)
        for n, half in enumerate(halves):
            beyond = halves[1 - n] if len(halves) == 2 else ()
            found.append(_crossing(layout, groups, half, beyond))
    return tuple(sorted(found, key=lambda crossing: crossing.over))


def _arms(layout: Layout) -> list[tuple[str, ...]]:
    """Edges of each arm: those that lead to a junction of the signal and those that lead away beside them."""
    short, arms = short_inner(layout), dict[tuple[str, str], list[str]]()
    for movement in layout.movements:
        for edge, far in ((movement.from_edge, True), (movement.to_edge, False)):
            if edge in short or edge not in layout.edges:
                continue
            facts = layout.edges[edge]
            arm = arms.setdefault((movement.junction, facts.from_node if far else facts.to_node), [])
            if edge not in arm:
                arm.append(edge)
    return [tuple(edges) for edges in arms.values()]


def _halves(layout: Layout, edges: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The edges of an arm that lead in, and those that lead out; all of them where it has one kind alone."""
    leading = {m.from_edge for m in layout.movements}
    halves = tuple(tuple(edge for edge in edges if (edge in leading) is inward) for inward in (True, False))
    return halves if all(halves) else (edges,)


def _crossing(
    layout: Layout, groups: tuple[SignalGroup, ...], edges: tuple[str, ...], beyond: tuple[str, ...]
) -> Crossing:
    home = {link: group.name for group in groups for link in group.links}
    stopped = {
        home[m.index]
        for m in layout.movements
        if m.from_edge in edges or (m.to_edge in edges and abs(turned(m.heading_in, m.heading_out)) <= _STRAIGHT)
    }
    width = LANE_M * sum(layout.edges[edge].lanes for edge in edges)
    names = tuple(group.name for group in groups if group.name in stopped)
    return Crossing(tuple(sorted(edges)), names, width, LEAST_WALK_S, width / WALK_MPS, tuple(sorted(beyond)))
