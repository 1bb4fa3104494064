"""Which way to walk: for every destination, the next link from every node."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from models.crowd.ground import Ground
from models.crowd.speed import FREE_SPEED_MPS

CLOSED_COST_S = 1e7
"""Added to the cost of a closed link: only those who are caught in the water walk it, when no other way leads out."""


class _Pair(NamedTuple):
    keys: np.ndarray
    links: np.ndarray


class WalkRoutes:
    """Next-link tables for a set of destinations, kept up to date while links close and open.

    Everybody knows of closures at once (stewards, phones, sight), and walks the way that takes least time at free
    speed, expected waits at crossings included; congestion does not divert anybody.

    Attributes:
        goal_node: Node of each destination, int64, shape (destinations,), sorted.
        next_link: int32, shape (destinations, nodes); -1 at the goal, or where no way leads there.
        cost_s: Walking time to the destination (s), shape (destinations, nodes), `CLOSED_COST_S` for each closed link.
        cut_off: Whether the destination cannot be reached without wading, bool, shape (destinations, nodes).
    """

    def __init__(self, ground: Ground, nodes: int, goal_node: np.ndarray) -> None:
        self._ground, self._nodes = ground, nodes
        self.goal_node = np.unique(np.asarray(goal_node, dtype=np.int64))
        shape = (len(self.goal_node), nodes)
        self.next_link = np.full(shape, -1, dtype=np.int32)
        self.cost_s = np.full(shape, np.inf)
        self.cut_off = np.zeros(shape, dtype=np.bool_)
        self._dry_cost = np.maximum(ground.length_m, 1e-3) / FREE_SPEED_MPS + ground.wait_s
        self._closed = np.zeros(len(ground.length_m), dtype=np.bool_)
        self._find(np.arange(len(self.goal_node)))

    def destination(self, node: np.ndarray) -> np.ndarray:
        """Rows of the tables for destination nodes."""
        return np.searchsorted(self.goal_node, node).astype(np.int32)

    def close(self, closed: np.ndarray) -> bool:
        """Close exactly the links of `closed` (bool, shape (links,)). Returns whether any table changed.

        Only the tables that the change can touch are computed again: those whose tree used a link that closed now, and
        those to which a link that opened offers a shorter way.
        """
        shut = np.flatnonzero(closed & ~self._closed)
        opened = np.flatnonzero(self._closed & ~closed)
        self._closed = closed.copy()
        touched = self._touched(shut, opened)
        if len(touched):
            self._find(touched)
        return len(touched) > 0

    def _touched(self, shut: np.ndarray, opened: np.ndarray) -> np.ndarray:
        touched = np.zeros(len(self.goal_node), dtype=np.bool_)
        a, b = self._ground.link_from, self._ground.link_to
        if len(shut):
            touched |= (self.next_link[:, a[shut]] == shut).any(axis=1)
            touched |= (self.next_link[:, b[shut]] == shut).any(axis=1)
        if len(opened):
            cost = self._dry_cost[opened]
            at_a, at_b = self.cost_s[:, a[opened]], self.cost_s[:, b[opened]]
            touched |= (at_a > at_b + cost).any(axis=1) | (at_b > at_a + cost).any(axis=1)
        return np.flatnonzero(touched)

    def _find(self, rows: np.ndarray) -> None:
        """Shortest paths from the destinations `rows` over the undirected graph (Dijkstra 1959, SciPy)."""
        if not len(rows):
            return
        cost = self._dry_cost + np.where(self._closed, CLOSED_COST_S, 0.0)
        graph, pairs = self._graph(cost)
        self.cost_s[rows], back = dijkstra(graph, directed=True, indices=self.goal_node[rows], return_predecessors=True)
        node = np.broadcast_to(np.arange(self._nodes, dtype=np.int64), back.shape)
        known = back >= 0
        found = np.full(back.shape, -1, dtype=np.int32)
        keys = node[known] * self._nodes + back[known]
        found[known] = pairs.links[np.searchsorted(pairs.keys, keys)]
        self.next_link[rows] = found
        self.cut_off[rows] = self.cost_s[rows] >= CLOSED_COST_S

    def _graph(self, cost: np.ndarray) -> tuple[csr_array, _Pair]:
        """The graph with the cheapest of parallel links, both ways, and which link stands for each pair of nodes."""
        a, b = self._ground.link_from.astype(np.int64), self._ground.link_to.astype(np.int64)
        tail, head, link = np.concatenate([a, b]), np.concatenate([b, a]), np.tile(np.arange(len(a)), 2)
        keys = tail * self._nodes + head
        order = np.lexsort((link, cost[link], keys))
        keys, link = keys[order], link[order]
        first = np.ones(len(keys), dtype=np.bool_)
        first[1:] = keys[1:] != keys[:-1]
        keys, link = keys[first], link[first].astype(np.int32)
        graph = csr_array((cost[link], (keys // self._nodes, keys % self._nodes)), shape=(self._nodes, self._nodes))
        return graph, _Pair(keys, link)
