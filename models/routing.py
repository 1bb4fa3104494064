"""Shortest paths on the edge graph: a node is a road edge, an arc is a turn that the net allows.

A label is the time at which a vehicle *enters* an edge. Leaving edge u takes `weights_s[u]`, so the label of v is
the label of u plus `weights_s[u]`; the destination's own length is not counted. An infinite weight is a closed
edge: it cannot be entered, and a vehicle that stands on it cannot leave.

Searching is SciPy's (`scipy.sparse.csgraph.dijkstra`); nothing here walks a heap.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from networks import RoadGraph

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

SHORTEST_S = 1e-3
"""No edge is passed in less than this (s): labels must grow along a path."""


@dataclass(frozen=True)
class EdgeForecast:
    """What is expected on every road edge in the coming hour.

    Attributes:
        times_s: (t,) seconds since the run's start, increasing.
        travel_time_s: (t, edges) time to pass the edge when it is entered at that moment.
        depth_m: (t, edges) water depth.
    """

    times_s: Floats
    travel_time_s: Floats
    depth_m: Floats

    def at(self, when_s: Floats, *, depth_limit_m: float) -> Floats:
        """Seconds to pass each edge entered at `when_s` (edges,); infinite where it is too deep.

        Too deep: the water at entry or at exit is above `depth_limit_m`.
        Values between slices are linear, before the first and after the last slice they are held.
        """
        passing = _linear(self.times_s, self.travel_time_s, when_s)
        wet = _linear(self.times_s, self.depth_m, when_s)
        leaving = np.where(np.isfinite(passing), when_s + passing, when_s)
        wet = np.maximum(wet, _linear(self.times_s, self.depth_m, leaving))
        return np.where(wet > depth_limit_m, np.inf, passing)


def first_in_first_out(times_s: Floats, travel_time_s: Floats) -> Floats:
    """Travel times (t, edges) lowered so that nobody who enters an edge later leaves it earlier.

    Between two slices travel time may fall by at most the time between them (slope >= -1); a steeper fall in the
    data means that the one who entered earlier would have been freed too.
    Source: the FIFO property, Kaufman & Smith (1993), IVHS Journal 1(1), doi:10.1080/10248079308903779.
    """
    lowered = np.array(travel_time_s, dtype=np.float64)
    for k in range(len(times_s) - 2, -1, -1):
        lowered[k] = np.minimum(lowered[k], lowered[k + 1] + (times_s[k + 1] - times_s[k]))
    return lowered


class RouteKernel:
    """Shortest paths over one edge graph, many weights.

    Args:
        graph: The city's edge graph for one vehicle class; edges that are not `allowed` are left out.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self.graph, self.edges = graph, len(graph.edge_ids)
        self.index = {edge: i for i, edge in enumerate(graph.edge_ids)}
        self.free_s: Floats = np.maximum(np.asarray(graph.length_m) / np.asarray(graph.speed_mps), SHORTEST_S)
        allowed = np.asarray(graph.allowed, dtype=bool)
        tail, head = np.asarray(graph.conn_from, dtype=np.int32), np.asarray(graph.conn_to, dtype=np.int32)
        kept = allowed[tail] & allowed[head]
        tail, head = tail[kept], head[kept]
        order = np.lexsort((head, tail))
        tail, head = tail[order], head[order]
        fresh = np.ones(len(tail), dtype=bool)
        fresh[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self._tail, self._head = tail[fresh], head[fresh]
        self._indptr = np.searchsorted(self._tail, np.arange(self.edges + 1)).astype(np.int32)

    def times_from(self, origins: ArrayLike, weights_s: ArrayLike) -> Floats:
        """Seconds from entering each origin until entering every edge: (origins, edges), infinite where no way."""
        starts = np.atleast_1d(np.asarray(origins, dtype=np.int64))
        weights = _positive(weights_s)
        found: Floats = dijkstra(self._arcs(weights), indices=starts)
        found[:, ~np.isfinite(weights)] = np.inf
        found[np.arange(len(starts)), starts] = 0.0
        return found

    def matrix(self, origins: ArrayLike, destinations: ArrayLike, weights_s: ArrayLike) -> Floats:
        """Seconds from each origin to each destination: (origins, destinations)."""
        return self.times_from(origins, weights_s)[:, np.atleast_1d(np.asarray(destinations, dtype=np.int64))]

    def route(self, origin: int, destination: int, weights_s: ArrayLike) -> tuple[int, ...] | None:
        """Edges of a quickest route, both ends included, or None when no way leads there."""
        weights = _positive(weights_s)
        if destination != origin and not np.isfinite(weights[destination]):
            return None
        _, before = dijkstra(self._arcs(weights), indices=origin, return_predecessors=True)
        return _path(before, origin, destination)

    def routes_from(
        self, origin: int, destinations: Sequence[int], weights_s: ArrayLike
    ) -> list[tuple[int, ...] | None]:
        """A quickest route to each destination by one search; None where no way leads there."""
        weights = _positive(weights_s)
        _, before = dijkstra(self._arcs(weights), indices=origin, return_predecessors=True)
        shut = ~np.isfinite(weights)
        return [None if shut[d] and d != origin else _path(before, origin, d) for d in destinations]

    def times_at(self, origin: int, depart_s: float, passing_s: Callable[[Floats], Floats]) -> tuple[Floats, Ints]:
        """Earliest moments of entering every edge (edges,), and predecessors, when passing times depend on the moment.

        Args:
            origin: Where the vehicle is at `depart_s`.
            depart_s: Seconds since the run's start.
            passing_s: Seconds to pass each edge entered at the given moments (edges,) -> (edges,), infinite = closed.

        Static searches are repeated, each on the passing times at the moments that the one before found, until no
        label moves. Guarantee: this ends after at most as many rounds as there are edges, at the labels of
        time-dependent Dijkstra, wherever it starts. (Let the k earliest labels be right. Whatever the other weights
        are, any path that leaves these k edges costs at least the (k+1)-th earliest label, and the right path to it
        costs exactly that; so the next round has k+1 right.) In practice it takes 3-8 rounds. The labels are the
        earliest possible without waiting where a later entry never means an earlier exit (`first_in_first_out`);
        a road that re-opens breaks that, and then waiting for it is not considered.
        """
        labels: Floats = np.full(self.edges, depart_s, dtype=np.float64)
        for _ in range(self.edges + 1):
            weights = _positive(passing_s(labels))
            spent, before = dijkstra(self._arcs(weights), indices=origin, return_predecessors=True)
            reached = np.isfinite(spent)
            found = np.where(reached, depart_s + spent, depart_s)
            if np.allclose(found, labels, rtol=0.0, atol=1e-9):
                break
            labels = found
        shut = ~reached | ~np.isfinite(weights)
        shut[origin] = False
        return np.where(shut, np.inf, labels), before

    def route_at(
        self, origin: int, destination: int, depart_s: float, passing_s: Callable[[Floats], Floats]
    ) -> tuple[tuple[int, ...] | None, float]:
        """A quickest route when passing times depend on the moment, and the moment of entering the destination (s)."""
        labels, before = self.times_at(origin, depart_s, passing_s)
        if not np.isfinite(labels[destination]):
            return None, np.inf
        return _path(before, origin, destination), float(labels[destination])

    def path(self, before: Ints, origin: int, destination: int) -> tuple[int, ...] | None:
        """Edges from `origin` to `destination` by the predecessors of `times_at`; None where no way leads there."""
        return _path(before, origin, destination)

    def drivable(self, route: Sequence[str]) -> bool:
        """Every edge is in the graph and every turn from one to the next is allowed."""
        if any(edge not in self.index for edge in route):
            return False
        places = [self.index[edge] for edge in route]
        return all(v in self._head[self._indptr[u] : self._indptr[u + 1]] for u, v in itertools.pairwise(places))

    def ids(self, route: Sequence[int]) -> tuple[str, ...]:
        """Names of the edges of a route."""
        return tuple(self.graph.edge_ids[i] for i in route)

    def _arcs(self, weights: Floats) -> csr_matrix:
        return csr_matrix((weights[self._tail], self._head, self._indptr), shape=(self.edges, self.edges))


def _positive(weights_s: ArrayLike) -> Floats:
    return np.maximum(np.asarray(weights_s, dtype=np.float64), SHORTEST_S)


def _path(before: Ints, origin: int, destination: int) -> tuple[int, ...] | None:
    back = [destination]
    while back[-1] != origin:
        previous = int(before[back[-1]])
        if previous < 0:
            return None
        back.append(previous)
    return tuple(reversed(back))


def _linear(times_s: Floats, values: Floats, when_s: Floats) -> Floats:
    if len(times_s) == 1:
        return np.array(values[0], dtype=np.float64)
    slot = np.clip(np.searchsorted(times_s, when_s, side="right") - 1, 0, len(times_s) - 2)
    share = np.clip((when_s - times_s[slot]) / (times_s[slot + 1] - times_s[slot]), 0.0, 1.0)
    column = np.arange(values.shape[1])
    early, late = values[slot, column], values[slot + 1, column]
    both = np.isfinite(early) & np.isfinite(late)
    mixed = early + share * (np.where(both, late, early) - np.where(both, early, early))
    return np.where(both, mixed, np.where(share < 1.0, early, late))
