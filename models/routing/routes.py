"""Quickest routes over a city's roads for one vehicle class, on edge times that hold for many questions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from models.routing.engines import Engine, route_kernel
from models.routing.kernel import Floats, RouteKernel, Way
from models.routing.turns import TurnGraph

if TYPE_CHECKING:
    from networks import RoadGraph


class Routes:
    """Quickest routes from edge to edge, turn by turn.

    A time is that from entering the first edge to entering the last, whose own length is not counted. An infinite
    edge time is a closed edge: it cannot be entered, and a vehicle that stands on it cannot leave.

    Args:
        graph: The city's edge graph for one vehicle class.
        edge_s: (edges,) s to pass each edge; the speed limit's by default.
        turn_s: (connections,) s that each turn costs, see `TurnGraph`.
        engine: See `route_kernel`.

    Raises:
        BadInput: Times or costs that do not fit the graph.
    """

    def __init__(
        self,
        graph: RoadGraph,
        edge_s: ArrayLike | None = None,
        *,
        turn_s: ArrayLike | None = None,
        engine: Engine = "auto",
    ) -> None:
        self.graph, self.turns = graph, TurnGraph(graph, turn_s)
        self._engine: Engine = engine
        free = np.asarray(graph.length_m, dtype=np.float64) / np.asarray(graph.speed_mps, dtype=np.float64)
        self.edge_s: Floats = free if edge_s is None else np.array(edge_s, dtype=np.float64)
        self._weights: Floats = self.turns.weights(self.edge_s)

    @cached_property
    def kernel(self) -> RouteKernel:
        """The kernel, built when it is first asked."""
        turns = self.turns
        kernel = route_kernel(turns.edges, turns.tail, turns.head, turns.xy, engine=self._engine)
        kernel.weigh(self._weights)
        return kernel

    @property
    def arc_s(self) -> Floats:
        """(arcs,) s of every arc of `turns` as it is weighed now."""
        return self._weights

    def weigh(self, edge_s: ArrayLike) -> None:
        """New times (edges,) everywhere: live traffic, a forecast's slice, water."""
        self.edge_s = np.array(edge_s, dtype=np.float64)
        self._weights = self.turns.weights(self.edge_s)
        if "kernel" in self.__dict__:
            self.kernel.weigh(self._weights)

    def change(self, edges: ArrayLike, edge_s: ArrayLike) -> None:
        """New times for some edges: a closure, a jam; the others stay."""
        self.edge_s[np.asarray(edges, dtype=np.int64)] = edge_s
        self._weights = self.turns.weights(self.edge_s)
        if "kernel" in self.__dict__:
            arcs = self.turns.arcs_at(edges)
            self.kernel.update(arcs, self._weights[arcs])

    def time(self, origin: int, destination: int) -> float:
        """Seconds of a quickest route; infinite where there is none."""
        return self.kernel.time(origin, destination)

    def route(self, origin: int, destination: int) -> Way | None:
        """A quickest route, or None: `nodes` are its edges, `arcs` its turns."""
        return self.kernel.way(origin, destination)

    def table(self, origins: ArrayLike, destinations: ArrayLike) -> Floats:
        """Seconds from each origin to each destination: (origins, destinations)."""
        return self.kernel.times(origins, destinations)

    def times_from(self, origin: int) -> Floats:
        """Seconds from one edge to every edge (edges,)."""
        return self.kernel.times_from(origin)

    def times_to(self, destination: int) -> Floats:
        """Seconds from every edge to one edge (edges,)."""
        return self.kernel.times_to(destination)

    def ids(self, way: Way) -> tuple[str, ...]:
        """Names of the edges of a route."""
        return tuple(self.graph.edge_ids[i] for i in way.nodes)
