"""Which door people leave by: the one that they expect to be out of first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.crowd.hotspot.spot import HotSpot
from models.streams import stream

FLOW_PMS = 1.3
"""Flow that people expect of a door (persons/m/s), a little above the peak of Weidmann's curve."""
LOOK_S = 2.0
"""How often people look round (s)."""
LOOKING = 0.2
"""Share of the people who look round each time."""
GAIN = 0.8
"""Another door is taken only where it is expected to take less than this share of the time: nobody dithers."""


class LeastTime:
    """People who may leave by several doors, and change their minds when a queue is longer than it looked.

    Expected time is the longer of walking there in a straight line and waiting until those have passed who are nearer
    to the door and make for it. An assumption, not fitted to counts.

    Args:
        spot: The hot spot.
        doors: Doors that they choose from.
        seed: Of the draws: who looks round when.
    """

    def __init__(self, spot: HotSpot, doors: Sequence[str], *, seed: int = 1) -> None:
        self._spot, self._doors = spot, list(doors)
        self._numbers = [spot.door(name) for name in doors]
        self._draw = stream(seed, "hotspot looks")

    def advance(self, until_s: float) -> None:
        """Walk on to `until_s`, looking round every `LOOK_S`; everybody does at the beginning."""
        if self._spot.now_s == 0:
            self.look(1.0)
        while self._spot.now_s < until_s - 1e-9:
            self._spot.advance(min(until_s, self._spot.now_s + LOOK_S))
            self.look(LOOKING)

    def look(self, share: float) -> None:
        """Let a share of the people look round and go to another door where that is better by far."""
        who, where = self._spot.here()
        if len(who) == 0:
            return
        now = np.array([self._spot.people[number].to for number in who.tolist()])
        speed = np.array([self._spot.people[number].speed_mps for number in who.tolist()])
        times = np.column_stack([self._time_s(number, where, speed, now) for number in self._numbers])
        best = times.argmin(axis=1)
        own = np.array([self._numbers.index(to) if to in self._numbers else -1 for to in now.tolist()])
        today = np.where(own >= 0, times[np.arange(len(who)), own], np.inf)
        looks = self._draw.random(len(who)) < share
        least = times[np.arange(len(who)), best]
        for row in np.flatnonzero(looks & (best != own) & (least < GAIN * today)):
            self._spot.redirect(int(who[row]), self._doors[best[row]])

    def _time_s(self, number: int, where: np.ndarray, speed: np.ndarray, now: np.ndarray) -> np.ndarray:
        """Expected time of everybody to be out of one door (s)."""
        mouth = self._spot.mouths[number]
        apart = np.sqrt(((where[:, None, :] - mouth.middle_m[None]) ** 2).sum(axis=2).min(axis=1))
        queue = np.sort(apart[now == number])
        ahead = np.searchsorted(queue, apart, side="left")
        return np.asarray(np.maximum(apart / speed, ahead / (FLOW_PMS * mouth.door.width_m)))
