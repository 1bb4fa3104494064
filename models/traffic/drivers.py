"""What drivers do when their road shuts: the informed turn away at once, the others when they meet it, some wait.

A shut road is met where one could still turn off: within SEEN_M before it, or before the roads that lead to it alone.
Those who meet one turn there (`at_closure="turn"`), or wait before it, or give up and leave the road. Who turns and
finds no other way pulls over, off the lane, and waits until the road opens. SUMO alone would let him stand in the lane
and, after the time to teleport, lift him over the water. Who is caught by rising water crawls out; where his engine
dies in it, he stays in the lane until the end of the run, and blocks it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from models.flood import stalling_depth_m
from models.traffic.roads import CRAWL_MPS, Roads
from models.traffic.transit import skip_shut_stops
from models.traffic.trips import VehicleTrip
from models.traffic.vehicle_types import VEHICLE_TYPES

AtClosure = Literal["turn", "wait", "give_up"]

FREE_FLOW, AGGREGATED = 0, 1
"""libsumo's ROUTING_MODE_DEFAULT, free-flow times as none are loaded; and ROUTING_MODE_AGGREGATED, the smoothed travel
times that rerouting devices use."""
VAPORIZED = 3
"""libsumo's REMOVE_VAPORIZED."""
SEEN_M = 50.0
"""A driver sees over so much road that lies between the own edge and a shut one (assumed)."""
PARKING = 1
FOREVER_S = 1e6


