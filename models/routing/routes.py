"""Quickest routes over a city's roads for one vehicle class, on edge times that hold for many questions."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

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
        self._mine = threading.local()
        free = np.asarray(graph.length_m, dtype=np.float64) / np.asarray(graph.speed_mps, dtype=np.float64)
        self.edge_s: Floats = free if edge_s is None else np.array(edge_s, dtype=np.float64)
        self._weights: Floats = self.turns.weights(self.edge_s)

    @property
    def kernel(self) -> RouteKernel:
        """The kernel of this thread, built when it is first asked, with the weights of now."""
        mine, turns = self._mine, self.turns
        if getattr(mine, "kernel", None) is None:
            mine.kernel = route_kernel(turns.edges, turns.tail, turns.head, turns.xy, engine=self._engine)
            mine.weighed = None
        if mine.weighed is not self._weights:
            mine.kernel.weigh(self._weights)
            mine.weighed = self._weights
        kernel: RouteKernel = mine.kernel
        return kernel

    def __getstate__(self) -> dict[str, Any]:
        """All but the kernels: another process builds its own."""
        return {name: value for name, value in self.__dict__.items() if name != "_mine"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Without a kernel as yet."""
        self.__dict__.update(state)
        self._mine = threading.local()

    @property
    def arc_s(self) -> Floats:
        """(arcs,) s of every arc of `turns` as it is weighed now."""
        return self._weights

    def weigh(self, edge_s: ArrayLike) -> None:
        """New times (edges,) everywhere: live traffic, a forecast's slice, water."""
        wanted = np.array(edge_s, dtype=np.float64)
        if np.array_equal(wanted, self.edge_s):
            return
        self.edge_s, self._weights = wanted, self.turns.weights(wanted)

    def change(self, edges: ArrayLike, edge_s: ArrayLike) -> None:
        """New times for some edges: a closure, a jam; the others stay."""
        before, mine = self._weights, self._mine
        self.edge_s[np.asarray(edges, dtype=np.int64)] = edge_s
        self._weights = self.turns.weights(self.edge_s)
        if getattr(mine, "weighed", None) is before:
            arcs = self.turns.arcs_at(edges)
            mine.kernel.update(arcs, self._weights[arcs])
            mine.weighed = self._weights

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
