"""A hot spot inside the city model: people change over at its doors, and each side tells the other how full it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.crowd.city import CityCrowd
from models.crowd.city.hand_over import hold_back, send_from, takes_in
from models.crowd.city.walkers import LINK
from models.crowd.hotspot.choosing import FLOW_PMS
from models.crowd.hotspot.crossers import Crossers
from models.crowd.hotspot.map_spot import MapSpot
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.walking import Walking
from models.crowd.plans import VisitorPlans
from models.crowd.speed import CAPACITY_PMS

if TYPE_CHECKING:
    from networks import WalkGraph

EVERY_S = 5.0
"""How often people change over (s)."""
WAIT_PER_M = 2.0
"""People for each metre of a door that may stand in it before the street is held back altogether, and behind it before
the door is."""
TELL_S = 120
"""How often a long run is told of (s)."""
STUCK_S = 240.0
"""Time after which people who all stand are stuck (s): streams that meet in a narrow place may block each other."""
COMING, AT_DOOR, INSIDE, GOING, ARRIVED = range(5)
"""Where somebody is: before the hot spot, in its doorway, on it, behind it, at their goal."""


@dataclass(frozen=True)
class Moment:
    """What was seen at one moment.

    Attributes:
        time_s: When (s).
        people: How many are COMING, AT_DOOR, INSIDE, GOING, ARRIVED.
        density_pm2: People inside for each square metre of ground.
        inflow_ps, outflow_ps: People a second in and out since the last moment, by door.
        waiting: People in each doorway, by door.
        held: Share of its largest flow that the street before each door may bring, by door.
    """

    time_s: float
    people: tuple[int, ...]
    density_pm2: float
    inflow_ps: np.ndarray
    outflow_ps: np.ndarray
    waiting: np.ndarray
    held: np.ndarray


class SpotInCity:
    """`CityCrowd` around a `HotSpot`, on one clock. Nobody is in both, and nobody is lost.

    Somebody who reaches a door on the streets stands in its doorway until there is room inside; a doorway that fills
    holds its street back, so that the queue stands on the street's links. Who leaves goes on from the door's node; a
    door lets out what the streets behind it take in. The links on the hot spot's ground are closed in the city model.

    Args:
        graph: The walk graph.
        spot: The hot spot.
        crossers: Who walks.
        every_s: How often people change over (s), a whole number of steps of both.
        walking: How people walk on the hot spot.
        seed: Of the draws.
    """

    def __init__(
        self,
        graph: WalkGraph,
        spot: MapSpot,
        crossers: Crossers,
        *,
        every_s: float = EVERY_S,
        walking: Walking | None = None,
        seed: int = 1,
    ) -> None:
        self.spot, self.crossers, self.every_s = spot, crossers, every_s
        links, nodes = len(graph.length_m), len(graph.node_x)
        self._in = links + np.arange(len(spot.doors))
        plans = VisitorPlans(
            crossers.depart_s,
            crossers.origin,
            nodes + crossers.door_in,
            crossers.speed_mps,
            np.arange(len(crossers)),
        )
        self.streets = CityCrowd(_with_doors(graph, spot), plans, goals=crossers.destination)
        self.streets.close(np.r_[spot.links, np.zeros(len(spot.doors), dtype=np.bool_)])
        self._width = np.array([one.door.width_m for one in spot.doors])
        self._street_ps = np.array([one.width_m for one in spot.doors]) * CAPACITY_PMS
        self._most_out = np.minimum(self._width * FLOW_PMS, self._street_ps)
        doors = [replace(door, outflow_ps=float(most)) for door, most in zip(spot.gates, self._most_out, strict=True)]
        self.ground = HotSpot(spot.area, (), doors, walking=walking, seed=seed)
        self.state = np.full(len(crossers), COMING, dtype=np.int8)
        self._outside: list[deque[int]] = [deque() for _ in doors]
        self._inside: dict[int, int] = {}
        self._entered = 0
        self.moments: list[Moment] = []

    def advance_to(self, until_s: float) -> None:
        """Walk to `until_s` (s)."""
        while self.streets.now_s < until_s - 1e-9:
            now = self.streets.now_s + self.every_s
            self.streets.advance_to(now)
            self._hand_over()
            self.ground.advance(now)
            came, went = self._count_in(), self._take_back(now)
            self._tell(now, came, went)

    def run(self, at_most_s: float, tell: Callable[[Moment], None] | None = None) -> bool:
        """Walk until everybody has arrived, at most to `at_most_s` (s); `tell` hears of each `TELL_S`.

        Returns:
            Whether people got stuck: for `STUCK_S` after the last one set out nobody came to or left the place.
        """
        still, before = 0.0, self.state.copy()
        while self.streets.now_s < at_most_s and (self.state != ARRIVED).any():
            self.advance_to(self.streets.now_s + self.every_s)
            moved = not np.array_equal(before, self.state) or (self.crossers.depart_s >= self.streets.now_s).any()
            still, before = 0.0 if moved else still + self.every_s, self.state.copy()
            if tell is not None and round(self.streets.now_s) % TELL_S == 0:
                tell(self.moments[-1])
            if still >= STUCK_S:
                return True
        return False

    def _hand_over(self) -> None:
        """Who reached a door stands in it; who reached their goal is there."""
        for row in self.streets.take_arrived().tolist():
            person = int(self.streets.plans.group[row])
            if self.state[person] == GOING:
                self.state[person] = ARRIVED
                continue
            self.state[person] = AT_DOOR
            door, onward = int(self.crossers.door_in[person]), int(self.crossers.door_out[person])
            self._outside[door].append(row)
            self.ground.enter(self._name(door), self._name(onward), [float(self.crossers.speed_mps[person])])

    def _name(self, door: int) -> str:
        return self.spot.doors[door].door.name

    def _count_in(self) -> np.ndarray:
        """Who came in since; returns how many by each door."""
        came = np.zeros(len(self.spot.doors))
        for number in list(self.ground.people)[self._entered :]:
            door = self.ground.people[number].by
            row = self._outside[door].popleft()
            self._inside[number] = row
            self.state[self.streets.plans.group[row]] = INSIDE
            came[door] += 1
        self._entered = len(self.ground.people)
        return came

    def _take_back(self, now: float) -> np.ndarray:
        """Who left since goes on along the streets; returns how many by each door."""
        went = np.zeros(len(self.spot.doors))
        gone = [number for number in self._inside if np.isfinite(self.ground.people[number].left_s)]
        if gone:
            rows = np.array([self._inside.pop(number) for number in gone])
            doors = np.array([self.ground.people[number].to for number in gone])
            people = self.streets.plans.group[rows]
            begin = np.array([one.node for one in self.spot.doors])[doors]
            send_from(self.streets, rows, begin, self.crossers.destination[people], np.full(len(rows), now))
            self.state[people] = GOING
            np.add.at(went, doors, 1.0)
        return went

    def _tell(self, now: float, came: np.ndarray, went: np.ndarray) -> None:
        """Hold back the streets before full doors, and the doors before full streets; note the moment."""
        waiting = np.array([self.ground.waiting(self._name(door)) for door in range(len(self._in))])
        room = np.clip(1 - waiting / (WAIT_PER_M * self._width), 0.0, 1.0)
        hold_back(self.streets, self._in, self._street_ps * room)
        behind = np.clip(1 - self._standing_behind() / (WAIT_PER_M * self._width), 0.0, 1.0)
        for door, one in enumerate(self.spot.doors):
            share = takes_in(self.streets, np.array(one.links)).mean() * behind[door]
            self.ground.let_out(self._name(door), float(self._most_out[door] * share))
        inside = self.ground.still_there()
        people = tuple(np.bincount(self.state, minlength=5).tolist())
        flows = came / self.every_s, went / self.every_s
        self.moments.append(Moment(now, people, inside / self.spot.area.area, *flows, waiting, room))

    def _standing_behind(self) -> np.ndarray:
        """How many left by each door whom no street has taken in yet."""
        person = self.streets.plans.group
        off = (self.state[person] == GOING) & (self.streets.walkers.people[:, LINK] < 0)
        return np.bincount(self.crossers.door_out[person[off]], minlength=len(self._in))


def _with_doors(graph: WalkGraph, spot: MapSpot) -> WalkGraph:
    """The walk graph with a link of a metre into each door, whose end is where people change over."""
    nodes, count = len(graph.node_x), len(spot.doors)
    node = np.array([one.node for one in spot.doors], dtype=np.int32)
    return replace(
        graph,
        node_x=np.r_[graph.node_x, graph.node_x[node]],
        node_y=np.r_[graph.node_y, graph.node_y[node]],
        link_from=np.r_[graph.link_from, node].astype(np.int32),
        link_to=np.r_[graph.link_to, nodes + np.arange(count)].astype(np.int32),
        length_m=np.r_[graph.length_m, np.ones(count)],
        width_m=np.r_[graph.width_m, [one.width_m for one in spot.doors]],
        kind=(*graph.kind, *("door",) * count),
        crossing_edges=(*graph.crossing_edges, *((),) * count),
    )
