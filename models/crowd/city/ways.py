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

    There is a table for each kind of walker (those who follow signs, and the others), one after the other; kinds differ
    by what each adds to the time of a link.

    Attributes:
        kinds: How many kinds there are.
        goal_node: Node of each row, int64, shape (kinds x goals,): the goals sorted, for each kind.
        next_link: int32, shape (kinds x goals, nodes); -1 at the goal, or where no open way leads there. From a node
            all of whose links are closed it is the link of the quickest way out, for those who are caught.
        cost_s: Walking time at the mean free speed (s) with what the kind adds, float32, shape (kinds x goals, nodes);
            infinite without a way.
        out_s: Walking time over closed links to the nearest node with an open one (s), shape (nodes,); 0 there.
    """

    def __init__(self, graph: WalkGraph, goal_node: np.ndarray, wait_s: np.ndarray, *, kinds: int = 1) -> None:
        nodes, links = len(graph.node_x), len(graph.length_m)
        self._goals = np.unique(np.asarray(goal_node, dtype=np.int64))
        self.kinds, self.goal_node = kinds, np.tile(self._goals, kinds)
        tail, head = np.concatenate([graph.link_from, graph.link_to]), np.concatenate([graph.link_to, graph.link_from])
        order = np.argsort(tail, kind="stable")
        self._tails, self._starts = np.unique(tail[order], return_index=True)
        self._counts = np.diff([*self._starts, 2 * links])
        self._head, self._link = head[order], (order % max(1, links)).astype(np.int32)
        self._way = order
        xy = np.column_stack([graph.node_x, graph.node_y])
        self._kernel: RouteKernel = route_kernel(nodes, tail[order], self._head, xy)
        self._open_s = np.maximum(graph.length_m, 1e-3) / FREE_SPEED_MPS + wait_s
        self._closed = np.zeros(links, dtype=np.bool_)
        self._toll_s = np.zeros((kinds, 2 * links))
        self._ends = np.stack([graph.link_to, graph.link_from]).astype(np.int64)
        self._from = np.asarray(graph.link_from)
        self.next_link = np.full((len(self.goal_node), nodes), -1, dtype=np.int32)
        self.cost_s = np.full((len(self.goal_node), nodes), np.inf, dtype=np.float32)
        self.out_s = np.zeros(nodes)
        self._find()

    def destination(self, node: np.ndarray, kind: np.ndarray | int = 0) -> np.ndarray:
        """Rows of the tables for goals, to walkers of a kind."""
        return (np.searchsorted(self._goals, node) + len(self._goals) * np.asarray(kind)).astype(np.int32)

    def close(self, closed: np.ndarray) -> bool:
        """Close exactly the links of `closed` (bool, shape (links,)). Returns whether anything changed."""
        if np.array_equal(closed, self._closed):
            return False
        self._closed = np.array(closed, dtype=np.bool_)
        self._find()
        return True

    def charge(self, toll_s: np.ndarray) -> bool:
        """Add so much to the time of each link: (kinds, 2, links), from its start on and from its end on (s).

        Infinite: nobody of that kind takes it that way. Returns whether anything changed.
        """
        toll = np.asarray(toll_s, dtype=np.float64).reshape(self._toll_s.shape)
        if np.array_equal(toll, self._toll_s):
            return False
        self._toll_s = toll.copy()
        self._find()
        return True

    def crosses(self, links: np.ndarray) -> np.ndarray:
        """Whether the way from each node to each goal leads over one of `links`, bool, shape (kinds x goals, nodes)."""
        known = self.next_link >= 0
        link = np.maximum(self.next_link, 0)
        here = np.arange(self.next_link.shape[1])
        onward = np.where(known, self._ends[(self._from[link] != here).astype(np.int64), link], here)
        marked = np.zeros(max(1, len(self._closed)), dtype=np.bool_)
        marked[links] = True
        over = known & marked[link]
        for _ in range(int(np.ceil(np.log2(max(2, len(here))))) + 1):
            over |= np.take_along_axis(over, onward, axis=1)
            onward = np.take_along_axis(onward, onward, axis=1)
        return over

    def _find(self) -> None:
        goals = len(self._goals)
        for kind in range(self.kinds):
            rows = slice(kind * goals, (kind + 1) * goals)
            if kind and np.array_equal(self._toll_s[kind], self._toll_s[0]):
                self.next_link[rows], self.cost_s[rows] = self.next_link[:goals], self.cost_s[:goals]
                continue
            self._tabulate(
                rows, np.where(self._closed, np.inf, self._open_s)[self._link] + self._toll_s[kind][self._way]
            )

    def _tabulate(self, rows: slice, weight: np.ndarray) -> None:
        if not len(weight):
            self.cost_s[np.arange(rows.start, rows.stop), self._goals] = 0.0
            return
        self._kernel.weigh(weight)
        caught, way_out = self._ways_out()
        for row, goal in enumerate(self._goals.tolist(), rows.start):
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
