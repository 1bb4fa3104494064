"""Travel in slices of time: what the control room believes of the roads, and what they really are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from models.emergency.dispatching.outlook import Outlook
from models.emergency.dispatching.road_times import RoadTimes
from models.emergency.dispatching.travel import Drive
from models.routing import Floats, Router, Routes

if TYPE_CHECKING:
    from networks import RoadGraph

REMEMBERED_S = 900.0
"""A road that a crew found shut is avoided for so long (as in the model that drives in SUMO)."""


class LiveRoads:
    """Travel over one vehicle class's roads: planned on what is believed, driven in what is true.

    A way is that of the slice in which the wheels roll. Who has an `outlook` looks along it at the moments of passing,
    and where it would be shut by then takes the quickest way that stays open for as long as it is needed. Every edge
    takes what it really takes at the moment of entering it, and one that is really shut then stops the crew before it.

    Args:
        graph: The city's edge graph for the class.
        believed: What the control room plans on.
        true: What the roads are; `believed` by default.
        outlook: Ways keep away from roads that will have shut by it; where there is none such, from those that every
            member says will have.
        turn_s: (connections,) s of each turn, see `models.routing.TurnGraph`.
        places: Edges between which times are asked often; their tables are kept.
    """

    def __init__(
        self,
        graph: RoadGraph,
        believed: RoadTimes,
        true: RoadTimes | None = None,
        *,
        outlook: Outlook | None = None,
        turn_s: ArrayLike | None = None,
        places: Sequence[int] = (),
    ) -> None:
        self._outlook = outlook
        self._graph, self._turn_s, self._believed, self._true = graph, turn_s, believed, true or believed
        self._place = {edge: i for i, edge in enumerate(dict.fromkeys(places))}
        alike: dict[bytes, int] = {}
        self._kind = [alike.setdefault(row.tobytes(), i) for i, row in enumerate(believed.edge_s)]
        self._weighed, self._tables = _Weighed(graph, believed, turn_s), dict[int, Floats]()
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
            return self._weighed.of(kind).table(start, end)
        found: Floats = self._table(kind)[np.ix_(rows, columns)]
        strange = [i for i, row in enumerate(rows) if row < 0]
        if strange:
            found[strange] = self._weighed.of(kind).table(start[strange], end)
        return found

    def drive(self, origin: int, destination: int, depart_s: float) -> Drive | None:
        """See `Travel`."""
        way = self._way(self._kind[self._believed.slot(depart_s)], origin, destination)
        if way is None:
            return None
        shut = {edge for edge, since in self._found.items() if depart_s - since < REMEMBERED_S}
        if not (shut.isdisjoint(way[0][1:]) and self._stays_open(way, depart_s)):
            way = self._round(shut, origin, destination, depart_s, self._outlook)
            if way is None and self._outlook is not None:
                way = self._round(shut, origin, destination, depart_s, self._outlook.certain())
        return None if way is None else self._driven(*way, depart_s, self._true)

    @property
    def true(self) -> RoadTimes:
        """What the roads are."""
        return self._true

    def nearest(self, origins: ArrayLike, destination: int, depart_s: float) -> tuple[str, float] | None:
        """See `Travel`; as the crow flies, middle to middle."""
        places = np.unique(np.asarray(origins, dtype=np.int64))
        reached = np.zeros(len(self._graph.edge_ids), dtype=bool)
        for origin in places.tolist():
            labels, _ = self.router.times_at(origin, depart_s, self._passing(set(), origin, depart_s, self._outlook))
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

    def _stays_open(self, way: tuple[tuple[int, ...], Floats], depart_s: float) -> bool:
        """As the outlook says of the time that it takes."""
        if self._outlook is None:
            return True
        edges, turns_s = way
        spent = self._believed.edge_s[self._believed.slot(depart_s), list(edges[:-1])]
        if len(spent) and not np.isfinite(spent[0]):
            spent[0] = self._dry_s(edges[0])
        entered_s: Floats = depart_s + np.concatenate([[0.0], np.cumsum(spent + turns_s)])
        return not self._outlook.meets(edges, entered_s, depart_s)

    def _table(self, kind: int) -> Floats:
        if kind not in self._tables:
            places = list(self._place)
            self._tables[kind] = self._weighed.of(kind).table(places, places)
        return self._tables[kind]

    def _way(self, kind: int, origin: int, destination: int) -> tuple[tuple[int, ...], Floats] | None:
        key = (kind, origin, destination)
        if key not in self._ways:
            routes = self._weighed.of(kind)
            found = routes.route(origin, destination)
            turns = None if found is None else routes.turns.turn_s[list(found.arcs)]
            self._ways[key] = None if found is None or turns is None else (found.nodes, turns)
        return self._ways[key]

    def _round(
        self, shut: set[int], origin: int, destination: int, depart_s: float, outlook: Outlook | None
    ) -> tuple[tuple[int, ...], Floats] | None:
        passing_s = self._passing(shut, origin, depart_s, outlook)
        nodes, _ = self.router.route_at(origin, destination, depart_s, passing_s)
        if nodes is None:
            return None
        turns = self.router.turns
        cost = [
            turns.turn_s[turns.indptr[u] + np.searchsorted(turns.head[turns.indptr[u] : turns.indptr[u + 1]], v)]
            for u, v in pairwise(nodes)
        ]
        return nodes, np.array(cost, dtype=np.float64)

    def _passing(
        self, shut: set[int], origin: int, depart_s: float, outlook: Outlook | None
    ) -> Callable[[Floats], Floats]:
        """Seconds to pass as at `depart_s`, and what the outlook says of the moment of entering."""
        now = self._believed.edge_s[self._believed.slot(depart_s)]

        def passing_s(when_s: Floats) -> Floats:
            spent = now.copy()
            if outlook is not None:
                spent[outlook.shut(when_s, depart_s)] = np.inf
            spent[list(shut)] = np.inf
            spent[origin] = self._dry_s(origin)  # it stands there
            return spent

        return passing_s


class _Weighed:
    """One hierarchy, weighed anew for the slice that is asked for."""

    def __init__(self, graph: RoadGraph, believed: RoadTimes, turn_s: ArrayLike | None) -> None:
        self._graph, self._believed, self._turn_s = graph, believed, turn_s
        self._kind = -1

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self._graph, turn_s=self._turn_s)

    def of(self, kind: int) -> Routes:
        """Routes on the times of a slice."""
        if kind != self._kind:
            self._routes.weigh(self._believed.edge_s[kind])
            self._kind = kind
        return self._routes
