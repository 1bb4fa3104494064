"""The fast kernel: customizable contraction hierarchies, by RoutingKit."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.routing.kernel import SHUT, TICK_S, Floats, Ints, Way, check_graph, check_places, ticks
from networks.errors import BadInput

FEW_ARCS = 0.02
"""Up to this share of the arcs is changed one by one; beyond it everything is weighed anew, which is then faster."""
TOGETHER = 128
"""Destinations of a matrix are swept for so many at a time, neighbours together: their part of the hierarchy then stays
in the processor's cache from origin to origin, which is worth more than the searches that are done again."""


class CchKernel:
    """A RouteKernel (see there) on a hierarchy that is built once from the graph alone and takes new weights quickly.

    Method: Dibbelt, Strasser & Wagner 2016, Customizable Contraction Hierarchies, ACM Journal of Experimental
    Algorithmics 21, doi:10.1145/2886843; nodes ordered by inertial flow, Schild & Sommer 2015, On Balanced Separators
    in Road Networks, SEA, doi:10.1007/978-3-319-20086-6_22. Both as RoutingKit has them (`routingkit-cch`).

    Args:
        nodes: How many nodes.
        tail: (arcs,) where each arc begins.
        head: (arcs,) where it ends.
        xy: (nodes, 2) places of the nodes, in any unit: they decide how good the hierarchy is, never what it answers.

    Raises:
        ImportError: `routingkit_cch` is not installed.
    """

    def __init__(self, nodes: int, tail: ArrayLike, head: ArrayLike, xy: ArrayLike) -> None:
        import routingkit_cch

        first, last = check_graph(nodes, tail, head)
        places = np.asarray(xy, dtype=np.float32)
        if places.shape != (nodes, 2) or not bool(np.isfinite(places).all()):
            raise BadInput(f"places of shape {places.shape}", expected=f"({nodes}, 2), all finite")
        self.nodes, self.arcs, self._places = nodes, len(first), places
        self._kit, starts, ends = routingkit_cch, first.tolist(), last.tolist()
        order = routingkit_cch.compute_order_inertial(nodes, starts, ends, places[:, 1].tolist(), places[:, 0].tolist())
        self._hierarchy = routingkit_cch.CCH(order, starts, ends, True)  # without shortcuts that lead nowhere
        self._metric = routingkit_cch.CCHMetric(self._hierarchy, [SHUT] * self.arcs)
        self._updater = routingkit_cch.CCHMetricPartialUpdater(self._hierarchy)
        self._query: Any = None
        self._sweeps: dict[str, Any] = {}
        self._thread = threading.get_ident()

    def weigh(self, weights_s: ArrayLike) -> None:
        """See RouteKernel."""
        whole = ticks(weights_s, self.arcs).tolist()
        self._let_go()
        self._metric.reset(whole)

    def update(self, arcs: ArrayLike, weights_s: ArrayLike) -> None:
        """See RouteKernel."""
        places = check_places(self.arcs, arcs, "arc")
        whole = ticks(np.atleast_1d(np.asarray(weights_s, dtype=np.float64)), len(places))
        self._let_go()
        if len(places) <= FEW_ARCS * self.arcs:
            self._updater.apply(self._metric, dict(zip(places.tolist(), whole.tolist(), strict=True)))
            return
        every = np.asarray(self._metric.weights, dtype=np.int64)
        every[places] = whole
        self._metric.reset(every.tolist())

    def time(self, origin: int, destination: int) -> float:
        """See RouteKernel."""
        found = self._run(origin, destination).distance
        return np.inf if found is None else float(found * TICK_S)

    def way(self, origin: int, destination: int) -> Way | None:
        """See RouteKernel."""
        found = self._run(origin, destination)
        if found.distance is None:
            return None
        return Way(float(found.distance * TICK_S), tuple(found.node_path), tuple(found.arc_path))

    def times(self, origins: ArrayLike, destinations: ArrayLike) -> Floats:
        """See RouteKernel."""
        starts, ends = check_places(self.nodes, origins), check_places(self.nodes, destinations)
        self._own_thread()
        if len(ends) == 1 < len(starts):
            return _seconds([self._kit.CCHManyToOne(self._metric, starts.tolist()).distances_to(int(ends[0]))]).T
        found: Floats = np.empty((len(starts), len(ends)))
        for group in _neighbours(self._places[ends]):
            sweep = self._kit.CCHOneToMany(self._metric, ends[group].tolist())
            for row, start in enumerate(starts.tolist()):
                found[row, group] = _seconds(sweep.distances_from(start))
        return found

    def times_from(self, origin: int) -> Floats:
        """See RouteKernel."""
        start = int(check_places(self.nodes, origin)[0])
        return _seconds(self._sweep("CCHOneToMany").distances_from(start))

    def times_to(self, destination: int) -> Floats:
        """See RouteKernel."""
        end = int(check_places(self.nodes, destination)[0])
        return _seconds(self._sweep("CCHManyToOne").distances_to(end))

    def _run(self, origin: int, destination: int) -> Any:
        check_places(self.nodes, [origin, destination])
        self._own_thread()
        if self._query is None:
            self._query = self._kit.CCHQuery(self._metric)
        return self._query.run(origin, destination)

    def _sweep(self, kind: str) -> Any:
        self._own_thread()
        if kind not in self._sweeps:
            self._sweeps[kind] = getattr(self._kit, kind)(self._metric, list(range(self.nodes)))
        return self._sweeps[kind]

    def _let_go(self) -> None:
        """Weights may change only while no search holds them."""
        self._own_thread()
        self._query = None
        self._sweeps.clear()

    def _own_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise RuntimeError("a route kernel is used by the thread that made it; make one for each thread")


def _neighbours(xy: NDArray[np.float32]) -> list[Ints]:
    """Places (n, 2) halved across their longer side until no more than TOGETHER are left in a group."""
    groups = [np.arange(len(xy))]
    while groups and len(groups[0]) > TOGETHER:  # halves differ by one at most
        groups = [half for group in groups for half in _halves(xy, group)]
    return [group for group in groups if len(group)]


def _halves(xy: NDArray[np.float32], group: Ints) -> tuple[Ints, Ints]:
    across = group[np.argsort(xy[group, int(np.argmax(np.ptp(xy[group], axis=0)))], kind="stable")]
    return across[: (len(group) + 1) // 2], across[(len(group) + 1) // 2 :]


def _seconds(found: list[Any]) -> Floats:
    """Ticks, None where there is no way, as seconds."""
    spent = np.array(found, dtype=np.float64)
    return np.where(np.isnan(spent), np.inf, spent * TICK_S)
