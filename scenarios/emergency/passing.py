"""What passing every road takes one vehicle at the moment it enters it: its own speed, traffic, bans and water."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.routing import EdgeForecast, Floats, Vehicle, first_in_first_out

if TYPE_CHECKING:
    from networks import RoadGraph
    from scenarios.emergency.traffic import Traffic
    from scenarios.emergency.water import WaterAhead

Passing = Callable[[Floats], Floats]
"""Moments of entering every edge (edges,), s -> seconds to pass each (edges,), infinite where it is shut."""


class RoadsInTime:
    """Times of one class of vehicles on its roads.

    In traffic a time is linear between the begins of two slices, lowered so that nobody who enters later leaves
    earlier (`first_in_first_out`); so a search in time finds the earliest arrival. Roads that the traffic has closed
    are shut from the begin of a slice to its end.

    Args:
        graph: The roads.
        vehicle: Who drives.
        water: A flood run, or None.
        traffic: What others make of the roads, or None.
        alarm: An edge is shut where water shuts it in so many of the members.
    """

    def __init__(
        self,
        graph: RoadGraph,
        vehicle: Vehicle,
        water: WaterAhead | None = None,
        traffic: Traffic | None = None,
        *,
        alarm: float = 0.5,
    ) -> None:
        self.free_s = vehicle.edge_s(graph)
        self._water, self._traffic, self._alarm, self._ahead_s = water, traffic, alarm, 0.0
        if traffic is not None:
            taken = first_in_first_out(traffic.times_s, vehicle.edge_s(graph, traffic.edge_s))
            self._forecast = EdgeForecast(traffic.times_s, taken, np.zeros_like(taken))
            self._ahead_s = traffic.ahead_s(None if water is None else water.begin)

    def passing(
        self, banned: np.ndarray, starts: Sequence[int], *, water: bool = True, traffic: bool = True
    ) -> Passing:
        """Times for one that stands on `starts`, which nothing shuts to it.

        Args:
            banned: (edges,) shut to it whatever the hour.
            starts: Edges.
            water: Whether water counts.
            traffic: Whether traffic and what it has closed count.
        """

        def passing_s(when_s: Floats) -> Floats:
            taken, shut = self.free_s, banned.copy()
            if traffic and self._traffic is not None:
                moment = when_s + self._ahead_s
                taken = self._forecast.at(moment, depth_limit_m=np.inf)
                shut |= self._closed(moment)
            if water and self._water is not None:
                shut |= self._water.shuts(when_s + taken, self._alarm)
            shut[list(starts)] = False
            return np.where(shut, np.inf, taken)

        return passing_s

    def _closed(self, moment: Floats) -> np.ndarray:
        assert self._traffic is not None
        slots = np.maximum(0, np.searchsorted(self._traffic.times_s, moment, side="right") - 1)
        found: np.ndarray = self._traffic.shut[slots, np.arange(len(moment))]
        return found
