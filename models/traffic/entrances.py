"""The entrances of car parks: cars come in one by one while there is room, else they wait on the street or drive on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from models.clock import Exchange
from models.traffic.car_park import CarPark, Parked, Wish
from models.traffic.entrance_queues import queues
from models.traffic.trips import VehicleTrip
from networks.errors import BadInput

LOOK_EVERY_S = 30.0
"""Queues are looked at, and signs are read, so often."""
NOTE_EVERY_S = 60.0
BEYOND_M = 8.0
"""A car that leaves comes onto the road so far beyond the barrier: its length and a gap."""
ARRIVED = 2
"""libsumo's REMOVE_ARRIVED."""
FOREVER_S = 1e6
NOTES = ("time_s", "car_park", "name", "capacity", "parked", "queue", "caught", "coming", "entered", "left", "sent_on")


@dataclass
class _Seeker:
    """A driver on the way to a car park; `since_s`: from when on time was lost with looking for a place."""

    trip: VehicleTrip
    wish: Wish
    park: str
    tried: list[str] = field(default_factory=list)
    since_s: float | None = None
    parked_s: float | None = None
    lost_s: float | None = None


@dataclass
class _State:
    """A car park now; `barrier`: who stands there, and since when."""

    park: CarPark
    lane: int
    parked: int
    barrier: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    entered: int = 0
    left: int = 0
    sent_on: int = 0
    line: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.parked >= self.park.capacity


