"""Crossings on foot over the arms of a controlled junction, also where the network does not hold them."""

from __future__ import annotations

import math

from networks.signals.crossing import WALK_MPS, Crossing
from networks.signals.group import LEAST_WALK_S, SignalGroup
from networks.signals.layout import Layout
from networks.signals.movement import turned
from networks.signals.streams import short_inner

LANE_M = 3.25
_NO_WALKERS = ("motorway", "trunk")
_STRAIGHT = math.radians(40)


def find_crossings(layout: Layout, groups: tuple[SignalGroup, ...]) -> tuple[Crossing, ...]:
    """One crossing over each arm: who enters by it and who leaves straight into it must be red while people walk.

    Turns into the arm give way to people. Arms of motorways and trunk roads have none, nor have networks that hold
    their crossings as groups.
    """
    if any(group.kind == "pedestrian" for group in groups):
        return ()
    home = {link: group.name for group in groups for link in group.links}
    short, arms = short_inner(layout), dict[tuple[str, str], list[str]]()
    for movement in layout.movements:
        for edge, far in ((movement.from_edge, True), (movement.to_edge, False)):
            if edge in short or edge not in layout.edges:
                continue
            facts = layout.edges[edge]
            arm = arms.setdefault((movement.junction, facts.from_node if far else facts.to_node), [])
            if edge not in arm:
                arm.append(edge)
    found = []
    for edges in arms.values():
        roads = {layout.edges[edge].road.removesuffix("_link") for edge in edges}
        if roads & set(_NO_WALKERS):
            continue
        stopped = {
            home[m.index]
            for m in layout.movements
            if m.from_edge in edges or (m.to_edge in edges and abs(turned(m.heading_in, m.heading_out)) <= _STRAIGHT)
        }
        width = LANE_M * sum(layout.edges[edge].lanes for edge in edges)
        names = tuple(group.name for group in groups if group.name in stopped)
        found.append(Crossing(tuple(sorted(edges)), names, width, LEAST_WALK_S, width / WALK_MPS))
    return tuple(sorted(found, key=lambda crossing: crossing.over))
