"""A signal that yields to blue lights, second by second; it knows nothing of the simulation that it runs in."""

from __future__ import annotations

from models.emergency.greenwave.arrival import Arrival
from models.emergency.greenwave.handover import PRICE, Handover, plan_handover, waited_s
from models.emergency.greenwave.rhythm import Rhythm

AGAIN_S = 5.0
"""So often a handover is planned anew while the vehicle comes."""


class YieldingSignal:
    """A signal that runs its plan until it is asked, hands over, and comes back into step.

    Args:
        rhythm: Of its plan.
        beat, since_s: What it shows at `now_s`, and for how long.
        now_s: Whole second of the clock.
        price: See `handover.PRICE`.
    """

    def __init__(self, rhythm: Rhythm, beat: int, since_s: float, now_s: float, *, price: float = PRICE) -> None:
        self.rhythm, self._beat, self._began_s, self._price = rhythm, beat, now_s - since_s, price
        self._offset_s = now_s - since_s - rhythm.starts_s[beat]
        self._lengths: list[int] = []
        states = [one.state for one in rhythm.beats]
        self._links = [k for k in range(len(states[0])) if any(state[k] in "Gg" for state in states)]
        self._planned_s, self._late_s = -AGAIN_S, 0.0
        waited = waited_s(rhythm, beat, since_s)
        self._red_since = {link: now_s - red for link, red in waited.items() if red > 0}
        self.shown: list[tuple[float, int]] = [(self._began_s, beat)]
        """(begin, beat) of everything that it showed."""

    @property
    def in_step(self) -> bool:
        """Whether the beat that is shown began when the plan says so, and nothing else is planned."""
        early = (self._began_s - self._offset_s - self.rhythm.starts_s[self._beat]) % self.rhythm.cycle_s
        return not self._lengths and early == 0

    def ask(self, arrival: Arrival, now_s: float) -> Handover | None:
        """Plan for a vehicle from this second on; asked again sooner than `AGAIN_S` it keeps to what it planned."""
        if now_s - self._planned_s < AGAIN_S:
            return None
        return self._plan(arrival, now_s)

    def let_go(self, now_s: float) -> Handover | None:
        """The vehicle has gone, or comes no more: back into step."""
        if self.in_step or self._late_s <= now_s:
            return None
        return self._plan(Arrival(self.rhythm.plan.tls_id, tuple(self._links), now_s, now_s), now_s)

    def _plan(self, arrival: Arrival, now_s: float) -> Handover | None:
        red_s = {link: now_s - self._red_since[link] if link in self._red_since else 0.0 for link in self._links}
        found = plan_handover(
            self.rhythm, arrival, now_s, beat=self._beat, since_s=now_s - self._began_s, offset_s=self._offset_s,
            price=self._price, red_s=red_s,
        )  # fmt: skip
        self._planned_s = now_s
        if found is not None:
            self._late_s, self._lengths = arrival.late_s, list(found.lengths_s)
        return found

    def show(self, now_s: float) -> str:
        """What it shows in the second that begins now; rising by one each time."""
        while now_s - self._began_s >= self._length():
            self._began_s += self._length()
            self._lengths = self._lengths[1:]
            self._beat = (self._beat + 1) % len(self.rhythm.beats)
            self.shown.append((self._began_s, self._beat))
        state = self.rhythm.beats[self._beat].state
        for link, letter in enumerate(state):
            if letter in "GgyY":
                self._red_since.pop(link, None)
            else:
                self._red_since.setdefault(link, now_s)
        return state

    def _length(self) -> float:
        return float(self._lengths[0]) if self._lengths else float(self.rhythm.beats[self._beat].now_s)
