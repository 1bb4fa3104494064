"""Buses first at signals: a green is held for one that comes, another's ends early for one that waits, within bounds.

The rule, for the first bus that comes to a signal within sight and has no stop before it:

1. its green is about to end before it arrives: the green is held until it has passed, if that takes at most `bound_s`
   longer than the plan (an actuated plan: than its longest green) would have it;
2. it has red, and another stage is green: that green ends now, if it has had its least green, would have ended within
   `bound_s` anyway, and was not cut in its last turn. The plan goes on with the phases that follow, intergreens whole;
3. otherwise the plan runs on.

A least green is one that the plan tells: a stage whose `min_s` is its whole duration is never cut. Phases between
stages (yellow, all red, or named `change`) are never touched, so no intergreen is shorter than planned. A fixed-time
plan that was held gives the time back in its next stages, down to their least greens, and so returns to its cycle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from models.traffic.transit import calls_ahead
from models.traffic.trips import VehicleTrip
from networks import SignalPhase

SIGHT_M = 150.0
"""A bus is seen from this far: a guess, of the order of a detector ahead of the stop line."""
LEAST_STAGE_S = 5.0
CREEP_MPS = 4.0
"""A bus that is slow is expected to come at this speed."""
PASS_S = 1.0
COLUMNS = ("time_s", "tls_id", "vehicle_id", "action", "seconds")


@dataclass(frozen=True)
class PriorityRule:
    """Where buses go first, and by how much.

    Attributes:
        signals: Ids of signals; empty is all.
        bound_s: The most by which a green is held or cut.
    """

    signals: frozenset[str] = frozenset()
    bound_s: float = 10.0


@dataclass
class _Signal:
    phases: list[SignalPhase]
    after: list[int]
    fixed: bool
    phase: int = -1
    row: int | None = None
    late_s: float = 0.0
    cut: set[int] = field(default_factory=set)
    spared: bool = False

    def stage(self, phase: int) -> bool:
        one = self.phases[phase]
        return not one.changing and one.duration_s >= LEAST_STAGE_S and any(letter in "Gg" for letter in one.state)

    def longest_s(self, phase: int) -> float:
        one = self.phases[phase]
        return one.duration_s if self.fixed else max(one.max_s, one.duration_s)


class BusPriority:
    """Watches the buses and moves the signals.

    Args:
        sumo: libsumo, started, its plans in place.
        buses: The vehicles that go first.
        rule: Where, and by how much.
    """

    def __init__(self, sumo: Any, buses: Iterable[VehicleTrip], rule: PriorityRule) -> None:
        self._sumo, self._rule = sumo, rule
        self._buses, self._driving = {trip.vehicle_id: trip for trip in buses}, set[str]()
        names = [tls for tls in sumo.trafficlight.getIDList() if not rule.signals or tls in rule.signals]
        self._signals = {tls: _read(sumo, tls) for tls in names}
        self._done: list[tuple[float, str, str, str, float]] = []

    def watch(self, now: float) -> None:
        """After each step: act for the first bus before each signal."""
        self._driving |= self._buses.keys() & set(self._sumo.simulation.getDepartedIDList())
        self._driving -= set(self._sumo.simulation.getArrivedIDList())
        coming = self._coming()
        for tls, signal in self._signals.items():
            phase = self._sumo.trafficlight.getPhase(tls)
            if phase != signal.phase:
                self._turned(tls, signal, phase, now, tls in coming)
            if tls in coming and signal.stage(phase):
                self._act(tls, signal, now, *coming[tls])

    def table(self) -> pd.DataFrame:
        """Table `priority`: time_s, tls_id, vehicle_id, action (held, cut, given back), seconds."""
        return pd.DataFrame(self._done, columns=list(COLUMNS))

    def _coming(self) -> dict[str, tuple[str, int, float]]:
        """By signal: the bus that comes first, its link, and in how many seconds."""
        here = self._sumo.vehicle
        first: dict[str, tuple[str, int, float]] = {}
        for bus in sorted(self._driving):
            ahead = here.getNextTLS(bus)
            if not ahead or ahead[0][0] not in self._signals or ahead[0][2] > SIGHT_M or self._stops_before(bus):
                continue
            tls, link, away_m, _ = ahead[0]
            eta_s = away_m / max(here.getSpeed(bus), CREEP_MPS)
            if tls not in first or eta_s < first[tls][2]:
                first[tls] = (bus, int(link), eta_s)
        return first

    def _stops_before(self, bus: str) -> bool:
        ahead = calls_ahead(self._sumo, self._buses[bus], 1)
        return bool(ahead) and ahead[0][1].edge_id == self._sumo.vehicle.getRoadID(bus)

    def _act(self, tls: str, signal: _Signal, now: float, bus: str, link: int, eta_s: float) -> None:
        light, phase = self._sumo.trafficlight, signal.phase
        spent, left = light.getSpentDuration(tls), light.getNextSwitch(tls) - now
        following = signal.phases[signal.after[phase]]
        if signal.phases[phase].state[link] in "Gg":
            needed = eta_s + PASS_S
            room = signal.longest_s(phase) + self._rule.bound_s - spent
            if following.state[link] not in "Gg" and left < needed <= room:
                light.setPhaseDuration(tls, needed)
                signal.late_s += (needed - left) * signal.fixed
                self._held(now, tls, bus, signal, needed - left)
            return
        least = signal.phases[phase].min_s
        told = least < signal.phases[phase].duration_s
        if told and spent >= least and PASS_S < left <= self._rule.bound_s and not signal.spared:
            signal.cut.add(phase)
            signal.late_s -= left * signal.fixed
            light.setPhase(tls, signal.after[phase])
            self._note(now, tls, bus, "cut", left)

    def _turned(self, tls: str, signal: _Signal, phase: int, now: float, wanted: bool) -> None:
        """A phase has begun: who was cut last time is spared; a fixed-time plan that is late gives time back."""
        signal.phase, signal.row = phase, None
        signal.spared = phase in signal.cut
        signal.cut.discard(phase)
        one = signal.phases[phase]
        if not signal.fixed or wanted or not signal.stage(phase) or abs(signal.late_s) < 0.5:
            return
        spare = one.duration_s - one.min_s
        back = min(signal.late_s, spare) if signal.late_s > 0 else max(signal.late_s, -self._rule.bound_s)
        left = self._sumo.trafficlight.getNextSwitch(tls) - now
        back = min(back, left - PASS_S)
        if abs(back) >= 0.5:
            self._sumo.trafficlight.setPhaseDuration(tls, left - back)
            signal.late_s -= back
            self._note(now, tls, "", "given back", back)

    def _held(self, now: float, tls: str, bus: str, signal: _Signal, seconds: float) -> None:
        """One row for each green that was held, however often it was put off."""
        if signal.row is None:
            signal.row = len(self._done)
            self._note(now, tls, bus, "held", seconds)
            return
        began, _, first, action, before = self._done[signal.row]
        self._done[signal.row] = (began, tls, first, action, round(before + float(seconds), 2))

    def _note(self, now: float, tls: str, bus: str, action: str, seconds: float) -> None:
        self._done.append((now, tls, bus, action, round(float(seconds), 2)))


def _read(sumo: Any, tls: str) -> _Signal:
    light = sumo.trafficlight
    program = light.getProgram(tls)
    logic = next(one for one in light.getAllProgramLogics(tls) if one.programID == program)
    phases = [
        SignalPhase(p.duration, p.state, p.minDur if p.minDur >= 0 else p.duration, p.maxDur, p.name)
        for p in logic.phases
    ]
    after = [p.next[0] if p.next else (k + 1) % len(phases) for k, p in enumerate(logic.phases)]
    return _Signal(phases, after, fixed=logic.type == 0)
