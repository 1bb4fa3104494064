"""A hot spot inside the city model: who comes onto its ground walks there person by person, and goes on behind it."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from models.crowd.city import CityCrowd
from models.crowd.city.hand_over import fullness, open_doors, put_back, shut_doors, take_over
from models.crowd.city.streets import TICKS
from models.crowd.city.walkers import GOAL, NODE
from models.crowd.hotspot.choosing import FLOW_PMS
from models.crowd.hotspot.entries import entries_of
from models.crowd.hotspot.map_spot import MapSpot
from models.crowd.hotspot.moment import ARRIVED, AT_DOOR, COMING, GOING, INSIDE, Moment
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.walking import Walking
from models.crowd.speed import CAPACITY_PMS
from networks.errors import BadInput

TELL_EVERY_S = 5.0
"""Time between two moments (s)."""
WAIT_PER_M = 2.0
"""People for each metre of a door that may stand in it before the street is held back, and behind it before the door
is."""
_Way = tuple[float, int, int, int]
"""Somebody between a node and a door: until when (s), their row, and an entry and 0, or a link and a heading."""
LONGEST_WAY = 10_000
"""Links on a way across the ground, at most."""


class SpotInCity:
    """A `HotSpot` in a `CityCrowd`, a `CityDay` or a `CoupledCrowd`'s city, walked with it. Nobody is in both or lost.

    Whoever comes to a link of the ground leaves the streets, stands in the doorway until there is room inside, crosses
    the ground to the door that their way leads by, and goes on along the streets from there. A doorway that fills shuts
    its street, so that the queue stands on the street's links; a door lets out what the street behind it takes in. Who
    comes out against people who wait to come in changes places with them, as everywhere in the city model.

    Who sets out on the ground, or whose goal lies on it, stays in the city model, and is not seen on the ground.

    Args:
        city: The crowd; it takes the hot spot along from now on, however it is walked.
        spot: The hot spot.
        walking: How people walk on it.
        seed: Of the draws.

    Attributes:
        state: Where each walker is, int8, shape (walkers,): see `moment.py`.
        moments: What was seen, every `TELL_EVERY_S`.
        apart: How often somebody came whose way ends on the ground, or leads out where there is no door.

    Raises:
        BadInput: No link of the map leads onto the ground; or the city's steps are no whole number of frames.
    """

    _may_lack_entries = False

    def __init__(self, city: CityCrowd, spot: MapSpot, *, walking: Walking | None = None, seed: int = 1) -> None:
        self.city, self.spot = city, spot
        self.entries = entries_of(city.graph, spot)
        if not len(self.entries) and not self._may_lack_entries:
            raise BadInput(
                "no link of the map leads onto the ground, so nobody of the city comes to it",
                place=spot.name,
                expected="ways of the map across its edge",
                remedy="draw the polygon so that its edge crosses the ways that people come by",
            )
        entries = self.entries
        at = zip(entries.link.tolist(), entries.node.tolist(), strict=True)
        self._entry = {key: number for number, key in enumerate(at)}
        self._on = spot.links.copy()
        self._on[entries.link] = True
        open_doors(city, entries.link, entries.heading)
        self._width = np.array([one.door.width_m for one in spot.doors])
        street_ps = np.array([one.width_m for one in spot.doors]) * CAPACITY_PMS
        self._most_out = np.minimum(self._width * FLOW_PMS, street_ps)
        doors = [replace(door, outflow_ps=float(most)) for door, most in zip(spot.gates, self._most_out, strict=True)]
        self.ground = HotSpot(spot.area, (), doors, walking=walking, seed=seed)
        self.ground.now_s = city.now_s
        people = len(city.plans)
        self.state = np.full(people, COMING, dtype=np.int8)
        self._way_out = np.full(people, -1, dtype=np.int64)
        self._nearing: list[_Way] = []
        self._leaving: list[_Way] = []
        self._outside: list[deque[int]] = [deque() for _ in doors]
        self._inside: dict[int, int] = {}
        self._entered = 0
        self._came, self._went = np.zeros(len(doors)), np.zeros(len(doors))
        self._shut = np.zeros(len(doors), dtype=np.bool_)
        self.apart = 0
        self.moments: list[Moment] = []
        city.beside.append(self._step)

    def _step(self) -> None:
        now = self.city.now_s
        rows, links = take_over(self.city)
        for row, link in zip(rows.tolist(), links.tolist(), strict=True):
            self._receive(row, self._entry[link, int(self.city.walkers.people[row, NODE])], now)
        self._stand_in_doors(now)
        self.ground.advance(now)
        self._count_in()
        self._count_out(now)
        self._put_back(now)
        self._hold()
        if now % TELL_EVERY_S < self.city.streets.step_s - 1e-9:
            self._tell(now)

    def speed_mps(self, row: int) -> float:
        """Speed that somebody wants to walk at (m/s)."""
        return TICKS / (float(self.city.walkers.slow[row]) * self.city.streets.step_s)

    def _receive(self, row: int, entry: int, now: float, /) -> None:
        """Somebody has come to an entry: they cross the ground, or walk on in the city model."""
        onward = self._leads_out(row, entry)
        if onward < 0:
            self.apart += 1
            link, heading = int(self.entries.link[entry]), int(self.entries.heading[entry])
            took = float(self.city.graph.length_m[link]) / self.speed_mps(row)
            self._leaving.append((now + took, row, link, heading))
            return
        self.state[row], self._way_out[row] = AT_DOOR, onward
        self._nearing.append((now + float(self.entries.off_m[entry]) / self.speed_mps(row), row, entry, 0))

    def _leads_out(self, row: int, entry: int, /) -> int:
        """The entry by which somebody's way leads out again, by another door; -1 without one."""
        graph, table = self.city.graph, self.city.routes.next_link[self.city.walkers.people[row, GOAL]]
        node, link, last = int(self.entries.node[entry]), int(self.entries.link[entry]), -1
        for _ in range(LONGEST_WAY):
            node = int(graph.link_to[link] if graph.link_from[link] == node else graph.link_from[link])
            last, link = link, int(table[node])
            if link < 0 or not self._on[link]:
                break
        out = self._entry.get((last, node), -1)
        return out if out >= 0 and self.entries.door[out] != self.entries.door[entry] else -1

    def _stand_in_doors(self, now: float) -> None:
        due, self._nearing = _due(self._nearing, now)
        for _, row, entry, _ in due:
            self._stand_in_door(row, int(self.entries.door[entry]), int(self.entries.door[self._way_out[row]]))

    def _stand_in_door(self, row: int, door: int, onward: int) -> None:
        self._outside[door].append(row)
        self.ground.enter(self._name(door), self._name(onward), [self.speed_mps(row)])

    def _name(self, door: int) -> str:
        return self.spot.doors[door].door.name

    def _count_in(self) -> None:
        """Who came in since."""
        for number in list(self.ground.people)[self._entered :]:
            door = self.ground.people[number].by
            row = self._outside[door].popleft()
            self._inside[number] = row
            self.state[row] = INSIDE
            self._came[door] += 1
        self._entered = len(self.ground.people)

    def _count_out(self, now: float) -> None:
        """Who left since walks to the node from which they go on along the streets."""
        gone = [number for number in self._inside if np.isfinite(self.ground.people[number].left_s)]
        for number in gone:
            row = self._inside.pop(number)
            door = self.ground.people[number].to
            self.state[row] = GOING
            self._went[door] += 1
            self._goes_on(row, door, now)

    def _goes_on(self, row: int, _: int, now: float) -> None:
        out = int(self._way_out[row])
        took = float(self.entries.off_m[out]) / self.speed_mps(row)
        self._leaving.append((now + took, row, int(self.entries.link[out]), 1 - int(self.entries.heading[out])))

    def _put_back(self, now: float) -> None:
        due, self._leaving = _due(self._leaving, now)
        if due:
            rows, links, headings = (np.array([one[i] for one in due], dtype=np.int64) for i in (1, 2, 3))
            put_back(self.city, rows, links, headings)

    def _hold(self) -> None:
        """Shut the streets before full doorways, and hold doors back before full streets."""
        waiting = self._waiting()
        self._shut = waiting >= WAIT_PER_M * self._width
        shut_doors(self.city, self.entries.link, self.entries.heading, self._shut[self.entries.door])
        behind = np.zeros(len(self._width))
        np.add.at(behind, self.entries.door, fullness(self.city, self.entries.link, 1 - self.entries.heading))
        room = np.clip(1 - behind / (WAIT_PER_M * self._width), 0.0, 1.0)
        for door, most in enumerate((self._most_out * room).tolist()):
            self.ground.let_out(self._name(door), most)

    def _waiting(self) -> np.ndarray:
        return np.array([self.ground.waiting(self._name(door)) for door in range(len(self._width))])

    def _tell(self, now: float) -> None:
        state = np.where(np.isfinite(self.city.walkers.arrive_s), ARRIVED, self.state)
        flows = self._came / TELL_EVERY_S, self._went / TELL_EVERY_S
        self._came, self._went = np.zeros(len(self._came)), np.zeros(len(self._went))
        people = tuple(np.bincount(state, minlength=5).tolist())
        density = self.ground.still_there() / self.spot.area.area
        self.moments.append(Moment(now, people, density, *flows, self._waiting(), self._shut.copy()))


def _due(waiting: list[_Way], now: float) -> tuple[list[_Way], list[_Way]]:
    """Those whose time has come, and the others."""
    return [one for one in waiting if one[0] <= now + 1e-9], [one for one in waiting if one[0] > now + 1e-9]
