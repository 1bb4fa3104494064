"""One drive in a forked simulation, step by step: with signals that hand over, or with blue light alone."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

from models.emergency.greenwave import Rhythm
from models.sumo.session import Session
from networks import Corridor
from scenarios.greenwave.coming import Coming
from scenarios.greenwave.lights import Lights
from scenarios.greenwave.order import BLUE, Call, Drive
from scenarios.greenwave.surroundings import Surroundings

MOST_S, CYCLES = 1500.0, 3
"""A drive is watched for so long at most; others are measured until so many cycles after the last signal is home."""
TRACKED = 6.0


def drive(
    session: Session, call: Call, corridor: Corridor, rhythms: Mapping[str, Rhythm], end_s: float, *, record: bool
) -> tuple[Drive, dict[str, float]]:
    """Drive one call, and measure others.

    Args:
        session: At the moment of the call.
        call: The call.
        corridor: Its way.
        rhythms: Signals that hand over; none for blue light alone.
        end_s: End of the measurement; infinite: the wave's own.
        record: Note states and tracks.

    Returns:
        The drive, and the length of each lane of an approach.
    """
    sumo, name, began = session.sumo, f"{BLUE}.{call.call_id}", session.time_s
    step_s = float(sumo.simulation.getDeltaT())
    tls = list(dict.fromkeys(stop.tls_id for stop in corridor.stops))
    around = Surroundings(sumo, tls, name)
    sumo.route.add(name, corridor.edges)
    sumo.vehicle.add(name, name, BLUE, depart="now", departLane="best", departSpeed="max")
    coming = Coming(sumo, name, corridor)
    signals = {
        one: Lights(sumo, one, rhythms[one], began)
        for one in tls
        if one in rhythms and (not call.only or one in call.only)
    }
    aside = {one: lights.why for one, lights in signals.items() if lights.why}
    signals = {one: lights for one, lights in signals.items() if not lights.why}
    log = _Log(sumo, tls, corridor) if record else None
    travel_s = home_s = math.nan
    longest = max((rhythm.cycle_s for one, rhythm in rhythms.items() if one in tls), default=90)
    parent = os.getppid()
    while session.time_s < min(end_s, began + MOST_S) and os.getppid() == parent:
        now = session.time_s
        _yield(signals, coming, now, gone=not math.isnan(travel_s))
        session.step()
        around.look(session.time_s, step_s)
        if log is not None:
            log.note(session.time_s)
        if math.isnan(travel_s) and coming.look(session.time_s) == "gone":
            travel_s = session.time_s - began
        if not math.isnan(travel_s) and math.isnan(home_s) and all(one.in_step for one in signals.values()):
            home_s = session.time_s
            end_s = home_s + CYCLES * longest if math.isinf(end_s) else end_s
    shown = {one: lights.shown for one, lights in signals.items()}
    told = Drive(
        travel_s, home_s, session.time_s, around.lost_s, around.to_enter_s, around.all_s, tuple(around.standing),
        coming.passed_s, shown, tuple(log.states) if log else (), tuple(log.tracks) if log else (), aside,
        around.teleports,
    )  # fmt: skip
    return told, around.lanes_m


def _yield(signals: Mapping[str, Lights], coming: Coming, now_s: float, *, gone: bool) -> None:
    arrivals = {} if gone else {one.tls_id: one for one in coming.arrivals(now_s)}
    for tls, lights in signals.items():
        if tls in arrivals:
            lights.ask(arrivals[tls], now_s)
        elif gone or not coming.still_needs(tls):
            lights.let_go(now_s)
        lights.show(now_s)


class _Log:
    def __init__(self, sumo: Any, signals: list[str], corridor: Corridor) -> None:
        self._sumo, self._signals, self._edges = sumo, signals, dict.fromkeys(corridor.edges)
        self.states: list[tuple[float, str, str]] = []
        self.tracks: list[tuple[float, str, str, float, float]] = []
        self._shown: dict[str, str] = {}

    def note(self, now_s: float) -> None:
        for tls in self._signals:
            state = self._sumo.trafficlight.getRedYellowGreenState(tls)
            if self._shown.get(tls) != state:
                self._shown[tls] = state
                self.states.append((now_s, tls, state))
        vehicle = self._sumo.vehicle
        for edge in self._edges:
            for name in self._sumo.edge.getLastStepVehicleIDs(edge):
                place = vehicle.getLanePosition(name)
                self.tracks.append((now_s, name, vehicle.getLaneID(name), place, vehicle.getSpeed(name)))
