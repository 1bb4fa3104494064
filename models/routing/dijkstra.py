"""The plain kernel: SciPy's Dijkstra, search by search. It serves where no other engine is, and says what is right."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from models.routing.kernel import SHUT, TICK_S, Floats, Ints, Way, check_graph, check_places, ticks


class ScipyKernel:
    """A RouteKernel (see there) that searches with `scipy.sparse.csgraph.dijkstra`; new weights cost nothing.

    Args:
        nodes: How many nodes.
        tail: (arcs,) where each arc begins.
        head: (arcs,) where it ends.
    """

    def __init__(self, nodes: int, tail: ArrayLike, head: ArrayLike) -> None:
        self._tail, self._head = check_graph(nodes, tail, head)
        self.nodes, self.arcs = nodes, len(self._tail)
        self._order = np.lexsort((self._head, self._tail))
        first, last = self._tail[self._order], self._head[self._order]
        fresh = np.ones(self.arcs, dtype=bool)
        fresh[1:] = (first[1:] != first[:-1]) | (last[1:] != last[:-1])
        self._begin = np.flatnonzero(fresh)  # of each bundle of parallel arcs
        self._first, self._last = first[fresh], last[fresh]
        self._indptr = np.searchsorted(self._first, np.arange(nodes + 1))
        self._ticks: Ints = np.full(self.arcs, SHUT, dtype=np.int64)
        self._made: dict[bool, csr_matrix] = {}

    def weigh(self, weights_s: ArrayLike) -> None:
        """See RouteKernel."""
        self._ticks = ticks(weights_s, self.arcs)
        self._made.clear()

    def update(self, arcs: ArrayLike, weights_s: ArrayLike) -> None:
        """See RouteKernel."""
        places = check_places(self.arcs, arcs, "arc")
        self._ticks[places] = ticks(np.atleast_1d(np.asarray(weights_s, dtype=np.float64)), len(places))
        self._made.clear()

    def time(self, origin: int, destination: int) -> float:
        """See RouteKernel."""
        return float(self.times([origin], [destination])[0, 0])

    def way(self, origin: int, destination: int) -> Way | None:
        """See RouteKernel."""
        check_places(self.nodes, [origin, destination])
        spent, before = dijkstra(self._matrix(), indices=origin, return_predecessors=True)
        if not spent[destination] < SHUT:
            return None
        back = [destination]
        while back[-1] != origin:
            back.append(int(before[back[-1]]))
        nodes = tuple(back[::-1])
        return Way(float(spent[destination]) * TICK_S, nodes, self._arcs_along(nodes))

    def times(self, origins: ArrayLike, destinations: ArrayLike) -> Floats:
        """See RouteKernel."""
        starts, ends = check_places(self.nodes, origins), check_places(self.nodes, destinations)
        if len(starts) <= len(ends):
            return _seconds(dijkstra(self._matrix(), indices=starts)[:, ends])
        return _seconds(dijkstra(self._matrix(turned=True), indices=ends)[:, starts].T)

    def times_from(self, origin: int) -> Floats:
        """See RouteKernel."""
        return _seconds(dijkstra(self._matrix(), indices=int(check_places(self.nodes, origin)[0])))

    def times_to(self, destination: int) -> Floats:
        """See RouteKernel."""
        return _seconds(dijkstra(self._matrix(turned=True), indices=int(check_places(self.nodes, destination)[0])))

    def _matrix(self, *, turned: bool = False) -> csr_matrix:
        if False not in self._made:
            least = np.minimum.reduceat(self._ticks[self._order], self._begin) if self.arcs else self._ticks
            lengths = np.where(least < SHUT, least.astype(np.float64), np.inf)
            self._made[False] = csr_matrix((lengths, self._last, self._indptr), shape=(self.nodes, self.nodes))
        if turned and True not in self._made:
            self._made[True] = self._made[False].T.tocsr()
        return self._made[turned]

    def _arcs_along(self, nodes: tuple[int, ...]) -> tuple[int, ...]:
        arcs = []
        for u, v in pairwise(nodes):
            low, high = self._indptr[u], self._indptr[u + 1]
            bundle = int(low + np.searchsorted(self._last[low:high], v))
            stop = self._begin[bundle + 1] if bundle + 1 < len(self._begin) else self.arcs
            places = self._order[self._begin[bundle] : stop]
            arcs.append(int(places[int(np.argmin(self._ticks[places]))]))
        return tuple(arcs)


def _seconds(found: Floats) -> Floats:
    return np.where(found < SHUT, found * TICK_S, np.inf)
