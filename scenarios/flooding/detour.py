"""The way round a place that water shuts: one that stays open, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router
from networks.sentence import Sentence, say
from scenarios.flooding.streets import Streets

if TYPE_CHECKING:
    from networks import City

MOST_NAMES = 4


@dataclass(frozen=True)
class Detour:
    """A way round.

    Attributes:
        edges: From the last road before the place to the first one behind it; empty where no way stays open.
        streets: What it runs along, in order.
        extra_s: How much longer it takes than the way through (s, at free flow); inf where there is none.
    """

    edges: tuple[str, ...]
    streets: tuple[str, ...]
    extra_s: float

    @property
    def sentence(self) -> Sentence:
        """For the duty officer."""
        if not self.edges:
            return say("none stays open to cars", "无可通行的绕行路线")
        minutes = max(1, round(self.extra_s / 60))
        way = ", ".join(self.streets), "、".join(self.streets)
        if not self.streets:
            way = "streets without a name", "无名道路"
        return say(f"{way[0]} (+{minutes} min)", f"{way[1]}（多{minutes}分钟）")


class Detours:
    """Ways round places of a city, for cars at free flow.

    Args:
        city: Its road graph.
        streets: Names.
    """

    def __init__(self, city: City, streets: Streets) -> None:
        self.kernel, self._streets = Router(city.road_graph("passenger")), streets
        self.lanes = city.layer("edges")["lanes"].to_numpy(float)
        graph = self.kernel.graph
        self._allowed = np.asarray(graph.allowed, bool)
        kept = self._allowed[graph.conn_from] & self._allowed[graph.conn_to]
        self._tail, self._head = np.asarray(graph.conn_from)[kept], np.asarray(graph.conn_to)[kept]

    def numbers(self, edges: Iterable[str]) -> np.ndarray:
        """Indices of those of some edges that cars may use."""
        index = self.kernel.index
        found = np.array(sorted({index[edge] for edge in edges if edge in index}), np.int64)
        return found[self._allowed[found]] if len(found) else found

    def entries(self, edges: Iterable[str]) -> np.ndarray:
        """Indices of those of some edges by which cars come in from elsewhere."""
        inside = self._inside(self.numbers(edges))
        enters = inside[self._head] & ~inside[self._tail]
        return np.unique(self._head[enters])

    def around(self, edges: Sequence[str], shut: np.ndarray) -> Detour | None:
        """The way round some edges, all of them shut.

        Of the ways through, the one that has most of its length within them is gone round.

        Args:
            edges: Of the place.
            shut: (edges,) True where water shuts a road to cars elsewhere; the way round keeps clear of it.

        Returns:
            None where no car drives through.
        """
        inside = self._inside(self.numbers(edges))
        if not inside.any():
            return None
        inside = self._grown(inside, shut)
        ends = self._ends(inside)
        if ends is None:
            return None
        start, stop, dry_s = ends
        weights = np.where(inside | shut, np.inf, self.kernel.free_s)
        route = self.kernel.route(start, stop, weights)
        if route is None:
            return Detour((), (), float("inf"))
        extra = float(self.kernel.free_s[list(route[:-1])].sum()) - dry_s
        return Detour(self.kernel.ids(route), self._named(route), extra)

    def _inside(self, numbers: np.ndarray) -> np.ndarray:
        inside = np.zeros(self.kernel.edges, bool)
        inside[numbers] = True
        return inside

    def _grown(self, inside: np.ndarray, shut: np.ndarray) -> np.ndarray:
        """With every shut road that hangs together with them."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components

        dead = inside | (shut & self._allowed)
        kept = dead[self._tail] & dead[self._head]
        ones, size = np.ones(int(kept.sum())), self.kernel.edges
        arcs = csr_matrix((ones, (self._tail[kept], self._head[kept])), shape=(size, size))
        _, labels = connected_components(arcs, directed=False)
        return dead & np.isin(labels, np.unique(labels[inside]))

    def _ends(self, inside: np.ndarray) -> tuple[int, int, float] | None:
        """The road before and the road behind, between which the quickest dry way has most metres inside; its time."""
        before = np.unique(self._tail[inside[self._head] & ~inside[self._tail]])
        behind = np.unique(self._head[inside[self._tail] & ~inside[self._head]])
        length, best = np.asarray(self.kernel.graph.length_m), (0.0, -1, -1, 0.0)
        for start in before.tolist():
            for route in self.kernel.routes_from(start, behind.tolist(), self.kernel.free_s):
                if route is None or len(route) < 3:
                    continue
                passed = [edge for edge in route if inside[edge]]
                metres = float(length[passed].sum())
                if metres > best[0] + 1e-6 and not _turns_back(self.kernel.ids(route)):
                    best = (metres, start, route[-1], float(self.kernel.free_s[list(route[:-1])].sum()))
        return None if best[1] < 0 else best[1:]

    def _named(self, route: Sequence[int]) -> tuple[str, ...]:
        """The streets with most metres, in their order."""
        ids, length = self.kernel.ids(route), np.asarray(self.kernel.graph.length_m)
        metres: dict[str, float] = {}
        for number, edge in list(zip(route, ids, strict=True))[1:-1] or list(zip(route, ids, strict=True)):
            for name in self._streets.along([edge]):
                metres[name] = metres.get(name, 0.0) + float(length[number])
        longest = sorted(metres, key=lambda name: -metres[name])[:MOST_NAMES]
        return tuple(name for name in metres if name in longest)


def _turns_back(ids: Sequence[str]) -> bool:
    """True where a way comes back along the road that it went."""
    return any(a == f"-{b}" or b == f"-{a}" for a, b in pairwise(ids))
