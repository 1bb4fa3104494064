"""Which roads are slow or shut, for whom, and the lanes in SUMO that say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.flood import closes, road_speed_mps
from models.traffic.crossings import blocked_share, discharge_speed_mps
from models.traffic.crowded import crowded_limit_mps
from models.traffic.trips import Closure

CRAWL_MPS = 1.5
"""Vehicles that are caught in water too deep for them go on at this speed (motoring clubs: 3-4 mph through floods)."""
SHUT_CLASSES: dict[str, tuple[str, ...]] = {
    "car": ("passenger", "private", "taxi", "delivery", "evehicle", "hov", "motorcycle", "moped"),
    "high_clearance": ("truck", "trailer", "bus", "coach", "custom1", "custom2"),
    "two_wheeler": ("bicycle",),
}
"""SUMO's vehicle classes by class in water. Emergency vehicles judge the water themselves (`models.traffic.added`)."""
WORTH_SETTING_MPS = 0.1


class Roads:
    """The state of every edge, kept in arrays and written to SUMO where it changed.

    Args:
        sumo: libsumo, started.
        edge_ids: The city's edges; all arrays are in this order.
        closures: Roads that are closed for a time, known beforehand.
    """

    def __init__(self, sumo: Any, edge_ids: Sequence[str], closures: Sequence[Closure]) -> None:
        self._sumo, self.edge_ids = sumo, list(edge_ids)
        self.index = {edge: i for i, edge in enumerate(self.edge_ids)}
        self._lanes = [[f"{edge}_{k}" for k in range(sumo.edge.getLaneNumber(edge))] for edge in self.edge_ids]
        self._lane_speed = [[float(sumo.lane.getMaxSpeed(lane)) for lane in lanes] for lanes in self._lanes]
        self._lane_shut = [[list(sumo.lane.getDisallowed(lane)) for lane in lanes] for lanes in self._lanes]
        self.free_mps = np.array([max(speeds) for speeds in self._lane_speed])
        self.length_m = np.array([float(sumo.lane.getLength(lanes[0])) for lanes in self._lanes])
        self.lanes = np.array([len(lanes) for lanes in self._lanes])
        self._closures = list(closures)
        nothing = np.zeros(len(self.edge_ids), dtype=bool)
        self.planned, self.planned_emergency = nothing.copy(), nothing.copy()
        self._under_water = {name: nothing.copy() for name in SHUT_CLASSES}
        self.shut = {name: nothing.copy() for name in SHUT_CLASSES}
        self.depth_m = np.zeros(len(self.edge_ids))
        self.speed_mps = self.free_mps.copy()
        self._wet = False
        self._crowd_mps = np.full(len(self.edge_ids), np.inf)
        self._blocked_set = np.zeros(len(self.edge_ids))
        self._exits: dict[int, list[tuple[str, float]]] = {}

    def update(
        self, now: float, depth_m: NDArray[np.float64] | None, force_m2s: NDArray[np.float64] | None = None
    ) -> bool:
        """Take the water, its depth times speed, and the clock; True when a road opened or shut for any class."""
        self.planned[:], self.planned_emergency[:] = False, False
        for closure in self._closures:
            if closure.begin_s <= now < closure.end_s:
                self.planned[self.index[closure.edge_id]] = True
                self.planned_emergency[self.index[closure.edge_id]] |= not closure.emergency_may_pass
        if depth_m is not None:
            self.depth_m = np.asarray(depth_m, dtype=np.float64)
        changed = np.zeros(len(self.edge_ids), dtype=bool)
        if not (self.depth_m.any() or self._wet or self._closures):
            return False
        self._wet = bool(self.depth_m.any())
        force = 0.0 if force_m2s is None else force_m2s
        for name, before in self._under_water.items():
            self._under_water[name] = closes(self.depth_m, name, force_m2s=force, was_closed=before)
            shut = self._under_water[name] | self.planned
            changed |= shut != self.shut[name]
            self.shut[name] = shut
        for i in np.flatnonzero(changed):
            self._set_classes(int(i))
        self._slow_down()
        return bool(changed.any())

    def walkers(self, crossing_walkers: NDArray[np.float64]) -> None:
        """Let the people on the crossings take their share of the junction behind each edge."""
        share = blocked_share(np.asarray(crossing_walkers, dtype=np.float64), self.lanes)
        for i in np.flatnonzero(np.abs(share - self._blocked_set) > 0.01):
            for lane, free in self._exits_of(int(i)):
                self._sumo.lane.setMaxSpeed(lane, min(free, discharge_speed_mps(float(share[i]), free)))
            self._blocked_set[i] = share[i]

    def crowd(self, density_pm2: NDArray[np.float64]) -> None:
        """Let vehicles go at the pace of the people who have no room beside the road; see `models.traffic.crowded`."""
        pace = crowded_limit_mps(density_pm2)
        if not np.array_equal(pace, self._crowd_mps):
            self._crowd_mps = pace
            self._slow_down()

    def shut_for(self, water_class: str, edge_id: str) -> bool:
        """This edge is shut for vehicles of this class; edges outside the city's list never are."""
        i = self.index.get(edge_id)
        return i is not None and bool(self.shut[water_class][i])

    def too_deep(self, edge_id: str, depth_limit_m: float) -> bool:
        """An emergency vehicle with this limit must not enter: deeper water, or a closure that holds for it too."""
        i = self.index.get(edge_id)
        return i is not None and bool(self.depth_m[i] > depth_limit_m or self.planned_emergency[i])

    def free_s(self, routes: Iterable[Sequence[str]]) -> float:
        """Seconds that these routes take altogether on empty roads."""
        passing = dict(zip(self.edge_ids, (self.length_m / self.free_mps).tolist(), strict=True))
        return sum(passing.get(edge, 0.0) for route in routes for edge in route)

    def depth_on(self, edge_id: str) -> float:
        """Water (m) on an edge now."""
        i = self.index.get(edge_id)
        return 0.0 if i is None else float(self.depth_m[i])

    def _set_classes(self, i: int) -> None:
        extra = [c for name, classes in SHUT_CLASSES.items() if self.shut[name][i] for c in classes]
        for lane, always in zip(self._lanes[i], self._lane_shut[i], strict=True):
            self._sumo.lane.setDisallowed(lane, sorted({*always, *extra}))

    def _slow_down(self) -> None:
        speed = road_speed_mps(self.depth_m, self.free_mps, "car")
        high = road_speed_mps(self.depth_m, self.free_mps, "high_clearance")
        speed = np.where(self._under_water["car"], high, speed)
        speed = np.minimum(np.maximum(speed, CRAWL_MPS), self.free_mps)
        speed[self.depth_m <= 0] = self.free_mps[self.depth_m <= 0]
        speed = np.minimum(speed, self._crowd_mps)
        free_now = (self.depth_m <= 0) & (speed == self.free_mps)
        for i in np.flatnonzero(
            (np.abs(speed - self.speed_mps) > WORTH_SETTING_MPS) | (free_now & (speed != self.speed_mps))
        ):
            share = speed[i] / self.free_mps[i]
            for lane, free in zip(self._lanes[i], self._lane_speed[i], strict=True):
                self._sumo.lane.setMaxSpeed(lane, free if free_now[i] else free * share)
            self.speed_mps[i] = speed[i]

    def _exits_of(self, i: int) -> list[tuple[str, float]]:
        if i not in self._exits:
            vias = {link[4]: None for lane in self._lanes[i] for link in self._sumo.lane.getLinks(lane) if link[4]}
            self._exits[i] = [(via, float(self._sumo.lane.getMaxSpeed(via))) for via in vias]
        return self._exits[i]
