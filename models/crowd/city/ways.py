"""Which way to walk in a whole city: the next link to every goal from every node, by the twin's route kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.crowd.speed import FREE_SPEED_MPS
from models.routing import RouteKernel, route_kernel

if TYPE_CHECKING:
    from networks import WalkGraph


class CityWays:
    """Next-link tables for a set of goals: the ways of least free walking time, expected waits included.

    Attributes:
        goal_node: Node of each goal, int64, shape (goals,), sorted.
        next_link: int32, shape (goals, nodes); -1 at the goal, or where no open way leads there. From a node all of
            whose links are closed it is the link of the quickest way out, for those who are caught.
        cost_s: Walking time at the mean free speed (s), float32, shape (goals, nodes); infinite without a way.
        out_s: Walking time over closed links to the nearest node with an open one (s), shape (nodes,); 0 there.
    """

    def __init__(self, graph: WalkGraph, goal_node: np.ndarray, wait_s: np.ndarray) -> None:
        nodes, links = len(graph.node_x), len(graph.length_m)
        self.goal_node = np.unique(np.asarray(goal_node, dtype=np.int64))
        tail, head = np.concatenate([graph.link_from, graph.link_to]), np.concatenate([graph.link_to, graph.link_from])
        order = np.argsort(tail, kind="stable")
        self._tails, self._starts = np.unique(tail[order], return_index=True)
        self._counts = np.diff([*self._starts, 2 * links])
        self._head, self._link = head[order], (order % max(1, links)).astype(np.int32)
        xy = np.column_stack([graph.node_x, graph.node_y])
        self._kernel: RouteKernel = route_kernel(nodes, tail[order], self._head, xy)
        self._open_s = np.maximum(graph.length_m, 1e-3) / FREE_SPEED_MPS + wait_s
        self._closed = np.zeros(links, dtype=np.bool_)
        self.next_link = np.full((len(self.goal_node), nodes), -1, dtype=np.int32)
        self.cost_s = np.full((len(self.goal_node), nodes), np.inf, dtype=np.float32)
        self.out_s = np.zeros(nodes)
        self._find()

    def destination(self, node: np.ndarray) -> np.ndarray:
        """Rows of the tables for goals."""
        return np.searchsorted(self.goal_node, node).astype(np.int32)

    def close(self, closed: np.ndarray) -> bool:
        """Close exactly the links of `closed` (bool, shape (links,)). Returns whether anything changed."""
        if np.array_equal(closed, self._closed):
            return False
        self._closed = np.array(closed, dtype=np.bool_)
        self._find()
        return True

    def _find(self) -> None:
        weight = np.where(self._closed, np.inf, self._open_s)[self._link]
        if not len(weight):
            self.cost_s[np.arange(len(self.goal_node)), self.goal_node] = 0.0
            return
        self._kernel.weigh(weight)
        caught, way_out = self._ways_out()
        for row, goal in enumerate(self.goal_node.tolist()):
            left = self._kernel.times_to(goal)
            table = self._onward(left, weight)
            table[caught] = way_out
            table[goal] = -1
            self.next_link[row], self.cost_s[row] = table, left

    def _onward(self, left_s: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """The link of the quickest way from each node, given what is left at its neighbours; -1 without one."""
        places = np.arange(len(weight))
        onward = left_s[self._head] + weight
        least = np.minimum.reduceat(onward, self._starts)
        best = np.where(onward == np.repeat(least, self._counts), places, len(places))
        first = np.minimum.reduceat(best, self._starts)
        table = np.full(left_s.shape, -1, dtype=np.int32)
        table[self._tails] = np.where(np.isfinite(least), self._link[np.minimum(first, len(places) - 1)], -1)
        return table

    def _ways_out(self) -> tuple[np.ndarray, np.ndarray]:
        """Nodes all of whose links are closed, and the link by which the nearest open one is reached from each."""
        tail = np.repeat(self._tails, self._counts)
        shut = self._closed[self._link]
        dry = np.ones(len(self.out_s), dtype=np.bool_)
        dry[tail[shut]] = False
        dry[tail[~shut]] = True
        self.out_s = np.where(dry, 0.0, np.inf)
        caught = np.flatnonzero(~dry)
        if not len(caught):
            return caught, caught.astype(np.int32)
        step = self._open_s[self._link]
        while True:
            nearer = self.out_s.copy()
            np.minimum.at(nearer, tail[shut], self.out_s[self._head[shut]] + step[shut])
            if np.array_equal(nearer, self.out_s):
                return caught, self._onward(self.out_s, step)[caught]
            self.out_s = nearer
