"""Roads in slices of time: what the control room believes of them, and what they really are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from models.emergency.dispatching.travel import Drive
from models.routing import Floats, Router, Routes
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import RoadGraph

REMEMBERED_S = 900.0
"""A road that a crew found shut is avoided for so long (as in the model that drives in SUMO)."""


@dataclass(frozen=True)
class RoadTimes:
    """Seconds to pass every edge, constant within each slice of time.

    Attributes:
        times_s: (slices,) s of the run at which each slice begins, increasing; the first holds before, too.
        edge_s: (slices, edges) s to pass; infinite where an edge is shut.

    Raises:
        BadInput: Shapes or times that do not fit.
    """

    times_s: Floats
    edge_s: Floats

    def __post_init__(self) -> None:
        if self.edge_s.shape[:1] != self.times_s.shape or not len(self.times_s) or (np.diff(self.times_s) <= 0).any():
            raise BadInput("road times do not fit", expected="increasing times (slices,) and seconds (slices, edges)")

    @classmethod
    def closing(cls, edge_s: Floats, shut_s: Floats, *, step_s: float = 60.0) -> RoadTimes:
        """Edges that pass in `edge_s` until `shut_s` (both (edges,)), and are shut from then on.

        Moments are rounded down to `step_s`, so that a road is shut rather early than late.
        """
        moments = np.unique(np.floor(shut_s[np.isfinite(shut_s)] / step_s) * step_s)
        times = np.concatenate([[min(0.0, moments[0] - step_s)], moments]) if len(moments) else np.zeros(1)
        times = np.unique(times)
        wet = np.floor(shut_s / step_s) * step_s <= times[:, None]
        return cls(times, np.where(wet, np.inf, edge_s))

    def slot(self, now: float) -> int:
        """The slice of a moment."""
        return max(0, int(np.searchsorted(self.times_s, now, side="right")) - 1)

    def at(self, when_s: Floats) -> Floats:
        """Seconds to pass each edge entered at `when_s` (edges,)."""
        slots = np.maximum(0, np.searchsorted(self.times_s, when_s, side="right") - 1)
        found: Floats = self.edge_s[slots, np.arange(self.edge_s.shape[1])]
        return found


class LiveRoads:
    """Travel over one vehicle class's roads: planned on what is believed, driven in what is true.

    A way is that of the slice in which the wheels roll. Who `foresees` looks along it at the moments of passing, and
    where it would be shut by then takes the quickest way that stays open for as long as it is needed. Every edge takes
    what it really takes at the moment of entering it, and one that is really shut then stops the crew before it.

    Args:
        graph: The city's edge graph for the class.
        believed: What the control room plans on.
        true: What the roads are; `believed` by default.
        foresees: Ways are planned by what is believed of the time to come, not by that of now alone.
        turn_s: (connections,) s of each turn, see `models.routing.TurnGraph`.
        places: Edges between which times are asked often; their tables are kept.
    """

    def __init__(
        self,
        graph: RoadGraph,
        believed: RoadTimes,
        true: RoadTimes | None = None,
        *,
        foresees: bool = False,
        turn_s: ArrayLike | None = None,
        places: Sequence[int] = (),
    ) -> None:
        self._foresees = foresees
        self._graph, self._turn_s, self._believed, self._true = graph, turn_s, believed, true or believed
        self._place = {edge: i for i, edge in enumerate(dict.fromkeys(places))}
        alike: dict[bytes, int] = {}
        self._kind = [alike.setdefault(row.tobytes(), i) for i, row in enumerate(believed.edge_s)]
        self._routes, self._tables = dict[int, Routes](), dict[int, Floats]()
        self._ways = dict[tuple[int, int, int], tuple[tuple[int, ...], Floats] | None]()
        self._found = dict[int, float]()

    def fresh(self) -> LiveRoads:
        """The same roads and tables without what crews reported."""
        other = LiveRoads.__new__(LiveRoads)
        other.__dict__.update(self.__dict__)
        other._found = {}
        return other

    def times(self, origins: ArrayLike, destinations: ArrayLike, depart_s: float) -> Floats:
        """See `Travel`."""
        kind = self._kind[self._believed.slot(depart_s)]
        start, end = np.atleast_1d(np.asarray(origins)), np.atleast_1d(np.asarray(destinations))
        rows = [self._place.get(int(edge), -1) for edge in start]
        columns = [self._place.get(int(edge), -1) for edge in end]
        if min(columns, default=-1) < 0:
            return self._kernel(kind).table(start, end)
        found: Floats = self._table(kind)[np.ix_(rows, columns)]
        strange = [i for i, row in enumerate(rows) if row < 0]
        if strange:
            found[strange] = self._kernel(kind).table(start[strange], end)
        return found

    def drive(self, origin: int, destination: int, depart_s: float) -> Drive | None:
        """See `Travel`."""
        way = self._way(self._kind[self._believed.slot(depart_s)], origin, destination)
        shut = {edge for edge, since in self._found.items() if depart_s - since < REMEMBERED_S}
        known = not self._foresees or way is None or self._driven(*way, depart_s, self._believed).shut < 0
        if way is not None and not (known and shut.isdisjoint(way[0][1:])):
            way = self._round(shut, origin, destination, depart_s)
        return None if way is None else self._driven(*way, depart_s, self._true)

    def nearest(self, origins: ArrayLike, destination: int, depart_s: float) -> tuple[str, float] | None:
        """See `Travel`; as the crow flies, middle to middle."""
        places = np.unique(np.asarray(origins, dtype=np.int64))
        reached = np.zeros(len(self._graph.edge_ids), dtype=bool)
        for origin in places.tolist():
            labels, _ = self.router.times_at(origin, depart_s, self._passing(set(), origin, depart_s))
            found = np.isfinite(labels)
            reached |= found & (found.sum() > 1)
        if not reached.any():
            return None
        xy = self.router.turns.xy
        away = np.hypot(*(xy - xy[destination]).T)
        best = int(np.argmin(np.where(reached, away, np.inf)))
        return self._graph.edge_ids[best], float(away[best])

    def found_shut(self, edge: int, now: float) -> None:
        """See `Travel`."""
        self._found[edge] = now

    @cached_property
    def router(self) -> Router:
        """For ways that are searched once."""
        return Router(self._graph, self._turn_s)

    def _driven(self, edges: tuple[int, ...], turns_s: Floats, depart_s: float, true: RoadTimes) -> Drive:
        slot, nodes = true.slot(depart_s), np.asarray(edges)
        passing = true.edge_s[slot, nodes[:-1]] + turns_s
        entered: Floats = depart_s + np.concatenate([[0.0], np.cumsum(passing)])
        later = slot + 1 < len(true.times_s) and not entered[-1] < true.times_s[slot + 1]
        if not later and np.isfinite(true.edge_s[slot, nodes[1:]]).all():
            return Drive(edges, entered)
        now, moments = depart_s, [depart_s]
        for i in range(1, len(edges)):
            slot = true.slot(now)
            spent = float(true.edge_s[slot, edges[i - 1]])
            now += (spent if np.isfinite(spent) else self._dry_s(edges[i - 1])) + float(turns_s[i - 1])
            if not np.isfinite(true.edge_s[true.slot(now), edges[i]]):
                return Drive(edges[:i], np.array(moments), edges[i])
            moments.append(now)
        return Drive(edges, np.array(moments))

    def _dry_s(self, edge: int) -> float:
        """A vehicle on an edge that shut behind it still leaves it: at the limit."""
        return float(self._graph.length_m[edge] / self._graph.speed_mps[edge])

    def _kernel(self, kind: int) -> Routes:
        if kind not in self._routes:
            self._routes[kind] = Routes(self._graph, self._believed.edge_s[kind], turn_s=self._turn_s)
        return self._routes[kind]

    def _table(self, kind: int) -> Floats:
        if kind not in self._tables:
            places = list(self._place)
            self._tables[kind] = self._kernel(kind).table(places, places)
        return self._tables[kind]

    def _way(self, kind: int, origin: int, destination: int) -> tuple[tuple[int, ...], Floats] | None:
        key = (kind, origin, destination)
        if key not in self._ways:
            routes = self._kernel(kind)
            found = routes.route(origin, destination)
            turns = None if found is None else routes.turns.turn_s[list(found.arcs)]
            self._ways[key] = None if found is None or turns is None else (found.nodes, turns)
        return self._ways[key]

    def _round(
        self, shut: set[int], origin: int, destination: int, depart_s: float
    ) -> tuple[tuple[int, ...], Floats] | None:
        passing_s = self._passing(shut, origin, depart_s)
        nodes, _ = self.router.route_at(origin, destination, depart_s, passing_s)
        if nodes is None:
            return None
        turns = self.router.turns
        cost = [
            turns.turn_s[turns.indptr[u] + np.searchsorted(turns.head[turns.indptr[u] : turns.indptr[u + 1]], v)]
            for u, v in pairwise(nodes)
        ]
        return nodes, np.array(cost, dtype=np.float64)

    def _passing(self, shut: set[int], origin: int, depart_s: float) -> Callable[[Floats], Floats]:
        """Seconds to pass, as somebody believes who foresees, or who knows of `depart_s` alone."""
        now = self._believed.edge_s[self._believed.slot(depart_s)]

        def passing_s(when_s: Floats) -> Floats:
            spent = self._believed.at(when_s) if self._foresees else now.copy()
            spent[list(shut)] = np.inf
            spent[origin] = self._dry_s(origin)  # it stands there
            return spent

        return passing_s
