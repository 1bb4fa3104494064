"""What drivers do when their road shuts: the informed turn away at once, the others when they see it, some wait.

A driver who finds no other way pulls over, off the lane, and waits until the road opens. SUMO alone would let him stand
in the lane and, after the time to teleport, lift him over the water.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.traffic.roads import CRAWL_MPS, Roads
from models.traffic.trips import VehicleTrip
from models.traffic.vehicle_types import VEHICLE_TYPES

AGGREGATED = 1
"""libsumo's ROUTING_MODE_AGGREGATED: route on the smoothed travel times that rerouting devices use."""
PARKING = 1
FOREVER_S = 1e6


class Drivers:
    """Everybody who came with a trip, as far as shut roads concern them.

    Args:
        sumo: libsumo, started.
        roads: The state of the roads.
        trips: All trips.
    """

    def __init__(self, sumo: Any, roads: Roads, trips: Sequence[VehicleTrip]) -> None:
        self._sumo, self._roads = sumo, roads
        self._trips: Mapping[str, VehicleTrip] = {trip.vehicle_id: trip for trip in trips}
        self._water = {name: kind.water_class for name, kind in VEHICLE_TYPES.items()}
        self._before = self._edges_before()
        self._caught: dict[str, float] = {}
        self._waiting: dict[str, float] = {}
        self.waited_s: dict[str, float] = {}
        self.turned_away: dict[str, int] = {}

    def roads_changed(self, now: float) -> None:
        """A road shut or opened: the caught crawl, the informed look for another way, those who waited try again."""
        running = self._sumo.vehicle.getIDList()
        for vehicle in sorted(set(self._waiting) - set(running)):  # SUMO took it from the road while it stood
            self.lifted(vehicle, now)
        for vehicle in sorted(self._waiting):
            if self._ahead_shut(vehicle) is None:
                self._go_on(vehicle, now)
        for vehicle in running:
            trip = self._trips.get(vehicle)
            if trip is None or vehicle in self._waiting:
                continue
            if self._roads.shut_for(self._water[trip.vtype], self._sumo.vehicle.getRoadID(vehicle)):
                self._crawl(vehicle)
            if trip.reroutes and self._any_shut(vehicle, trip):
                self._find_way(vehicle)

    def look_ahead(self, now: float) -> None:
        """Those in front of a shut road turn away or pull over; those who crawled out of the water drive on."""
        for vehicle in sorted(self._caught):
            self._release(vehicle)
        shut = np.zeros(len(self._roads.edge_ids), dtype=bool)
        for mask in self._roads.shut.values():
            shut |= mask
        fronts = sorted({edge for i in np.flatnonzero(shut) for edge in self._before[int(i)]})
        for edge in fronts:
            for vehicle in self._sumo.edge.getLastStepVehicleIDs(edge):
                if vehicle in self._trips and vehicle not in self._waiting and self._ahead_shut(vehicle):
                    self._find_way(vehicle)
                    if self._ahead_shut(vehicle):
                        self._pull_over(vehicle, edge, now)
                    else:
                        self.turned_away[vehicle] = self.turned_away.get(vehicle, 0) + 1

    def lifted(self, vehicle: str, now: float) -> None:
        """SUMO moved this vehicle on: it no longer waits by the road."""
        if vehicle in self._waiting:
            self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + now - self._waiting.pop(vehicle)

    def finish(self, now: float) -> None:
        """Book the waiting of those who wait until the end."""
        for vehicle, since in self._waiting.items():
            self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + now - since
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """Vehicles that pulled over and wait for a road to open."""
        return len(self._waiting)

    def _edges_before(self) -> list[list[str]]:
        before: list[list[str]] = [[] for _ in self._roads.edge_ids]
        for edge in self._roads.edge_ids:
            after = {
                link[0].rsplit("_", 1)[0]
                for k in range(self._sumo.edge.getLaneNumber(edge))
                for link in self._sumo.lane.getLinks(f"{edge}_{k}")
            }
            for following in sorted(after):
                if following in self._roads.index:
                    before[self._roads.index[following]].append(edge)
        return before

    def _ahead_shut(self, vehicle: str) -> str | None:
        route, place = self._sumo.vehicle.getRoute(vehicle), self._sumo.vehicle.getRouteIndex(vehicle)
        water = self._water[self._trips[vehicle].vtype]
        if 0 <= place < len(route) - 1 and self._roads.shut_for(water, route[place + 1]):
            return str(route[place + 1])
        return None

    def _any_shut(self, vehicle: str, trip: VehicleTrip) -> bool:
        route, place = self._sumo.vehicle.getRoute(vehicle), self._sumo.vehicle.getRouteIndex(vehicle)
        water = self._water[trip.vtype]
        return any(self._roads.shut_for(water, edge) for edge in route[place + 1 :])

    def _find_way(self, vehicle: str) -> None:
        try:
            self._sumo.vehicle.setRoutingMode(vehicle, AGGREGATED)
            self._sumo.vehicle.rerouteTraveltime(vehicle, False)
        except self._sumo.TraCIException:
            return  # no way leads there: the driver keeps the old route and meets the water

    def _pull_over(self, vehicle: str, edge: str, now: float) -> None:
        here = self._sumo.vehicle
        if here.getRoadID(vehicle) != edge:
            return
        lane = here.getLaneIndex(vehicle)
        end = self._sumo.lane.getLength(f"{edge}_{lane}")
        braking = here.getSpeed(vehicle) ** 2 / (2 * here.getDecel(vehicle))
        place = min(end, here.getLanePosition(vehicle) + braking + 2.0)
        try:
            here.setStop(vehicle, edge, place, lane, FOREVER_S, PARKING)
        except self._sumo.TraCIException:
            return  # too near the end to brake: the next look finds the vehicle standing there
        self._waiting[vehicle] = now

    def _go_on(self, vehicle: str, now: float) -> None:
        since = self._waiting.pop(vehicle)
        self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + now - since
        try:
            if self._sumo.vehicle.getStopState(vehicle) & 1:
                self._sumo.vehicle.resume(vehicle)
            else:
                self._sumo.vehicle.replaceStop(vehicle, 0, "")
        except self._sumo.TraCIException:
            return

    def _crawl(self, vehicle: str) -> None:
        if vehicle not in self._caught:
            self._caught[vehicle] = float(self._sumo.vehicle.getMaxSpeed(vehicle))
            self._sumo.vehicle.setMaxSpeed(vehicle, CRAWL_MPS)

    def _release(self, vehicle: str) -> None:
        try:
            road = self._sumo.vehicle.getRoadID(vehicle)
        except self._sumo.TraCIException:
            del self._caught[vehicle]  # it has arrived
            return
        if road and not road.startswith(":"):
            water = self._water[self._trips[vehicle].vtype]
            if not self._roads.shut_for(water, road):
                self._sumo.vehicle.setMaxSpeed(vehicle, self._caught.pop(vehicle))
