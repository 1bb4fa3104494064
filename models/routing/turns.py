"""The edge graph that routes are searched on: a node is a road edge, an arc is a turn that the net allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from models.routing.kernel import Floats, Ints
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import RoadGraph


class TurnGraph:
    """Turns as arcs between road edges, each once; what is not allowed, a banned turn or a road, has no arc.

    A label is the time at which a vehicle enters an edge: passing edge u and turning into v takes what u takes, and
    what the turn costs on top (a wait at the lights, a U-turn).

    Args:
        graph: The city's edge graph for one vehicle class; edges that are not `allowed` are left out.
        turn_s: (connections,) s that each of the graph's connections costs, infinite where it is forbidden; none by
            default. Of connections between the same two edges the cheapest counts.

    Attributes:
        edges: How many road edges.
        tail, head: (arcs,) from edge, to edge; by tail, then head.
        turn_s: (arcs,) s.
        indptr: (edges + 1,) where the arcs of each edge begin.
        xy: (edges, 2) middles of the edges, m.

    Raises:
        BadInput: Turn costs that do not fit the graph, are negative or no numbers.
    """

    def __init__(self, graph: RoadGraph, turn_s: ArrayLike | None = None) -> None:
        self.edges = len(graph.edge_ids)
        tail, head = np.asarray(graph.conn_from, dtype=np.int64), np.asarray(graph.conn_to, dtype=np.int64)
        cost: Floats = np.zeros(len(tail)) if turn_s is None else np.array(turn_s, dtype=np.float64)
        if cost.shape != tail.shape or not bool((cost >= 0.0).all()):
            raise BadInput("turn costs do not fit the graph", expected=f"({len(tail)},) seconds, none of them negative")
        allowed = np.asarray(graph.allowed, dtype=bool)
        kept = np.flatnonzero(allowed[tail] & allowed[head] & np.isfinite(cost))
        order = kept[np.lexsort((cost[kept], head[kept], tail[kept]))]
        tail, head, cost = tail[order], head[order], cost[order]
        fresh = np.ones(len(tail), dtype=bool)
        fresh[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self.tail: Ints = tail[fresh]
        self.head: Ints = head[fresh]
        self.turn_s: Floats = cost[fresh]
        self.indptr: Ints = np.searchsorted(self.tail, np.arange(self.edges + 1)).astype(np.int64)
        self._ends = getattr(graph, "from_xy", None), getattr(graph, "to_xy", None)

    @property
    def xy(self) -> Floats:
        """(edges, 2) middles of the edges, m; zeros where the graph tells no places."""
        start, end = self._ends
        if start is None or end is None:
            return np.zeros((self.edges, 2))
        return (np.asarray(start, dtype=np.float64) + np.asarray(end, dtype=np.float64)) / 2

    def weights(self, edge_s: Floats) -> Floats:
        """Seconds of every arc (arcs,) when edges take `edge_s` (edges,); infinite into a shut edge, and out of it.

        Raises:
            BadInput: The times do not fit the graph.
        """
        if edge_s.shape != (self.edges,):
            raise BadInput(f"edge times of shape {edge_s.shape}", expected=f"({self.edges},), one for each edge")
        passed: Floats = edge_s[self.tail] + self.turn_s
        passed[~np.isfinite(edge_s[self.head])] = np.inf
        return passed

    def arcs_at(self, edges: ArrayLike) -> Ints:
        """The arcs that lead out of some edges or into them, whose weights change when those edges' times do."""
        touched = np.zeros(self.edges, dtype=bool)
        touched[np.asarray(edges, dtype=np.int64)] = True
        return np.flatnonzero(touched[self.tail] | touched[self.head])
