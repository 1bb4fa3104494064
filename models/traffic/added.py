"""Vehicles that another model sends: ambulances that report where they are, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.clock import Exchange
from models.traffic.drivers import PARKING
from models.traffic.roads import Roads
from models.traffic.trips import AddVehicle, Arrived, Blocked, Reached, Reroute, Withdraw
from models.traffic.vehicle_types import VEHICLE_TYPES
from networks.errors import BadInput

SIGHT_M = 100.0
"""Water or a barrier is seen from this far (guessed: a block of a street)."""
BRAKING_MPS2 = 4.5


@dataclass
class _Sent:
    order: AddVehicle
    road: str = ""
    driven: list[str] = field(default_factory=list)
    deepest_m: float = 0.0
    told: str | None = None
    held: bool = False
    reached: bool = False
    on_road: bool = False
    next_route: tuple[str, ...] | None = None


class Added:
    """Carries out commands and answers to `answers_to`.

    Args:
        sumo: libsumo, started.
        roads: The state of the roads.
        answers_to: The addressee of every message.
    """

    def __init__(self, sumo: Any, roads: Roads, *, answers_to: str = "emergency") -> None:
        self._sumo, self._roads, self._answers_to = sumo, roads, answers_to
        self._sent: dict[str, _Sent] = {}
        self.orders: dict[str, AddVehicle] = {}

    def obey(self, command: object, now: float) -> None:
        """Carry out one command.

        Raises:
            BadInput: No such command or vehicle type, a name used twice, or a route that the net does not have.
        """
        if isinstance(command, AddVehicle):
            self._add(command, now)
        elif isinstance(command, Reroute):
            if command.vehicle_id in self._sent:
                self._sent[command.vehicle_id].next_route = command.route
        elif isinstance(command, Withdraw):
            if self._sent.pop(command.vehicle_id, None) is not None:
                self._sumo.vehicle.remove(command.vehicle_id)
        else:
            raise BadInput(f"traffic does not know the command {command!r}", expected="AddVehicle, Reroute, Withdraw")

    def watch(self, now: float, exchange: Exchange) -> None:
        """After each step: follow every vehicle, stop it before water, and tell what happened."""
        if not self._sent:
            return
        gone = set(self._sumo.simulation.getArrivedIDList())
        stopped = set(self._sumo.simulation.getStopStartingVehiclesIDList())
        for vehicle in list(self._sent):
            sent = self._sent[vehicle]
            if vehicle in gone:
                exchange.post(self._answers_to, Arrived(vehicle, sent.road, now, sent.deepest_m))
                del self._sent[vehicle]
                continue
            road = self._where(vehicle)
            if not road:
                continue
            self._follow(sent, road)
            if vehicle in stopped and not sent.reached:
                sent.reached = True
                exchange.post(self._answers_to, Reached(vehicle, road, now, sent.deepest_m, tuple(sent.driven)))
                sent.deepest_m, sent.driven = self._roads.depth_on(road), [road]
            self._take_route(vehicle, sent, now, exchange)
            self._mind_the_water(vehicle, sent, now, exchange)

    def _add(self, order: AddVehicle, now: float) -> None:
        vehicle = order.vehicle_id
        if vehicle in self.orders:
            raise BadInput("a vehicle of this name was added before", place=f"vehicle {vehicle}")
        if order.vtype not in VEHICLE_TYPES:
            raise BadInput(f"unknown vehicle type {order.vtype!r}", expected=", ".join(VEHICLE_TYPES))
        departs = max(now, now if order.depart_s is None else order.depart_s)
        try:
            self._sumo.route.add(f"{vehicle}.way", list(order.route))
            self._sumo.vehicle.add(vehicle, f"{vehicle}.way", order.vtype, f"{departs:.2f}", "best", "base", "0")
            self._stop_there(vehicle, order)
        except self._sumo.TraCIException as error:
            raise BadInput(f"cannot be sent: {error}", place=f"vehicle {vehicle}") from error
        self.orders[vehicle] = order
        self._sent[vehicle] = _Sent(order)

    def _stop_there(self, vehicle: str, order: AddVehicle) -> None:
        edge, vclass = order.stop_edge, VEHICLE_TYPES[order.vtype].vclass
        lanes = range(self._sumo.edge.getLaneNumber(edge))
        lane = next((k for k in lanes if vclass not in self._sumo.lane.getDisallowed(f"{edge}_{k}")), 0)
        middle = self._sumo.lane.getLength(f"{edge}_{lane}") / 2
        self._sumo.vehicle.setStop(vehicle, edge, middle, lane, order.stop_s, PARKING)

    def _where(self, vehicle: str) -> str:
        try:
            return str(self._sumo.vehicle.getRoadID(vehicle))
        except self._sumo.TraCIException:
            return ""  # it waits to enter

    def _follow(self, sent: _Sent, road: str) -> None:
        sent.on_road = True
        if not road.startswith(":"):
            if road != sent.road:
                sent.road = road
                sent.driven.append(road)
            sent.deepest_m = max(sent.deepest_m, self._roads.depth_on(road))

    def _take_route(self, vehicle: str, sent: _Sent, now: float, exchange: Exchange) -> None:
        route = sent.next_route
        if route is None or self._where(vehicle).startswith(":"):
            return
        sent.next_route = None
        if sent.road not in route:  # it drove on while the order was on its way
            sent.told = None
            exchange.post(self._answers_to, Blocked(vehicle, route[0], sent.road, now))
            return
        rest = route[route.index(sent.road) :]
        try:
            self._sumo.vehicle.setRoute(vehicle, list(rest))
            if not sent.reached and not self._sumo.vehicle.getStops(vehicle, 1):
                self._stop_there(vehicle, sent.order)
        except self._sumo.TraCIException:
            ahead = rest[1] if len(rest) > 1 else rest[0]
            exchange.post(self._answers_to, Blocked(vehicle, ahead, sent.road, now))
            return
        sent.told = None
        self._let_go(vehicle, sent)

    def _mind_the_water(self, vehicle: str, sent: _Sent, now: float, exchange: Exchange) -> None:
        here = self._sumo.vehicle
        route, place = here.getRoute(vehicle), here.getRouteIndex(vehicle)
        if place < 0 or self._where(vehicle) != sent.road:
            return
        lane = here.getLaneID(vehicle)
        if not lane:  # SUMO is moving it on after it had stood too long
            return
        length = self._sumo.lane.getLength(lane)
        ahead_m = length - here.getLanePosition(vehicle)
        away_m = ahead_m
        for edge in route[place + 1 :]:
            if away_m > SIGHT_M:
                break
            if self._roads.too_deep(edge, sent.order.depth_limit_m):
                if sent.told != edge:
                    sent.told = edge
                    exchange.post(self._answers_to, Blocked(vehicle, edge, sent.road, now))
                if edge == route[place + 1] and ahead_m < here.getSpeed(vehicle) ** 2 / (2 * BRAKING_MPS2) + 15.0:
                    sent.held = True
                    here.setSpeed(vehicle, 0.0)
                return
            away_m += self._sumo.lane.getLength(f"{edge}_0")
        sent.told = None
        self._let_go(vehicle, sent)

    def _let_go(self, vehicle: str, sent: _Sent) -> None:
        if sent.held:
            sent.held = False
            self._sumo.vehicle.setSpeed(vehicle, -1)
