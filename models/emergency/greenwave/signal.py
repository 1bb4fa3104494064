"""A signal that yields to blue lights, second by second; it knows nothing of the simulation that it runs in."""

from __future__ import annotations

import math
from collections.abc import Mapping

from models.emergency.greenwave.arrival import Arrival
from models.emergency.greenwave.handover import PRICE, Handover, plan_handover, waited_s
from models.emergency.greenwave.rhythm import Rhythm
from models.emergency.greenwave.stopping import Stopping

AGAIN_S = 5.0
"""So often a handover is planned anew while the vehicle comes."""


class YieldingSignal:
    """A signal that runs its plan until it is asked, hands over, and comes back into step.

    Args:
        rhythm: Of its plan.
        beat, since_s: What it shows at `now_s`, and for how long.
        now_s: Whole second of the clock.
        price: See `handover.PRICE`.
        red_s: Link -> for how long it has been waiting now; None asks for the plan in step.
    """

    def __init__(
        self, rhythm: Rhythm, beat: int, since_s: float, now_s: float, *, price: float = PRICE,
        red_s: Mapping[int, float] | None = None,
    ) -> None:  # fmt: skip
        self.rhythm, self._beat, self._began_s, self._price = rhythm, beat, now_s - since_s, price
        self._offset_s = now_s - since_s - rhythm.starts_s[beat]
        self._lengths: list[int] = []
        states = [one.state for one in rhythm.beats]
        self._links = [k for k in range(len(states[0])) if any(state[k] in "Gg" for state in states)]
        self._planned_s, self._late_s, self._now_s = -AGAIN_S, 0.0, now_s
        self.by_itself = False
        """A plan without a clock that has come to its end: from here on the signal runs its own programme."""
        waited = waited_s(rhythm, beat, since_s) if red_s is None else red_s
        self._red_since = {link: now_s - red for link, red in waited.items() if red > 0}
        lit_s = {link: self._began_s for link, letter in enumerate(states[beat]) if letter in "Gg"}
        self._stopping = Stopping(rhythm.yellow_s, rhythm.green_s, rhythm.red_most_s, lit_s)
        self._mine, self._alone_s = set[int](), math.inf
        self.shown: list[tuple[float, int, str]] = [(self._began_s, beat, states[beat])]
        """(begin, beat, state) of everything that it showed."""

    @property
    def in_step(self) -> bool:
        """Whether the beat that is shown began when the plan says so, or by itself, and nothing else is planned."""
        if not self.rhythm.clocked:
            return self.by_itself
        early = (self._began_s - self._offset_s - self.rhythm.starts_s[self._beat]) % self.rhythm.cycle_s
        return not self._lengths and early == 0

    def ask(self, arrival: Arrival, now_s: float) -> Handover | None:
        """Plan for a vehicle from this second on; asked again sooner than `AGAIN_S` it keeps to what it planned."""
        self._mine = {*arrival.links, *arrival.lane}
        self._alone_s = arrival.begin_s if arrival.queue > 0 else math.inf
        if now_s - self._planned_s < AGAIN_S:
            return None
        return self._plan(arrival, now_s)

    def let_go(self, now_s: float) -> Handover | None:
        """The vehicle has gone, or comes no more: back into step."""
        self._alone_s = math.inf
        if self.in_step or self._late_s <= now_s:
            return None
        return self._plan(Arrival(self.rhythm.plan.tls_id, tuple(self._links), now_s, now_s), now_s)

    def _plan(self, arrival: Arrival, now_s: float) -> Handover | None:
        red_s = {link: now_s - self._red_since[link] if link in self._red_since else 0.0 for link in self._links}
        coming, state = math.isfinite(self._alone_s), self.rhythm.beats[self._beat].state
        spare_s = self._stopping.most_stay_s if coming else 0.0
        self._now_s = now_s
        stay_s = self._stopping.needs_s(state, now_s, self._ahead, self._red_since, coming=coming)
        found = plan_handover(
            self.rhythm, arrival, now_s, beat=self._beat, since_s=now_s - self._began_s, offset_s=self._offset_s,
            price=self._price, red_s=red_s, stay_s=stay_s, spare_s=spare_s,
        )  # fmt: skip
        self._planned_s = now_s
        if found is not None:
            self._late_s, self._lengths = arrival.late_s, list(found.lengths_s)
        return found

    def show(self, now_s: float) -> str:
        """What it shows in the second that begins now; rising by one each time."""
        self._now_s = now_s
        while now_s - self._began_s >= self._length():
            self._began_s += self._length()
            self._lengths = self._lengths[1:]
            self._beat = (self._beat + 1) % len(self.rhythm.beats)
            if not (self._lengths or self._stopping.links or self.rhythm.clocked):
                self.by_itself = True
                break
        state = self.rhythm.beats[self._beat].state
        state = self._stopping.shown(state, now_s, self._in_the_way(state, now_s), self._ahead, self._red_since)
        if (self._beat, state) != self.shown[-1][1:]:
            self.shown.append((now_s, self._beat, state))
        for link, letter in enumerate(state):
            if letter in "GgyY":
                self._red_since.pop(link, None)
            else:
                self._red_since.setdefault(link, now_s)
        return state

    def _in_the_way(self, state: str, now_s: float) -> set[int]:
        """Those that the vehicle's lanes have to give way to while their own stage is shown."""
        going = [link for link in self._mine if state[link] in "Gg"] if now_s >= self._alone_s else []
        lamps = {lamp for link in going for lamp in self.rhythm.gives_way.get(link, ())}
        return {link for lamp in lamps if self._mine.isdisjoint(lamp) for link in lamp}

    def _ahead(self, link: int) -> tuple[float, float, float]:
        """Seconds of green that its beat leaves a link, that the next beats give it, and then to its next green."""
        beats, lengths = self.rhythm.beats, iter(self._lengths[1:])
        left, after, number = 0.0, 0.0, self._beat
        for _ in range(2 * len(beats)):
            number = (number + 1) % len(beats)
            seconds = float(next(lengths, beats[number].now_s))
            lit = beats[number].state[link] in "Gg"
            if lit and after:
                break
            left, after = (left + beats[number].least_s, after) if lit else (left, after + seconds)
        return self._began_s + self._length() - self._now_s, left, after

    @property
    def beat(self) -> int:
        """Number of the beat that is shown."""
        return self._beat

    def _length(self) -> float:
        return float(self._lengths[0]) if self._lengths else float(self.rhythm.beats[self._beat].now_s)
