"""Which door people leave by: the one that they expect to be out of first."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

import numpy as np
from shapely import contains_xy

from models.crowd.hotspot.spot import HotSpot
from models.streams import stream

FLOW_PMS = 2.3
"""Flow that people expect of a door (persons/m/s): what bottlenecks in the laboratory let through."""
LOOK_S = 2.0
"""How often people look round (s)."""
LOOKING = 0.2
"""Share of the people who look round each time."""
GAIN = 0.8
"""Another door is taken only where it is expected to take less than this share of the time: nobody dithers."""
FRONT_M = 1.5
"""Ground before a door, beyond its half width (m): who crosses it on the way to another door waits in its queue."""


class LeastTime:
    """People who may leave by several doors, and change their minds when a queue is longer than it looked.

    Expected time is the longer of walking there in a straight line and waiting until those have passed who are nearer
    to the door and make for it; where that line leads across the front of another door, the wait there comes first. An
    assumption, not fitted to counts.

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
        """Let a share of the people look round and go to another door where that is better by far.

        They look one after the other, and see where those before them went; whoever is through a door already does
        not turn back.
        """
        who, where = self._spot.here()
        if len(who) == 0:
            return
        people = [self._spot.people[number] for number in who.tolist()]
        apart = np.column_stack([self._apart_m(number, where) for number in self._numbers])
        crossed = self._fronts_crossed(where)
        queues = [
            sorted(apart[[i for i, one in enumerate(people) if one.to == number], door].tolist())
            for door, number in enumerate(self._numbers)
        ]
        inside = contains_xy(self._spot.area, where[:, 0], where[:, 1])
        looks = np.flatnonzero(inside & (self._draw.random(len(who)) < share))
        for row in self._draw.permutation(looks).tolist():
            speed = people[row].speed_mps
            waits = [self._wait_s(door, apart[row, door], queue) for door, queue in enumerate(queues)]
            times = [
                max(
                    [apart[row, door] / speed, waits[door]]
                    + [
                        waits[front] + (apart[row, door] - apart[row, front]) / speed
                        for front in np.flatnonzero(crossed[row, door]).tolist()
                    ]
                )
                for door in range(len(queues))
            ]
            own = self._numbers.index(people[row].to) if people[row].to in self._numbers else -1
            best = int(np.argmin(times))
            if best != own and (own < 0 or times[best] < GAIN * times[own]):
                self._spot.redirect(int(who[row]), self._doors[best])
                insort(queues[best], apart[row, best])
                if own >= 0:
                    queues[own].remove(apart[row, own])

    def _apart_m(self, number: int, where: np.ndarray) -> np.ndarray:
        """Distance of everybody from the nearest piece of a door (m)."""
        middle = self._spot.mouths[number].middle_m
        return np.asarray(np.sqrt(((where[:, None, :] - middle[None]) ** 2).sum(axis=2).min(axis=1)))

    def _wait_s(self, door: int, apart_m: float, queue: list[float]) -> float:
        """Expected time until those are through a door who are nearer to it (s)."""
        width = self._spot.mouths[self._numbers[door]].door.width_m
        return bisect_left(queue, apart_m) / (FLOW_PMS * width)

    def _fronts_crossed(self, where: np.ndarray) -> np.ndarray:
        """Whether somebody's straight way to a door leads across another one's front, bool, (n, doors, doors)."""
        mouths = [self._spot.mouths[number] for number in self._numbers]
        middle = np.array([mouth.middle_m.mean(axis=0) for mouth in mouths])
        reach = np.array([mouth.door.width_m / 2 + FRONT_M for mouth in mouths])
        way = middle[None] - where[:, None]
        share = (way[:, :, None] * way[:, None, :]).sum(axis=-1) / np.maximum((way**2).sum(axis=-1), 1e-9)[:, :, None]
        nearest = way[:, None, :] - share[..., None] * way[:, :, None]
        crossed = (share > 0) & (share < 1) & ((nearest**2).sum(axis=-1) < reach**2)
        crossed[:, range(len(middle)), range(len(middle))] = False
        return np.asarray(crossed)
