"""People who cross a hot spot from street to street, and nobody else: the city model with a demand of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city import CityCrowd
from models.crowd.city.hand_over import set_out
from models.crowd.city.walkers import GOAL
from models.crowd.hotspot.crossers import Crossers
from models.crowd.hotspot.entries import Entries, entries_of
from models.crowd.hotspot.in_city import SpotInCity
from models.crowd.hotspot.map_spot import MapSpot
from models.crowd.hotspot.moment import ARRIVED, AT_DOOR, COMING, GOING, INSIDE, Moment
from models.crowd.hotspot.walking import Walking
from models.crowd.plans import VisitorPlans

if TYPE_CHECKING:
    from networks import WalkGraph

EVERY_S = 5.0
"""How often a run looks whether people still get on (s)."""
TELL_S = 120
"""How often a long run is told of (s)."""
STUCK_S = 240.0
"""Time after which people who all stand are stuck (s): streams that meet in a narrow place may block each other."""


@dataclass(frozen=True)
class Jam:
    """Streams that block each other for good.

    Attributes:
        since_s: When somebody came to or left the place last (s).
        inside: How many stand on it.
        in_doorways: How many stand in its doorways.
        outside: How many have not come to it yet.
        density_pm2: People inside for each square metre of ground.
    """

    since_s: float
    inside: int
    in_doorways: int
    outside: int
    density_pm2: float


class SpotCrossing(SpotInCity):
    """`SpotInCity` with people who come by one door and leave by another, whichever way is the shortest.

    Args:
        graph: The walk graph.
        spot: The hot spot.
        crossers: Who walks.
        walking: How people walk on the hot spot.
        seed: Of the draws.
    """

    _may_lack_entries = True

    def __init__(
        self, graph: WalkGraph, spot: MapSpot, crossers: Crossers, *, walking: Walking | None = None, seed: int = 1
    ) -> None:
        self._by_door = first_of(entries_of(graph, spot), len(spot.doors))
        entries = entries_of(graph, spot)
        ends = np.stack([graph.link_to, graph.link_from])
        self._own_node = np.array([one.node for one in spot.doors])
        beyond = self._own_node.copy()
        has = self._by_door >= 0
        beyond[has] = ends[entries.heading, entries.link][self._by_door[has]]
        plans = VisitorPlans(
            crossers.depart_s, crossers.origin, beyond[crossers.door_in], crossers.speed_mps, np.arange(len(crossers))
        )  # fmt: skip
        super().__init__(CityCrowd(graph, plans, goals=crossers.destination), spot, walking=walking, seed=seed)
        self.crossers = crossers

    @property
    def streets(self) -> CityCrowd:
        """The city model."""
        return self.city

    def advance_to(self, until_s: float) -> None:
        """Walk to `until_s` (s)."""
        self.city.advance_to(until_s)

    def run(self, at_most_s: float, tell: Callable[[Moment], None] | None = None) -> Jam | None:
        """Walk until everybody has arrived, at most to `at_most_s` (s); `tell` hears of each `TELL_S`.

        Returns:
            The jam in which people got stuck: for `STUCK_S` after the last one set out nobody came to or left the
            place; None without one.
        """
        still, before = 0.0, self.state.copy()
        while self.city.now_s < at_most_s and (self.state != ARRIVED).any():
            self.advance_to(self.city.now_s + EVERY_S)
            moved = not np.array_equal(before, self.state) or (self.crossers.depart_s >= self.city.now_s).any()
            still, before = 0.0 if moved else still + EVERY_S, self.state.copy()
            if tell is not None and round(self.city.now_s) % TELL_S == 0:
                tell(self.moments[-1])
            if still >= STUCK_S:
                count = np.bincount(self.state, minlength=5)
                since = self.city.now_s - still
                inside, doorways, outside = count[[INSIDE, AT_DOOR, COMING]].tolist()
                return Jam(since, inside, doorways, outside, self.moments[-1].density_pm2)
        return None

    def _step(self) -> None:
        who = self.city.take_arrived()
        there = self.state[who] == GOING
        self.state[who[there]] = ARRIVED
        for row in who[~there].tolist():  # no link of the ground leads in by the door, or another way was shorter
            self.city.walkers.arrive_s[row] = np.inf
            person = int(self.city.plans.group[row])
            self.city.walkers.people[row, GOAL] = self._goal(person)
            self.state[row], self._way_out[row] = AT_DOOR, self._by_door[self.crossers.door_out[person]]
            self._stand_in_door(row, int(self.crossers.door_in[person]), int(self.crossers.door_out[person]))
        super()._step()

    def _receive(self, row: int, entry: int, _: float, /) -> None:
        person = int(self.city.plans.group[row])
        self.city.walkers.people[row, GOAL] = self._goal(person)
        onward = int(self.crossers.door_out[person])
        self.state[row], self._way_out[row] = AT_DOOR, self._by_door[onward]
        self._stand_in_door(row, int(self.entries.door[entry]), onward)

    def _goal(self, person: int) -> int:
        return int(self.city.routes.destination(self.crossers.destination[person]))

    def _goes_on(self, row: int, door: int, now: float) -> None:
        if self._way_out[row] >= 0:
            super()._goes_on(row, door, now)
        else:
            set_out(self.city, np.array([row]), self._own_node[[door]])


def first_of(entries: Entries, doors: int) -> np.ndarray:
    """The first entry of each door, -1 without one, int64, shape (doors,)."""
    found = np.full(doors, -1, dtype=np.int64)
    for number in range(len(entries) - 1, -1, -1):
        found[entries.door[number]] = number
    return found
