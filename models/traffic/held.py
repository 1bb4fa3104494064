"""Trips that are held back until another model says that they may set out: drivers who first walk to their car."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from models.traffic.car_park import Depart
from models.traffic.inputs import INFORMED
from models.traffic.trips import VehicleTrip
from networks.errors import BadInput


class HeldTrips:
    """Who has not been told to set out.

    Args:
        trips: All trips; those that are `held` and made count.
    """

    def __init__(self, trips: Iterable[VehicleTrip]) -> None:
        self._held = {trip.vehicle_id: trip for trip in trips if trip.held and trip.made}
        self.out: dict[str, VehicleTrip] = {}
        self._ready: list[VehicleTrip] = []

    def set_out(self, sumo: Any, command: Depart, now: float, *, start: tuple[str, str] | None = None) -> VehicleTrip:
        """Note that the vehicle goes on the road as soon as there is room and its street is open, not before the time.

        Args:
            sumo: libsumo, started.
            command: Who, and when.
            now: Seconds since the run's start.
            start: The edge where the car stands, and SUMO's departPos there; where that is not the trip's first edge it
                takes the quickest way from there.

        Returns:
            The trip, with the time from which on it is due.

        Raises:
            BadInput: Nobody of that name is held.
        """
        trip = self._held.pop(command.vehicle_id, None)
        if trip is None:
            raise BadInput(
                "it is not held back, or set out before",
                place=f"vehicle {command.vehicle_id}", expected=f"one of {len(self._held)} held trips",
            )  # fmt: skip
        due_s, route = max(now, command.time_s), list(trip.route)
        if start is not None:
            if start[0] != route[0]:
                route = list(sumo.simulation.findRoute(start[0], route[-1], trip.vtype).edges) or route
            trip = replace(trip, depart_pos=start[1], depart_speed="0", planned=())
        trip = replace(trip, depart_s=due_s, route=tuple(route))
        self.out[trip.vehicle_id] = trip
        sumo.route.add(f"{trip.vehicle_id}.way", route)
        self._ready.append(trip)
        return trip

    def drive_off(self, sumo: Any, until: float) -> None:
        """Let those drive off who are due before `until` (s); who stands in a shut street tries until it opens."""
        self._ready = [trip for trip in self._ready if trip.depart_s >= until or not _add(sumo, trip)]

    def as_driven(self, trips: Iterable[VehicleTrip]) -> tuple[VehicleTrip, ...]:
        """Trips with the time at which they really were due: infinite for those that are still held."""
        return tuple(
            self.out.get(trip.vehicle_id, replace(trip, depart_s=math.inf)) if trip.held else trip for trip in trips
        )


def _add(sumo: Any, trip: VehicleTrip) -> bool:
    name, now = trip.vehicle_id, float(sumo.simulation.getTime())
    hears = trip.reroutes and trip.depart_s >= trip.reroutes_from_s
    try:
        sumo.vehicle.add(
            name, f"{name}.way", trip.vtype + INFORMED * hears, f"{max(trip.depart_s, now):.2f}",
            trip.depart_lane, trip.depart_pos, trip.depart_speed, arrivalPos=trip.arrival_pos,
        )  # fmt: skip
        sumo.vehicle.setSpeedFactor(name, trip.speed_factor)
    except sumo.TraCIException:
        return False
    return True
