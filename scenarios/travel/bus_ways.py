"""The way of a bus over the roads: which edge each stop lies on, and how the bus gets from one to the next."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.routing import Router

if TYPE_CHECKING:
    from networks import City

REACH_M = 40.0
"""A stop stands beside a road within this distance, or on none."""
CANDIDATES = 4
ASIDE_COST = 5.0
"""A metre between stop and road weighs as much as so many metres of way: the near side of the street wins."""
OFF_COURSE = 3.0
"""Roads that the timetable's shape does not follow count this many times their length."""
BUS_M = 12.5
"""Room that a bus needs before a stop (SUMO's bus is 12 m long)."""


@dataclass(frozen=True)
class Course:
    """A bus's way, by the stops that could be placed.

    Attributes:
        route: Edges from the first stop's to the last's.
        edges: (stops,) the edge of each stop, in the route's order.
        places_m: (stops,) from the edge's begin.
        placed: (stops,) indices of these stops among those asked for.
    """

    route: tuple[str, ...]
    edges: tuple[str, ...]
    places_m: tuple[float, ...]
    placed: tuple[int, ...]


@dataclass(frozen=True)
class _Spot:
    edge: int
    place_m: float
    aside_m: float


class BusWays:
    """Places courses on the roads that buses may use.

    Args:
        city: Its layers `edges` and `transit_stops`, and its network.
    """

    def __init__(self, city: City) -> None:
        from shapely import STRtree

        self._kernel = Router(city.road_graph("bus"))
        graph = self._kernel.graph
        edges = city.layer("edges").set_index("edge_id").loc[list(graph.edge_ids)]
        usable = np.asarray(graph.allowed, dtype=bool) & (np.asarray(graph.length_m) > BUS_M)
        self._rows = np.flatnonzero(usable & (edges["highway"] != "outside").to_numpy())
        self._lines = np.array(list(edges.geometry), dtype=object)
        self._tree = STRtree(self._lines[self._rows])
        stops = city.layer("transit_stops")
        self._points = dict(zip(stops["stop_id"], stops.geometry, strict=True))
        self._known: dict[tuple[tuple[str, ...], str], Course | None] = {}

    def course(self, stops: Sequence[str], followed: str = "") -> Course | None:
        """The cheapest way past the stops in their order; None where fewer than two can be joined.

        Args:
            stops: Ids of stops.
            followed: Ids of edges that the timetable's shape follows, space between.
        """
        key = (tuple(stops), followed)
        if key not in self._known:
            self._known[key] = self._find(key[0], set(followed.split()))
        return self._known[key]

    def near(self, stop: str) -> bool:
        """Whether a road for buses passes the stop."""
        return bool(self._spots(stop))

    def _find(self, stops: tuple[str, ...], followed: set[str]) -> Course | None:
        graph = self._kernel.graph
        cost = np.asarray(graph.length_m, dtype=float).copy()
        if followed:
            cost *= np.where(np.isin(np.array(graph.edge_ids), list(followed)), 1.0, OFF_COURSE)
        spots = {k: found for k, stop in enumerate(stops) if (found := self._spots(stop))}
        placed = sorted(spots)
        if len(placed) < 2:
            return None
        best = np.array([ASIDE_COST * spot.aside_m for spot in spots[placed[0]]])
        came: list[np.ndarray] = []
        for before, after in itertools.pairwise(placed):
            total = best[:, None] + self._between(spots[before], spots[after], cost)
            came.append(total.argmin(axis=0))
            best = total.min(axis=0) + [ASIDE_COST * spot.aside_m for spot in spots[after]]
        if not np.isfinite(best).any():
            return None
        picks = [int(best.argmin())]
        for back in reversed(came):
            picks.append(int(back[picks[-1]]))
        return self._joined([spots[k][pick] for k, pick in zip(placed, reversed(picks), strict=True)], placed, cost)

    def _spots(self, stop: str) -> list[_Spot]:
        point = self._points.get(stop)
        if point is None:
            return []
        length = self._kernel.graph.length_m
        found = []
        for row in self._rows[self._tree.query(point, predicate="dwithin", distance=REACH_M)]:
            line: Any = self._lines[row]
            place = float(line.project(point, normalized=True)) * float(length[row])
            place = min(max(place, BUS_M), float(length[row]) - 0.5)
            found.append(_Spot(int(row), round(place, 1), float(line.distance(point))))
        return sorted(found, key=lambda spot: (spot.aside_m, spot.edge))[:CANDIDATES]

    def _between(self, before: Sequence[_Spot], after: Sequence[_Spot], cost: np.ndarray) -> np.ndarray:
        """(before, after) metres from spot to spot; infinite where no way leads, or only one back on the same edge."""
        way = self._kernel.matrix([spot.edge for spot in before], [spot.edge for spot in after], cost)
        length = self._kernel.graph.length_m
        for i, a in enumerate(before):
            for j, b in enumerate(after):
                if a.edge == b.edge:
                    way[i, j] = b.place_m - a.place_m if b.place_m > a.place_m else np.inf
                else:
                    way[i, j] += b.place_m - a.place_m * cost[a.edge] / length[a.edge]
        return way

    def _joined(self, spots: Sequence[_Spot], placed: Sequence[int], cost: np.ndarray) -> Course | None:
        ids = self._kernel.graph.edge_ids
        route = [spots[0].edge]
        for a, b in itertools.pairwise(spots):
            if a.edge != b.edge:
                part = self._kernel.route(a.edge, b.edge, cost)
                if part is None:
                    return None
                route += part[1:]
        return Course(
            tuple(ids[i] for i in route),
            tuple(ids[spot.edge] for spot in spots),
            tuple(spot.place_m for spot in spots),
            tuple(placed),
        )
