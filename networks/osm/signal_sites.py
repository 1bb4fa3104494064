"""Which signals of the map belong to one controller, and which nodes it controls: decided on the map, before any net.

A signal may be mapped on the junction itself, or on each stop line ahead of it, or on the crossings around it, or only
on some of these. Each signal node looks along the direction of travel for the junction that it guards; junctions that
lie close, or on the two carriageways of one street, share a controller; what guards no junction is a crossing of its
own or a ramp meter.
"""

from __future__ import annotations

from collections.abc import Callable

from networks.osm.signal_groups import (
    CROSSWALK_M,
    crosswalk_junctions,
    inner_junctions,
    intersections,
    junction_site,
    own_crosswalks,
)
from networks.osm.signal_midblock import midblock_sites, with_neighbours
from networks.osm.signal_nodes import Evidence
from networks.osm.signal_search import WALKED_M, Search, SignalSite
from networks.osm.streets import Arm, Streets

FAR_AHEAD_M = 60.0
"""At most so far, where other signals mark the junction."""
LONE_M = 30.0
"""A single stop line is at most so far ahead of a junction that has no other signal."""
AHEAD_M = 45.0
"""A stop line is at most so far ahead of its junction, along the street."""


def find_sites(streets: Streets, seen: Evidence) -> list[SignalSite]:
    """The controllers of a map, by their lowest anchor; every signal node of `seen` is in exactly one."""
    search = Search(streets, seen)
    _look_ahead(search)
    _look_farther(search)
    _part_lone_crossings(search)
    groups = intersections(search)
    inner = inner_junctions(search, groups)
    crosswalks = own_crosswalks(search)
    crosswalk_junctions(search, groups, crosswalks)
    sites = [junction_site(search, group, inner, crosswalks) for group in groups.all()]
    sites = with_neighbours(search.streets, sites, midblock_sites(search, crosswalks))
    return sorted(sites, key=lambda site: min(site.anchors))


def _look_ahead(search: Search) -> None:
    for node in search.seen.signals:
        junction = None if node in search.seen.metered else _guarded_by(search, node)
        if junction is None or junction in search.seen.forbidden:
            search.loose.append(node)
        else:
            search.guards[node] = junction


def _look_farther(search: Search) -> None:
    """A stop line may be farther ahead of a junction that other signals mark."""
    marked = set(search.guards.values())
    for node in [n for n in search.loose if n not in search.seen.metered]:
        ahead = search.streets.reach(node, FAR_AHEAD_M, first=_heads(search, node), follow=_leaves, stop=search.meets)
        junction = next((n for n in ahead if search.meets(n)), None)
        if junction in marked:
            search.loose.remove(node)
            search.guards[node] = junction


def _guarded_by(search: Search, node: int) -> int | None:
    """The junction that a signal node guards: itself, or the first one ahead; a lesser one where there is no better."""
    streets = search.streets
    rank = streets.rank(node)
    enough = 1 if all(streets.minor(arm) for arm in streets.arms[node]) else 2

    def meets(other: int) -> bool:
        return streets.rank(other) >= enough

    if meets(node):
        return node
    ahead = streets.reach(node, AHEAD_M, first=_heads(search, node), follow=_leaves, stop=meets)
    around = streets.reach(node, WALKED_M, stop=meets)
    lesser = node if rank == 1 else None
    return next((n for n in [*ahead, *around] if meets(n)), lesser)


def _leaves(arm: Arm) -> bool:
    return arm.leaves


def _heads(search: Search, node: int) -> Callable[[Arm], bool]:
    head = search.seen.heads.get(node)
    arms = [a for a in search.streets.arms[node] if a.leaves]
    chosen = [a for a in arms if a.along == (head == "forward")] if head else arms
    allowed = {a.node for a in chosen or arms}
    return lambda arm: arm.leaves and arm.node in allowed


def _part_lone_crossings(search: Search) -> None:
    """A single stop line ahead of a junction without other signals, at a crossing or far off, guards no junction."""
    guarded = search.guarded()
    lit = {*search.seen.crossings, *search.guards, *guarded}
    for junction, nodes in sorted(guarded.items()):
        node = nodes[0]
        if len(nodes) > 1 or node == junction:
            continue
        far, via = search.from_junction(junction, node, AHEAD_M)
        others = search.streets.reach(junction, CROSSWALK_M, first=_other_than(via), stop=search.meets)
        least = WALKED_M if search.walked_near(node) else LONE_M
        if far > least and lit.isdisjoint(others):
            del search.guards[node]
            search.loose.append(node)


def _other_than(node: int) -> Callable[[Arm], bool]:
    return lambda arm: arm.node != node
