"""Signals at junctions: which junctions share a controller, which lie inside it, which crossings are its own."""

from __future__ import annotations

import math
from collections.abc import Mapping

from networks.osm.signal_search import NEAR_M, WALKED_M, Groups, Search, SignalSite
from networks.osm.streets import cosine, near_pairs, spread_m

CROSSWALK_M = 45.0
"""A crossing so near to a signalised junction is one of its own."""
MEDIAN_M = 60.0
"""So far apart may the two carriageways of a street be at a junction with one controller."""
SLIP_M = 45.0
"""So far from its junction may a slip road with a signal end."""
STOP_LINE_M = 30.0
"""A stop line farther from its junction is controlled where it stands, by the same controller."""
INNER_M = 40.0
"""Junctions inside an intersection are at most so far from two of its signalised ones."""
_LINKED_ASKEW = 0.85
_BETWEEN_COS = 0.3
WIDEST_M = 120.0
"""An intersection is not wider; wider chains of signals have several controllers."""
RING_M = 90.0
"""A roundabout up to this diameter has one controller; the entries of a larger one have their own."""


def intersections(search: Search) -> Groups:
    """Junctions that share a controller: near ones, both carriageways of a street, slip roads, small roundabouts."""
    streets = search.streets
    anchors = set(search.guards.values())
    pairs: set[tuple[float, int, int]] = set()
    for a in sorted(anchors):
        near = streets.reach(a, NEAR_M, stop=anchors.__contains__)
        wide = streets.reach(a, MEDIAN_M, stop=anchors.__contains__)
        pairs |= {(far, a, b) for b, (far, _) in near.items() if b in anchors}
        pairs |= {(far, a, b) for b, (far, _) in wide.items() if b in anchors and _shares(search, a, b, far)}
    abreast = near_pairs(sorted(anchors), NEAR_M, streets.xy)
    pairs |= {(far, a, b) for far, a, b in abreast if streets.carriageways(a, b)} | _across_inner(search, anchors)
    groups = Groups(sorted(anchors))
    for _, a, b in sorted((far, min(a, b), max(a, b)) for far, a, b in pairs):
        if spread_m([*groups.of[a], *groups.of[b]], streets.xy) <= WIDEST_M:
            groups.join(a, b)
    _join_rings(search, groups)
    return groups


def _across_inner(search: Search, anchors: set[int]) -> set[tuple[float, int, int]]:
    """Anchors at opposite corners of two dual carriageways, where the map shows no signal at the corners between."""
    streets, corners = search.streets, dict[int, list[tuple[float, int]]]()
    for a in sorted(anchors):
        for node, (far, _) in streets.reach(a, MEDIAN_M, stop=search.meets).items():
            if streets.rank(node) == 2 and node not in anchors and streets.carriageways(a, node):
                corners.setdefault(node, []).append((far, a))
    return {(p + q, a, b) for by in corners.values() for p, a in by for q, b in by if a < b}


def _shares(search: Search, a: int, b: int, far: float) -> bool:
    streets = search.streets
    if streets.carriageways(a, b, askew=_LINKED_ASKEW):
        return True
    slip = any(streets.highway(arm).endswith("_link") for node in (a, b) for arm in streets.arms[node])
    return slip and far <= SLIP_M


def _join_rings(search: Search, groups: Groups) -> None:
    streets = search.streets
    on_ring: dict[int, set[int]] = {}
    for node, arms in streets.arms.items():
        for arm in arms:
            if arm.way in streets.rings:
                on_ring.setdefault(streets.rings[arm.way], set()).add(node)
    for _, nodes in sorted(on_ring.items()):
        lit = sorted(nodes & set(groups.of))
        if len(lit) > 1 and spread_m(sorted(nodes), streets.xy) <= RING_M:
            for other in lit[1:]:
                groups.join(lit[0], other)


def inner_junctions(search: Search, groups: Groups) -> dict[int, list[int]]:
    """Anchor -> junctions without a signal of their own that lie inside its intersection."""
    streets, forbidden = search.streets, search.seen.forbidden
    touched: dict[int, list[tuple[float, int]]] = {}
    for a in sorted(groups.of):
        for node, (far, _) in streets.reach(a, INNER_M, stop=search.meets).items():
            if streets.rank(node) == 2 and node not in groups.of and node not in forbidden:
                touched.setdefault(node, []).append((far, a))
    inner: dict[int, list[int]] = {}
    for node, by in sorted(touched.items()):
        far, a = min(by)
        ways = [streets.heading(node, other) for _, other in by if groups.of[other] is groups.of[a]]
        between = any(cosine(u, v) < _BETWEEN_COS for u in ways for v in ways)
        if between or far <= WALKED_M or streets.carriageways(a, node):
            inner.setdefault(a, []).append(node)
    return inner


def own_crosswalks(search: Search) -> dict[int, int | None]:
    """Signalised crossing -> the signalised junction nearest along the streets; None where there is none in reach."""
    anchors = set(search.guards.values())
    found: dict[int, int | None] = {}
    for node in search.seen.crossings:
        if node in anchors:
            found[node] = node
            continue
        near = search.streets.reach(node, CROSSWALK_M, stop=search.meets)
        found[node] = next((n for n in near if n in anchors), None)
    return found


def crosswalk_junctions(search: Search, groups: Groups, crosswalks: dict[int, int | None]) -> None:
    """A junction with signalised crossings on two arms or more has signals, though the map shows only the crossings."""
    streets, arms = search.streets, dict[int, dict[int, set[int]]]()
    for node in [n for n, anchor in crosswalks.items() if anchor is None]:
        near = streets.reach(node, NEAR_M, stop=search.meets)
        junction = node if streets.rank(node) == 2 else next((n for n in near if streets.rank(n) == 2), None)
        if junction is not None and junction not in search.seen.forbidden:
            _, via = search.from_junction(junction, node, NEAR_M)
            arms.setdefault(junction, {}).setdefault(via, set()).add(node)
    for junction, by_arm in sorted(arms.items()):
        if len(by_arm) >= 2:
            groups.of[junction] = [junction]
            for node in sorted(set().union(*by_arm.values())):
                crosswalks[node] = junction


def junction_site(
    search: Search, group: tuple[int, ...], inner: Mapping[int, list[int]], crosswalks: Mapping[int, int | None]
) -> SignalSite:
    members = set(group)
    stop_lines = [n for n, junction in search.guards.items() if junction in members]
    own = [n for n, junction in crosswalks.items() if junction in members]
    inside = sorted({n for a in group for n in inner.get(a, ())})
    notes = []
    if not stop_lines:
        notes.append("crosswalks_only")
    elif len(stop_lines) + len(own) == 1 and stop_lines[0] not in members:
        notes.append("lone_approach")
    if any(search.walked_near(n) for n in [*stop_lines, *own]):
        notes.append("walked")
    xy = search.streets.xy
    ahead = [n for n in stop_lines if min(math.dist(xy[n], xy[a]) for a in group) > STOP_LINE_M]
    anchors = tuple(sorted({*group, *inside, *ahead}))
    core = tuple(sorted({*group, *inside}))
    return SignalSite("junction", tuple(sorted([*stop_lines, *own])), anchors, tuple(notes), core)
