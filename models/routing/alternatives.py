"""Other good routes: those that follow a stretch which is quickest both from the origin and to the destination."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from models.routing.kernel import SHUT, TICK_S, Floats, Way, ticks
from models.routing.routes import Routes

STRETCH = 1.25
"""An alternative takes at most so much of the quickest time."""
SHARED = 0.8
"""It shares at most so much of the quickest time with any route that was named before."""
PLATEAU = 0.1
"""Its own stretch takes at least so much of the quickest time (guess)."""
TRIED = 60
"""So many plateaus are looked at."""


def alternatives(
    routes: Routes, origin: int, destination: int, *, most: int = 3, stretch: float = STRETCH, shared: float = SHARED
) -> list[Way]:
    """The quickest route and up to `most` - 1 others that differ from it and from each other, best first.

    Plateaus: chains of turns that lie on quickest ways from the origin and on quickest ways to the destination; a long
    one makes a route without detours on the way. Ranked by time less the plateau's. Source: Abraham, Delling, Goldberg
    & Werneck 2013, Alternative Routes in Road Networks, ACM Journal of Experimental Algorithmics 18,
    doi:10.1145/2444016.2444019, with its bounds of 25 % more time and 80 % shared (secondary source: known from
    citations, the text was not at hand). No route repeats an edge.

    Args:
        routes: Roads, weighed.
        origin: First edge.
        destination: Last edge.
        most: How many routes at most.
        stretch: Times the quickest.
        shared: Of the quickest time, with each other route.
    """
    best = routes.route(origin, destination)
    if best is None:
        return []
    chosen, weight = [best], _rounded(routes)
    for start, end in _plateaus(routes, weight, origin, destination, best.time_s, stretch):
        if len(chosen) == most:
            break
        way = _through(routes, (origin, start, end, destination))
        if way.time_s > stretch * best.time_s + TICK_S or len(set(way.nodes)) < len(way.nodes):
            continue
        if all(_common_s(weight, way, other) <= shared * best.time_s for other in chosen):
            chosen.append(way)
    return chosen


def _rounded(routes: Routes) -> Floats:
    """Seconds of every arc as the kernel counts them."""
    whole = ticks(routes.arc_s, len(routes.arc_s))
    return np.where(whole < SHUT, whole * TICK_S, np.inf)


def _plateaus(
    routes: Routes, weight: Floats, origin: int, destination: int, best_s: float, stretch: float
) -> Iterator[tuple[int, int]]:
    """First and last edge of each plateau that is long enough, the best first; a long edge can be one by itself."""
    out_s, in_s = routes.times_from(origin), routes.times_to(destination)
    tail, head = routes.turns.tail, routes.turns.head
    tight = np.isfinite(weight) & (out_s[tail] + weight + in_s[head] <= stretch * best_s + TICK_S)
    tail, head, weight = tail[tight], head[tight], weight[tight]
    members = np.unique(np.concatenate([tail, head]))
    if not len(members):  # origin and destination are one edge
        return
    tight = np.isclose(out_s[tail] + weight, out_s[head], rtol=0, atol=TICK_S / 2)
    tight &= np.isclose(in_s[head] + weight, in_s[tail], rtol=0, atol=TICK_S / 2)
    tail, head, edges = tail[tight], head[tight], routes.turns.edges
    chains = csr_matrix((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(edges, edges))
    _, chain = connected_components(chains, directed=True, connection="weak")
    order = members[np.lexsort((out_s[members], chain[members]))]
    first = np.flatnonzero(np.diff(chain[order], prepend=-1))
    starts, ends = order[first], order[np.append(first[1:], len(order)) - 1]
    length = out_s[ends] - out_s[starts] + np.where(ends == destination, 0.0, routes.edge_s[ends])
    loss = out_s[starts] + in_s[ends]
    long = np.flatnonzero(length >= PLATEAU * best_s)
    for at in long[np.argsort(loss[long], kind="stable")][:TRIED]:
        yield int(starts[at]), int(ends[at])


def _through(routes: Routes, stops: Sequence[int]) -> Way:
    """The quickest way from stop to stop."""
    time_s, nodes, arcs = 0.0, [stops[0]], list[int]()
    for start, end in pairwise(stops):
        leg = routes.route(start, end)
        if leg is None:
            return Way(np.inf, tuple(nodes), tuple(arcs))
        time_s += leg.time_s
        nodes.extend(leg.nodes[1:])
        arcs.extend(leg.arcs)
    return Way(time_s, tuple(nodes), tuple(arcs))


def _common_s(weight: Floats, one: Way, other: Way) -> float:
    shared = list(set(one.arcs) & set(other.arcs))
    return float(weight[shared].sum())
