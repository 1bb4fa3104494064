"""Signals between junctions: crossings of people and rails, and ramp meters; and whose controller runs them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from networks.osm.signal_search import ASKEW_M, NEAR_M, Groups, Search, SignalSite
from networks.osm.streets import Streets, cosine, near_pairs

ABREAST_M = 45.0
"""So far apart may the crossings of the two carriageways of a street be."""
FARTHEST_M = 400.0
"""Signals farther apart than this are not compared: no intersection is so wide."""
_BARE = {"nothing_crossed", "map_ends"}
SAME_M = 12.0
"""Signals so near to each other between junctions guard one crossing, whatever streets they are on."""
BARE_M = 120.0
"""So far away may the controller of a lone stop line be."""
MIDBLOCK_M = 25.0
"""Signals so near to each other between junctions guard one crossing."""


def midblock_sites(search: Search, crosswalks: Mapping[int, int | None]) -> list[SignalSite]:
    """Signals that guard no junction, near ones as one site, each carriageway controlled at one node."""
    streets = search.streets
    nodes = sorted([*search.loose, *(n for n, anchor in crosswalks.items() if anchor is None)])
    sites, ramps = [], [n for n in nodes if _on_ramp(search, n)]
    sites += [SignalSite("ramp", (n,), (n,)) for n in ramps]
    rest = [n for n in nodes if n not in set(ramps)]
    along, across = Groups(rest), Groups(rest)
    for a in rest:
        for b in streets.reach(a, MIDBLOCK_M, stop=search.meets):
            if b in along.of:
                along.join(a, b)
                across.join(a, b)
    for far, a, b in near_pairs(rest, ABREAST_M, streets.xy):
        askew = far <= ASKEW_M and _against(streets, a, b)
        if askew or far <= SAME_M or streets.carriageways(a, b):
            across.join(a, b)
    for group in across.all():
        anchors = {_stands_for(search, tuple(along.of[n])) for n in group}
        walked = any(search.walked_near(n) for n in group)
        railed = any(n in search.seen.railed for n in group)
        ends = all(len(streets.arms[n]) == 1 for n in anchors)
        notes = ("map_ends",) if ends else ("walked",) if walked else () if railed else ("nothing_crossed",)
        sites.append(SignalSite("crossing", group, tuple(sorted(anchors)), notes))
    return sites


def _against(streets: Streets, a: int, b: int) -> bool:
    """Whether one-way traffic runs one way at a node and against that at the other."""
    return any(cosine(u, v) < -0.7 for u, _ in streets.flow(a) for v, _ in streets.flow(b))


def with_neighbours(streets: Streets, sites: list[SignalSite], loose: list[SignalSite]) -> list[SignalSite]:
    """A crossing within an intersection, or on the other carriageway of its crossing, is run by its controller."""
    hosts, alone = list(sites), []
    for crossing in loose:
        near = [(_beside_m(streets, crossing, host), i) for i, host in enumerate(hosts) if crossing.kind == "crossing"]
        far, index = min(near, default=(math.inf, 0))
        if far == math.inf:
            alone.append(crossing)
            continue
        hosts[index] = _run_by(hosts[index], crossing)
    return _with_bare_ones(streets, [*hosts, *alone])


def _with_bare_ones(streets: Streets, sites: list[SignalSite]) -> list[SignalSite]:
    """A lone stop line where nothing crosses is run by a controller nearby: alone it would stop a road for nobody."""
    order = sorted(sites, key=lambda site: site.anchors)
    for bare in [site for site in order if _BARE & set(site.notes) and _ways_in(streets, site) < 2]:
        if bare not in order:
            continue
        near = [(_apart_m(streets, bare, host), i) for i, host in enumerate(order) if host is not bare]
        far, index = min(near, default=(math.inf, 0))
        if far <= BARE_M and order[index].kind != "ramp":
            host = _run_by(order[index], bare)
            order[index] = replace(host, notes=tuple(sorted({*host.notes, "lone_line"})))
            order.remove(bare)
    return order


def _ways_in(streets: Streets, site: SignalSite) -> int:
    inside = set(site.anchors)
    return sum(arm.enters and arm.node not in inside for a in site.anchors for arm in streets.arms[a])


def _apart_m(streets: Streets, one: SignalSite, other: SignalSite) -> float:
    xy = streets.xy
    if math.dist(xy[one.anchors[0]], xy[other.anchors[0]]) > FARTHEST_M:
        return math.inf
    return round(min(math.dist(xy[a], xy[b]) for a in one.anchors for b in other.anchors), 3)


def _run_by(host: SignalSite, other: SignalSite) -> SignalSite:
    """The host, with the signals of the other as its own."""
    nodes = tuple(sorted({*host.nodes, *other.nodes}))
    anchors = tuple(sorted({*host.anchors, *other.anchors}))
    return replace(host, nodes=nodes, anchors=anchors, core=host.core or host.anchors)


def _beside_m(streets: Streets, crossing: SignalSite, site: SignalSite) -> float:
    """Metres from a crossing to the junction or the crossing of `site` that it lies beside; infinite beyond reach."""
    xy = streets.xy
    found = math.inf
    if math.dist(xy[crossing.anchors[0]], xy[site.anchors[0]]) > FARTHEST_M:
        return found
    for a in crossing.nodes:
        for b in {*site.anchors, *site.nodes}:
            far = math.dist(xy[a], xy[b])
            if far <= NEAR_M and far < found and (b in site.anchors or streets.carriageways(a, b)):
                found = far
    return round(found, 3)


def _on_ramp(search: Search, node: int) -> bool:
    links = all(search.streets.highway(a) in ("motorway_link", "trunk_link") for a in search.streets.arms[node])
    return node in search.seen.metered or (links and not search.walked_near(node))


def _stands_for(search: Search, group: Sequence[int]) -> int:
    """The node at which a carriageway is controlled: where people cross, else the one in the middle."""
    xy = search.streets.xy
    crossed = [n for n in group if n in search.seen.walked or n in search.seen.railed] or list(group)
    x, y = (sum(xy[n][i] for n in group) / len(group) for i in (0, 1))
    return min(crossed, key=lambda n: (round(math.dist(xy[n], (x, y)), 3), n))