class Drivers:
    """Everybody who came with a trip, as far as shut roads concern them.

    Args:
        sumo: libsumo, started.
        roads: The state of the roads.
        trips: All trips.
        at_closure: What they do who meet a shut road.
        hear_of_jams: Those who turn there choose by present travel times; False: by free-flow times.
    """

    def __init__(
        self,
        sumo: Any,
        roads: Roads,
        trips: Sequence[VehicleTrip],
        *,
        at_closure: AtClosure = "turn",
        hear_of_jams: bool = True,
    ) -> None:
        self._sumo, self._roads = sumo, roads
        self._at_closure, self._turning = at_closure, AGGREGATED if hear_of_jams else FREE_FLOW
        late = [trip for trip in trips if trip.made and trip.reroutes and trip.depart_s < trip.reroutes_from_s]
        self._unaware = sorted(late, key=lambda trip: (-trip.reroutes_from_s, trip.vehicle_id))
        self._trips = {trip.vehicle_id: trip for trip in trips}
        self._water = {name: kind.water_class for name, kind in VEHICLE_TYPES.items()}
        self._after = self._edges_after()
        self._no_way_on: dict[str, set[str]] = {name: set() for name in roads.shut}
        self._fronts: list[str] = []
        self._caught: dict[str, float] = {}
        self._waiting: dict[str, float] = {}
        self._stalls_m = {name: stalling_depth_m(name) for name in set(self._water.values())}
        self.stalled: dict[str, str] = {}
        self.waited_s: dict[str, float] = {}
        self.turned_away: dict[str, int] = {}
        self.gave_up: set[str] = set()

    def roads_changed(self, now: float) -> None:
        """A road shut or opened: the caught crawl, the informed look for another way, those who waited try again."""
        self._see()
        running = self._sumo.vehicle.getIDList()
        for vehicle in sorted(set(self._waiting) - set(running)):  # SUMO took it from the road while it stood
            self.lifted(vehicle, now)
        for vehicle in sorted(self._waiting):
            if self._ahead_shut(vehicle) is None:
                self._go_on(vehicle, now)
        for vehicle in running:
            trip = self._trips.get(vehicle)
            if trip is None or vehicle in self._waiting or vehicle in self.stalled:
                continue
            if self._roads.shut_for(self._water[trip.vtype], self._sumo.vehicle.getRoadID(vehicle)):
                self._crawl(vehicle)
            if trip.reroutes and now >= trip.reroutes_from_s and self._any_shut(vehicle, trip):
                self._find_way(vehicle, AGGREGATED)

    def news(self, now: float) -> None:
        """The informed whose moment has come get SUMO's rerouting device, and look for a way round what is shut."""
        if not self._unaware or now < self._unaware[-1].reroutes_from_s:
            return
        running = set(self._sumo.vehicle.getIDList())
        while self._unaware and now >= self._unaware[-1].reroutes_from_s:
            trip = self._unaware.pop()
            with contextlib.suppress(self._sumo.TraCIException):  # it has arrived, or was never let in
                self._sumo.vehicle.setParameter(trip.vehicle_id, "has.rerouting.device", "true")
            if trip.vehicle_id in running and self._any_shut(trip.vehicle_id, trip):
                self._find_way(trip.vehicle_id, AGGREGATED)

    def look_ahead(self, now: float) -> None:
        """Those in front of a shut road turn away or pull over; those who crawled out of the water drive on."""
        for vehicle in sorted(self._caught):
            if not self._stall(vehicle):
                self._release(vehicle)
        for edge in self._fronts:
            for vehicle in self._sumo.edge.getLastStepVehicleIDs(edge):
                if self._free(vehicle) and self._ahead_shut(vehicle):
                    self._meet(vehicle, edge, now)

    def joins(self, trip: VehicleTrip) -> None:
        """A trip that was held back sets out; when it will hear of jams, SUMO tells it from then on."""
        self._trips[trip.vehicle_id] = trip
        if trip.reroutes and trip.depart_s < trip.reroutes_from_s:
            self._unaware.append(trip)
            self._unaware.sort(key=lambda one: (-one.reroutes_from_s, one.vehicle_id))

    def lifted(self, vehicle: str, now: float) -> None:
        """SUMO moved this vehicle on: it no longer waits by the road."""
        if vehicle in self._waiting:
            self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + now - self._waiting.pop(vehicle)

    def finish(self, now: float) -> None:
        """Book the waiting of those who wait until the end: their trips are given up."""
        self.gave_up |= set(self._waiting)
        for vehicle, since in self._waiting.items():
            self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + now - since
        self._waiting.clear()

    @property
    def waiting(self) -> int:
        """Vehicles that pulled over and wait for a road to open."""
        return len(self._waiting)

    def _edges_after(self) -> dict[str, list[str]]:
        return {
            edge: sorted(
                {
                    link[0].rsplit("_", 1)[0]
                    for k in range(self._sumo.edge.getLaneNumber(edge))
                    for link in self._sumo.lane.getLinks(f"{edge}_{k}")
                }
                & self._roads.index.keys()
            )
            for edge in self._roads.edge_ids
        }

    def _see(self) -> None:
        """Find the roads from which nothing leads on but shut ones, and those before which drivers see that."""
        fronts: set[str] = set()
        for name, mask in self._roads.shut.items():
            closed = {self._roads.edge_ids[i] for i in np.flatnonzero(mask)}
            blocked = set(closed)
            while closed:  # until no more roads are found
                more = {e for e, on in self._after.items() if e not in blocked and on and blocked.issuperset(on)}
                if not more:
                    break
                blocked |= more
            self._no_way_on[name] = blocked - closed
            fronts |= self._within_sight(blocked)
        self._fronts = sorted(fronts)

    def _within_sight(self, blocked: set[str]) -> set[str]:
        """Edges from which a blocked one is at most SEEN_M of other edges away."""
        before: dict[str, list[str]] = {}
        for edge, on in self._after.items():
            for following in on:
                before.setdefault(following, []).append(edge)
        away = dict.fromkeys(blocked, 0.0)
        found, news = set(), sorted(blocked)
        while news:
            edge = news.pop()
            for earlier in before.get(edge, []):
                found.add(earlier)
                passed = away[edge] + self._roads.length_m[self._roads.index[earlier]]
                if passed <= SEEN_M and passed < away.get(earlier, np.inf):
                    away[earlier] = passed
                    news.append(earlier)
        return found

    def _ahead_shut(self, vehicle: str) -> str | None:
        """The shut road ahead that this vehicle sees, or comes to before it can turn off."""
        route, place = self._sumo.vehicle.getRoute(vehicle), self._sumo.vehicle.getRouteIndex(vehicle)
        water = self._water[self._trips[vehicle].vtype]
        passed = 0.0
        for edge in route[place + 1 :] if place >= 0 else ():
            if self._roads.shut_for(water, edge):
                return str(edge)
            if edge not in self._no_way_on[water]:
                passed += self._roads.length_m[self._roads.index[edge]] if edge in self._roads.index else SEEN_M
            if passed > SEEN_M:
                return None
        return None

    def _any_shut(self, vehicle: str, trip: VehicleTrip) -> bool:
        route, place = self._sumo.vehicle.getRoute(vehicle), self._sumo.vehicle.getRouteIndex(vehicle)
        water = self._water[trip.vtype]
        return any(self._roads.shut_for(water, edge) for edge in route[place + 1 :])

    def _meet(self, vehicle: str, edge: str, now: float) -> None:
        if self._at_closure == "give_up":
            self._sumo.vehicle.remove(vehicle, VAPORIZED)
            self.gave_up.add(vehicle)
            return
        if self._at_closure == "turn":
            self._find_way(vehicle, AGGREGATED if self._trips[vehicle].reroutes else self._turning)
        if self._ahead_shut(vehicle):
            self._pull_over(vehicle, edge, now)
        else:
            self.turned_away[vehicle] = self.turned_away.get(vehicle, 0) + 1

    def _find_way(self, vehicle: str, mode: int) -> None:
        trip = self._trips[vehicle]
        if trip.stops and not skip_shut_stops(
            self._sumo, trip, lambda edge: self._roads.shut_for(self._water[trip.vtype], edge)
        ):
            return
        try:
            self._sumo.vehicle.setRoutingMode(vehicle, mode)
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

    def _free(self, vehicle: str) -> bool:
        """It is one of ours, and neither waits nor has stalled."""
        return vehicle in self._trips and vehicle not in self._waiting and vehicle not in self.stalled

    def _stall(self, vehicle: str) -> bool:
        """Let the engine die where the water is that deep; True when it did."""
        here = self._sumo.vehicle
        try:
            road = here.getRoadID(vehicle)
            if self._roads.depth_on(road) < self._stalls_m[self._water[self._trips[vehicle].vtype]]:
                return False
            lane = here.getLaneIndex(vehicle)
            place = here.getLanePosition(vehicle) + here.getSpeed(vehicle) ** 2 / (2 * here.getDecel(vehicle)) + 2.0
            here.setVehicleClass(vehicle, "ignoring")  # nobody of its own class may stop in a shut lane
            here.setStop(vehicle, road, min(place, self._sumo.lane.getLength(f"{road}_{lane}")), lane, FOREVER_S)
        except self._sumo.TraCIException:
            return False  # it has arrived, or is too near the end of its lane to stop there
        self.stalled[vehicle] = road
        del self._caught[vehicle]
        return True

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
