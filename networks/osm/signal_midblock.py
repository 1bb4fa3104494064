"""Signals between junctions: crossings of people and rails, and ramp meters; and whose controller runs them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from networks.osm.signal_search import ASKEW_M, NEAR_M, Groups, Search, SignalSite
from networks.osm.streets import Streets, cosine

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
        near = streets.reach(a, MIDBLOCK_M, stop=search.meets)
        for b in rest:
            if b in near:
                along.join(a, b)
                across.join(a, b)
            elif a < b and _opposite(search, a, b):
                across.join(a, b)
    for group in across.all():
        anchors = {_stands_for(search, tuple(along.of[n])) for n in group}
        walked = any(search.walked_near(n) for n in group)
        railed = any(n in search.seen.railed for n in group)
        notes = ("walked",) if walked else () if railed else ("nothing_crossed",)
        sites.append(SignalSite("crossing", group, tuple(sorted(anchors)), notes))
    return sites


def _opposite(search: Search, a: int, b: int) -> bool:
    """Whether two crossings are those of the two carriageways of a street, also where it is crossed askew."""
    streets, far = search.streets, math.dist(search.streets.xy[a], search.streets.xy[b])
    one_way = [u for u in streets.flow(a) for v in streets.flow(b) if cosine(u, v) < -0.7]
    return far <= NEAR_M and (streets.carriageways(a, b) or (far <= ASKEW_M and bool(one_way)))


def with_neighbours(streets: Streets, sites: list[SignalSite], loose: list[SignalSite]) -> list[SignalSite]:
    """A crossing within an intersection, or on the other carriageway of its crossing, is run by its controller."""
    hosts, alone = list(sites), []
    for crossing in loose:
        near = [(_beside_m(streets, crossing, host), i) for i, host in enumerate(hosts) if crossing.kind == "crossing"]
        far, index = min(near, default=(math.inf, 0))
        if far == math.inf:
            alone.append(crossing)
            continue
        host = hosts[index]
        nodes = tuple(sorted({*host.nodes, *crossing.nodes}))
        hosts[index] = replace(host, nodes=nodes, anchors=tuple(sorted({*host.anchors, *crossing.anchors})))
    return [*hosts, *alone]


def _beside_m(streets: Streets, crossing: SignalSite, site: SignalSite) -> float:
    """Metres from a crossing to the junction or the crossing of `site` that it lies beside; infinite beyond reach."""
    xy = streets.xy
    found = math.inf
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
