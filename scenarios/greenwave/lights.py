"""A signal of a running simulation that can be taken over for a blue light and is given back to its own programme."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from models.emergency.greenwave import Arrival, Beat, Rhythm, Step, YieldingSignal, discharge_s, waited_s

Shown = tuple[Step, ...]
"""What was shown in a row."""


class Lights:
    """A signal, its own programme running until it is asked.

    Args:
        sumo: libsumo.
        tls: The signal.
        rhythm: Of its plan.
        now_s: Whole second of the clock.
    """

    def __init__(self, sumo: Any, tls: str, rhythm: Rhythm, now_s: float) -> None:
        self._sumo, self._tls, self._rhythm = sumo, tls, rhythm
        self._program = sumo.trafficlight.getProgram(tls)
        self._held: YieldingSignal | None = None
        self._red_since = dict[int, float]()
        self._state, self._began_s, self._past = "", now_s, list[Shown]()
        self.why = ""
        """Why it cannot be taken over; "" where it can."""
        if rhythm.clocked:
            self._take_clocked(now_s)

    @property
    def in_step(self) -> bool:
        """Whether its own programme runs, or shows the same."""
        return self._held is None or self._held.in_step

    @property
    def shown(self) -> tuple[Shown, ...]:
        """What it showed each time that it was taken over."""
        return (*self._past, _told(self._held)) if self._held is not None else tuple(self._past)

    def ask(self, arrival: Arrival, now_s: float) -> None:
        """A vehicle comes: hand over."""
        if self.why:
            return
        if self._held is None:
            if arrival.begin_s - now_s <= self._rhythm.lead_s:
                self._take_loose(arrival, now_s)
            return
        if not self._rhythm.clocked:
            self._held.rhythm = self._as_asked()
        self._held.ask(arrival, now_s)

    def let_go(self, now_s: float) -> None:
        """The vehicle has gone, or comes no more."""
        if self._held is not None:
            self._held.let_go(now_s)

    def show(self, now_s: float) -> None:
        """Light the lamps for the second that begins now."""
        lights = self._sumo.trafficlight
        if self._held is None:
            self._follow(lights.getRedYellowGreenState(self._tls), now_s)
            return
        state = self._held.show(now_s)
        if self._held.by_itself:
            self._give_back(self._rhythm.beats[self._held.beat])
        elif state != self._state:
            lights.setRedYellowGreenState(self._tls, state)
        self._follow(state, now_s)

    def _follow(self, state: str, now_s: float) -> None:
        if state == self._state:
            return
        self._state = state
        for link, letter in enumerate(state):
            if letter in "GgyY":
                self._red_since.pop(link, None)
            else:
                self._red_since.setdefault(link, now_s)

    def _take_clocked(self, now_s: float) -> None:
        lights, tls = self._sumo.trafficlight, self._tls
        logic = next((one for one in lights.getAllProgramLogics(tls) if one.programID == self._program), None)
        if logic is None:
            self.why = "it runs no programme"
            return
        into = sum(phase.duration for phase in logic.phases[: lights.getPhase(tls)]) + lights.getSpentDuration(tls)
        beat, since = self._rhythm.at(into, 0.0)
        before, _ = self._rhythm.at(into - 1.0, 0.0)  # a change that is due now is made when the next step begins
        states = {self._rhythm.beats[n].state for n in (beat, before)}
        if lights.getRedYellowGreenState(tls) not in states:
            self.why = "its lights do not follow its plan"
            return
        self._held = YieldingSignal(self._rhythm, beat, since, now_s)

    def _take_loose(self, arrival: Arrival, now_s: float) -> None:
        lights = self._sumo.trafficlight
        phase, state = lights.getPhase(self._tls), lights.getRedYellowGreenState(self._tls)
        beat = next((n for n, one in enumerate(self._rhythm.beats) if (one.number, one.state) == (phase, state)), None)
        if beat is None or lights.getProgram(self._tls) != self._program:
            return  # in a phase that its round has not: it is asked again
        since = round(lights.getSpentDuration(self._tls))
        red = waited_s(self._rhythm, beat, float(since))  # a guess for those that were red when the call came
        red |= {k: now_s - at for k, at in self._red_since.items() if k in red and (at > self._began_s or not red[k])}
        red |= {link: 0.0 for link in red if link not in self._red_since}
        held = YieldingSignal(self._as_asked(), beat, since, now_s, red_s=red)
        if held.ask(arrival, now_s) is not None:
            self._held, self._state = held, ""

    def _as_asked(self) -> Rhythm:
        """The rhythm with greens as long as those who stand before them now need, within their limits."""
        return replace(self._rhythm, beats=tuple(map(self._needed, self._rhythm.beats)))

    def _needed(self, beat: Beat) -> Beat:
        if not beat.least_s < beat.most_s:
            return beat
        lanes = self._sumo.trafficlight.getControlledLanes(self._tls)
        mine = {lanes[link] for link, letter in enumerate(beat.state) if letter in "Gg" and link < len(lanes)}
        queue = max((self._sumo.lane.getLastStepHaltingNumber(lane) for lane in sorted(mine)), default=0)
        return replace(beat, now_s=min(max(beat.least_s, round(discharge_s(queue))), beat.most_s))

    def _give_back(self, beat: Beat) -> None:
        """Its own programme goes on from the begin of a beat."""
        assert self._held is not None
        lights = self._sumo.trafficlight
        lights.setProgram(self._tls, self._program)
        lights.setPhase(self._tls, beat.number)
        lights.setPhaseDuration(self._tls, float(beat.least_s))  # from then on its detectors decide
        self._past.append(_told(self._held))
        self._held = None


def _told(held: YieldingSignal) -> Shown:
    """From the begin of the first beat to the end of the last that has ended."""
    ended = max((n for n, (a, b) in enumerate(itertools.pairwise(held.shown), 1) if a[1] != b[1]), default=0)
    return tuple((a[1], a[2], round(b[0] - a[0])) for a, b in itertools.pairwise(held.shown[: ended + 1]))
