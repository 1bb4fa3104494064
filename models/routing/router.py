"""Shortest paths on the edge graph with weights that change from search to search.

A label is the time at which a vehicle *enters* an edge. Leaving edge u takes `weights_s[u]` and what the turn costs, so
the label of v is the label of u plus both; the destination's own length is not counted. An infinite weight is a closed
edge: it cannot be entered, and a vehicle that stands on it cannot leave.

Searching is SciPy's (`scipy.sparse.csgraph.dijkstra`); nothing here walks a heap. Many questions on the same weights
are quicker through `models.routing.Routes`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from models.routing.kernel import Floats
from models.routing.routes import Routes
from models.routing.turns import TurnGraph

if TYPE_CHECKING:
    from networks import RoadGraph

Before = NDArray[np.int32]
"""Predecessors of a search, negative where there is none."""

SHORTEST_S = 1e-3
"""No edge is passed in less than this (s): labels must grow along a path."""


class Router:
    """Shortest paths over one edge graph, weights given with each question.

    Args:
        graph: The city's edge graph for one vehicle class; edges that are not `allowed` are left out.
        turn_s: (connections,) s that each turn costs, see `TurnGraph`; none by default.
    """

    def __init__(self, graph: RoadGraph, turn_s: ArrayLike | None = None) -> None:
        self.graph, self.edges = graph, len(graph.edge_ids)
        self.index = {edge: i for i, edge in enumerate(graph.edge_ids)}
        self.free_s: Floats = np.maximum(np.asarray(graph.length_m) / np.asarray(graph.speed_mps), SHORTEST_S)
        self.turns, self._turn_s = TurnGraph(graph, turn_s), turn_s

    @cached_property
    def routes(self) -> Routes:
        """The same roads for many questions on the same weights."""
        return Routes(self.graph, self.free_s, turn_s=self._turn_s)

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
        self.routes.weigh(_positive(weights_s))
        return self.routes.table(origins, destinations)

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

    def load_from(self, origin: int, destinations: ArrayLike, amounts: ArrayLike, weights_s: ArrayLike) -> Floats:
        """What passes each edge (edges,) when an amount goes to each destination by the ways of `routes_from`.

        Both ends of a way are passed; where no way leads, nothing goes.
        """
        weights = _positive(weights_s)
        spent, before = dijkstra(self._arcs(weights), indices=origin, return_predecessors=True)
        at, left = np.asarray(destinations, dtype=np.intp), np.asarray(amounts, dtype=np.float64)
        open_ = np.isfinite(spent[at]) & (np.isfinite(weights[at]) | (at == origin))
        at, left = at[open_], left[open_]
        passed: Floats = np.zeros(self.edges)
        while at.size:  # one edge back on all ways at once
            np.add.at(passed, at, left)
            on = at != origin
            at, left = before[at[on]], left[on]
        return passed

    def times_at(self, origin: int, depart_s: float, passing_s: Callable[[Floats], Floats]) -> tuple[Floats, Before]:
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

    def path(self, before: Before, origin: int, destination: int) -> tuple[int, ...] | None:
        """Edges from `origin` to `destination` by the predecessors of `times_at`; None where no way leads there."""
        return _path(before, origin, destination)

    def drivable(self, route: Sequence[str]) -> bool:
        """Every edge is in the graph and every turn from one to the next is allowed."""
        if any(edge not in self.index for edge in route):
            return False
        places = [self.index[edge] for edge in route]
        turns = self.turns
        return all(v in turns.head[turns.indptr[u] : turns.indptr[u + 1]] for u, v in itertools.pairwise(places))

    def ids(self, route: Sequence[int]) -> tuple[str, ...]:
        """Names of the edges of a route."""
        return tuple(self.graph.edge_ids[i] for i in route)

    def _arcs(self, weights: Floats) -> csr_matrix:
        turns = self.turns
        return csr_matrix(
            (weights[turns.tail] + turns.turn_s, turns.head, turns.indptr), shape=(self.edges, self.edges)
        )


def _positive(weights_s: ArrayLike) -> Floats:
    return np.maximum(np.asarray(weights_s, dtype=np.float64), SHORTEST_S)


def _path(before: Before, origin: int, destination: int) -> tuple[int, ...] | None:
    back = [destination]
    while back[-1] != origin:
        previous = int(before[back[-1]])
        if previous < 0:
            return None
        back.append(previous)
    return tuple(reversed(back))
