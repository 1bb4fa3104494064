"""One drive in a forked simulation, step by step: with signals that hand over, or with blue light alone."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Mapping
from typing import Any

from models.emergency.greenwave import Rhythm, YieldingSignal
from models.sumo.session import Session
from networks import Corridor
from scenarios.greenwave.coming import Coming
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
    coming, signals, aside = Coming(sumo, name, corridor), dict[str, YieldingSignal](), dict[str, str]()
    for one in tls:
        if one in rhythms and (not call.only or one in call.only):
            found = _taken(sumo, one, rhythms[one], began)
            if isinstance(found, str):
                aside[one] = found
            else:
                signals[one] = found
    log, shown = _Log(sumo, tls, corridor) if record else None, dict[str, str]()
    travel_s = home_s = math.nan
    longest = max((rhythm.cycle_s for one, rhythm in rhythms.items() if one in tls), default=90)
    parent = os.getppid()
    while session.time_s < min(end_s, began + MOST_S) and os.getppid() == parent:
        now = session.time_s
        _yield(sumo, signals, coming, shown, now, gone=not math.isnan(travel_s))
        session.step()
        around.look(session.time_s, step_s)
        if log is not None:
            log.note(session.time_s)
        if math.isnan(travel_s) and coming.look(session.time_s) == "gone":
            travel_s = session.time_s - began
        if not math.isnan(travel_s) and math.isnan(home_s) and all(one.in_step for one in signals.values()):
            home_s = session.time_s
            end_s = home_s + CYCLES * longest if math.isinf(end_s) else end_s
    lengths = {one: _lengths(signal) for one, signal in signals.items()}
    told = Drive(
        travel_s, home_s, session.time_s, around.lost_s, around.to_enter_s, around.all_s, tuple(around.standing),
        coming.passed_s, lengths, tuple(log.states) if log else (), tuple(log.tracks) if log else (), aside,
        around.teleports,
    )  # fmt: skip
    return told, around.lanes_m


def _taken(sumo: Any, tls: str, rhythm: Rhythm, now_s: float) -> YieldingSignal | str:
    """A signal as it stands, or why it cannot be taken: its lights are not those of its plan."""
    logic = next((one for one in sumo.trafficlight.getAllProgramLogics(tls)
                  if one.programID == sumo.trafficlight.getProgram(tls)), None)  # fmt: skip
    if logic is None:
        return "it runs no programme"
    into = sum(phase.duration for phase in logic.phases[: sumo.trafficlight.getPhase(tls)])
    into += sumo.trafficlight.getSpentDuration(tls)
    beat, since = rhythm.at(into, 0.0)
    before, _ = rhythm.at(into - 1.0, 0.0)  # a change that is due now is made when the next step begins
    if sumo.trafficlight.getRedYellowGreenState(tls) not in {rhythm.beats[beat].state, rhythm.beats[before].state}:
        return "its lights do not follow its plan"
    return YieldingSignal(rhythm, beat, since, now_s)


def _yield(
    sumo: Any, signals: Mapping[str, YieldingSignal], coming: Coming, shown: dict[str, str], now_s: float, *, gone: bool
) -> None:
    arrivals = {} if gone else {one.tls_id: one for one in coming.arrivals(now_s)}
    for tls, signal in signals.items():
        if tls in arrivals:
            signal.ask(arrivals[tls], now_s)
        elif gone or not coming.still_needs(tls):
            signal.let_go(now_s)
        state = signal.show(now_s)
        if shown.get(tls) != state:
            sumo.trafficlight.setRedYellowGreenState(tls, state)
            shown[tls] = state


def _lengths(signal: YieldingSignal) -> tuple[int, tuple[int, ...]]:
    begins = [begin for begin, _ in signal.shown]
    return signal.shown[0][1], tuple(round(after - begin) for begin, after in itertools.pairwise(begins))


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