class Entrances:
    """Car parks, and everybody who wants to park in one.

    A car stops at the entrance, in its lane, for `entry_s` and until there is a place: who comes behind it waits on the
    street. A car that leaves gives its place back when it really is on the road.

    Args:
        sumo: libsumo, started.
        parks: The car parks.
        trips: All trips; those with a `parking` wish count.
        answers_to: The addressee of `Parked`.

    Raises:
        BadInput: A wish for a car park that is not there, or that is on a road where no car may stop.
    """

    def __init__(
        self, sumo: Any, parks: Sequence[CarPark], trips: Iterable[VehicleTrip], *, answers_to: str = "visits"
    ) -> None:
        self._sumo, self._answers_to = sumo, answers_to
        self._parks = {park.park_id: _State(park, stopping_lane(sumo, park), park.parked) for park in parks}
        self._all: dict[str, _Seeker] = {}
        for trip in trips:
            if trip.parking is not None and trip.made:
                self._all[trip.vehicle_id] = _Seeker(trip, trip.parking, trip.parking.parks[0])
        self._driving: dict[str, _Seeker] = {}
        self.waited_s: dict[str, float] = {}
        self._leaving: dict[str, str] = {}
        self._looks_s = self._notes_s = 0.0
        self._notes: list[tuple[Any, ...]] = []

    def leaves(self, vehicle: str, park_id: str) -> None:
        """This car gives its place back when it enters the road."""
        self._leaving[vehicle] = park_id

    def way_out(self, park_id: str) -> tuple[str, str]:
        """The road on which one leaves it, and SUMO's departPos there: beyond those who wait at the barrier.

        Raises:
            BadInput: There is no such car park.
        """
        if park_id not in self._parks:
            raise BadInput(f"there is no car park {park_id!r}", expected=", ".join(self._parks))
        state = self._parks[park_id]
        beyond = state.park.place_m + BEYOND_M
        length = float(self._sumo.lane.getLength(f"{state.park.edge_id}_{state.lane}"))
        return state.park.edge_id, f"{beyond:.1f}" if beyond <= length else "base"

    def finish(self, now: float) -> None:
        """Book the waiting of those who stand at a barrier at the end."""
        for state in self._parks.values():
            for vehicle in list(state.barrier):
                self._wait(state, vehicle, now)

    def watch(self, now: float, exchange: Exchange, departed: Collection[str]) -> None:
        """After each step of SUMO, at `now` (s); `departed`: who entered the road in it."""
        for vehicle in departed:
            self._on_the_road(vehicle)
        if self._driving:
            for vehicle in self._driving.keys() & self._sumo.simulation.getStopStartingVehiclesIDList():
                self._stopped(vehicle, now)
            for vehicle in self._driving.keys() & self._sumo.simulation.getArrivedIDList():
                self._forget(vehicle, now).lost_s = now  # it was lifted over the entrance, or gave up
            for state in self._parks.values():
                if state.barrier:
                    self._serve(state, now, exchange)
        if now >= self._looks_s:
            self._look(now)
            self._looks_s = now + LOOK_EVERY_S
        if now >= self._notes_s:
            self._note(now)
            self._notes_s = now + NOTE_EVERY_S

    def car_parks(self) -> pd.DataFrame:
        """One row for each minute and car park.

        Returns:
            time_s, car_park (id), name, capacity, parked (cars), queue (vehicles that stand on the street because of
            it), caught (those among them that do not want to park there), coming (cars on the road to it), entered,
            left and sent_on (cars since the run's start that came in, went out, and drove on to another).
        """
        return pd.DataFrame(self._notes, columns=list(NOTES))

    def seekers(self) -> pd.DataFrame:
        """One row for each car that wants to park, in the order of the trips.

        Returns:
            vehicle_id, wished and car_park (ids; "" where it is in none), parked_s (NaN: not yet), since_s (from when
            on it stood in a queue of a car park or was turned away; NaN: never), sent_on (times), lost (it left the
            road without a place).
        """
        rows = [
            (v, s.wish.parks[0], s.park if s.parked_s is not None else "", s.parked_s, s.since_s, len(s.tried),
             s.lost_s is not None)
            for v, s in self._all.items()
        ]  # fmt: skip
        names = ["vehicle_id", "wished", "car_park", "parked_s", "since_s", "sent_on", "lost"]
        return pd.DataFrame(rows, columns=names).astype({"parked_s": float, "since_s": float})

    def _on_the_road(self, vehicle: str) -> None:
        if vehicle in self._all:
            self._driving[vehicle] = self._all[vehicle]
        elif vehicle in self._leaving:
            state = self._parks[self._leaving.pop(vehicle)]
            state.parked, state.left = state.parked - 1, state.left + 1

    def _stopped(self, vehicle: str, now: float) -> None:
        state = self._parks[self._driving[vehicle].park]
        if vehicle not in state.barrier and self._sumo.vehicle.getRoadID(vehicle) == state.park.edge_id:
            state.barrier[vehicle] = now

    def _serve(self, state: _State, now: float, exchange: Exchange) -> None:
        vehicle, since = next(iter(state.barrier.items()))
        seeker = self._driving[vehicle]
        if now - since < state.park.entry_s:
            return
        if not state.full:
            self._sumo.vehicle.remove(vehicle, ARRIVED)
            self._forget(vehicle, now).parked_s = now
            state.parked, state.entered = state.parked + 1, state.entered + 1
            exchange.post(self._answers_to, Parked(vehicle, state.park.park_id, now))
            return
        if seeker.since_s is None:
            seeker.since_s = since
        if now - seeker.since_s >= seeker.wish.patience_s:
            untried = [park for park in seeker.wish.parks if park not in (*seeker.tried, seeker.park)]
            if untried:
                self._send_on(vehicle, untried[0])

    def _forget(self, vehicle: str, now: float) -> _Seeker:
        seeker = self._driving.pop(vehicle)
        self._wait(self._parks[seeker.park], vehicle, now)
        return seeker

    def _wait(self, state: _State, vehicle: str, now: float) -> None:
        """It leaves the barrier: SUMO counts no time as lost that is spent at a stop."""
        since = state.barrier.pop(vehicle, None)
        if since is not None:
            beyond = max(0.0, now - since - state.park.entry_s)
            self.waited_s[vehicle] = self.waited_s.get(vehicle, 0.0) + beyond

    def _look(self, now: float) -> None:
        at_barrier = {v: park for park, state in self._parks.items() for v in state.barrier}
        lines = queues(self._sumo, at_barrier, self._driving) if at_barrier else {}
        for park, state in self._parks.items():
            state.line = lines.get(park, [])
            for vehicle in state.line:
                if vehicle in self._driving and self._driving[vehicle].since_s is None:
                    self._driving[vehicle].since_s = now
        self._read_signs()

    def _read_signs(self) -> None:
        """Who follows the signs drives on to the first car park of the own list that they call free.

        They call one full where the cars in it, at its barrier and sent to it take all places.
        """
        taken = {park: state.parked + len(state.barrier) for park, state in self._parks.items()}
        for seeker in self._driving.values():
            if seeker.wish.follows and seeker.tried:
                taken[seeker.park] += 1
        for vehicle, seeker in list(self._driving.items()):
            if not seeker.wish.follows or taken[seeker.park] < self._parks[seeker.park].park.capacity:
                continue
            if seeker.tried and not self._parks[seeker.park].full:
                continue  # the place was counted for this very car
            free = [park for park in seeker.wish.parks if taken[park] < self._parks[park].park.capacity]
            if free and self._send_on(vehicle, free[0]):
                taken[free[0]] += 1

    def _send_on(self, vehicle: str, park_id: str) -> bool:
        """Turn a car to another car park; False where no way leads there."""
        seeker, goal, here = self._driving[vehicle], self._parks[park_id], self._sumo.vehicle
        before = self._parks[seeker.park]
        edge, place, lane = goal.park.edge_id, goal.park.place_m, goal.lane
        if here.getRoadID(vehicle).startswith(":"):
            return False
        if not self._sumo.simulation.findRoute(here.getRoadID(vehicle), edge, here.getTypeID(vehicle)).edges:
            return False
        if vehicle in before.barrier:
            here.resume(vehicle)
            self._wait(before, vehicle, self._sumo.simulation.getTime())
        else:
            here.replaceStop(vehicle, 0, "")
        here.changeTarget(vehicle, edge)
        here.setStop(vehicle, edge, place, lane, FOREVER_S)
        before.sent_on += 1
        seeker.tried.append(seeker.park)
        seeker.park = park_id
        return True

    def _note(self, now: float) -> None:
        coming = {park: 0 for park in self._parks}
        for seeker in self._driving.values():
            coming[seeker.park] += 1
        for park, state in self._parks.items():
            caught = sum(v not in self._driving or self._driving[v].park != park for v in state.line)
            self._notes.append(
                (now, park, state.park.name, state.park.capacity, state.parked, len(state.line), caught, coming[park],
                 state.entered, state.left, state.sent_on)
            )  # fmt: skip


def stopping_lane(sumo: Any, park: CarPark) -> int:
    """The rightmost lane of its road that cars may use.

    Raises:
        BadInput: There is none.
    """
    edge = park.edge_id
    for k in range(sumo.edge.getLaneNumber(edge)):
        allowed, barred = sumo.lane.getAllowed(f"{edge}_{k}"), sumo.lane.getDisallowed(f"{edge}_{k}")
        if (not allowed or "passenger" in allowed) and "passenger" not in barred:
            return k
    raise BadInput(f"no car may drive on edge {edge}", place=f"car park {park.park_id}")
