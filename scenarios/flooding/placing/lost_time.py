"""Vehicle-hours that closed roads cost: everybody drives the quickest way that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.routing import Router
from scenarios.planning import HourlyTrips, assign_city

if TYPE_CHECKING:
    from networks import City

Floats = NDArray[np.float64]
MOST_S = 3600.0
"""Who finds no way, or one that is longer by more than this (s), loses so much (guess: they wait, or stay at home)."""
SLICE_S = 300.0
GAP = 1e-3


class LostTime:
    """What closures cost the trips of an hour; the times of roads are those of the assignment without water.

    Args:
        city: Its streets.
        trips: Who drives; the same all the time.
    """

    def __init__(self, city: City, trips: HourlyTrips) -> None:
        self.router = Router(city.road_graph("passenger"))
        done = assign_city(city, trips, gap=GAP)
        count = len(done.city.edges)
        self.flow_veh_h: Floats = done.found.class_flow[:, :count].sum(axis=0)
        self._times: Floats = np.maximum(done.found.time[:count], self.router.free_s)
        self._trips: Floats = np.sum([one.trips for one in trips.classes], axis=0)
        self.veh_h, self.told = trips.veh_h, trips.told[0]
        self._leave, self._arrive = _ends(trips.doors.leave), _ends(trips.doors.arrive)
        self._dry = self._door_to_door(self._times)
        self._rates: dict[bytes, float] = {}

    def rate(self, shut: NDArray[np.bool_]) -> float:
        """Vehicle-hours that are lost per hour while some edges (edges,) are shut to cars."""
        if not shut.any():
            return 0.0
        key = np.packbits(shut).tobytes()
        if key not in self._rates:
            wet = self._door_to_door(np.where(shut, np.inf, self._times))
            both = np.isfinite(self._dry)
            more = np.clip(np.where(both, wet, 0.0) - np.where(both, self._dry, 0.0), 0.0, MOST_S)
            self._rates[key] = float((self._trips * more).sum()) / 3600.0
        return self._rates[key]

    def vehicle_h(self, shut_s: Floats, opens_s: Floats, end_s: float) -> float:
        """Vehicle-hours lost until an end (s), where each edge is shut from and until a moment (s)."""
        edges = np.r_[np.arange(0.0, end_s, SLICE_S), end_s]
        lost = 0.0
        for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            middle = (begin + end) / 2
            lost += self.rate((shut_s <= middle) & (opens_s > middle)) * (end - begin) / 3600.0
        return lost

    def _door_to_door(self, weights: Floats) -> Floats:
        """(zones, zones) s from door to door; inf where no way leads."""
        (out_edges, out_s, out_begins), (in_edges, in_s, in_begins) = self._leave, self._arrive
        starts, at_start = np.unique(out_edges, return_inverse=True)
        stops, at_stop = np.unique(in_edges, return_inverse=True)
        times = self.router.matrix(starts, stops, weights)[at_start][:, at_stop]
        times = times + out_s[:, None] + (weights[in_edges] + in_s)[None, :]
        times[~np.isfinite(weights[out_edges])] = np.inf
        found: Floats = np.minimum.reduceat(np.minimum.reduceat(times, out_begins, axis=0), in_begins, axis=1)
        return found


def _ends(doors: tuple[tuple[tuple[int, float], ...], ...]) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Edges, seconds, and where each zone begins; a zone without a street gets the first edge at an infinite way."""
    rows = [ends or ((0, np.inf),) for ends in doors]
    flat = np.array([end for ends in rows for end in ends], float).reshape(-1, 2)
    begins = np.cumsum([0, *(len(ends) for ends in rows)])[:-1]
    return flat[:, 0].astype(np.int64), flat[:, 1], begins.astype(np.int64)
