"""Buses that bring people out, trip after trip, on ways that stay open for as long as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.routing import Floats

Rule = Literal["urgent", "most", "nearest"]
RULES: tuple[Rule, ...] = ("urgent", "most", "nearest")
"""Where a free bus goes: the stop whose last way closes first, the one where most wait, or the one soonest served."""
Times = Callable[[int, float], Floats]
"""(edge, when its wheels roll, s) -> (edges,) s of the run at which each edge is entered; infinite without a way."""


@dataclass(frozen=True)
class Stop:
    """Where people wait.

    Attributes:
        edge: Road edge by its place in the graph.
        people: How many.
        ready_s: From when on they stand there, s of the run.
        last_s: The last moment at which a bus can leave it and still get to some shelter; infinite: no end.
    """

    edge: int
    people: int
    ready_s: float
    last_s: float = np.inf


@dataclass(frozen=True)
class Bus:
    """A bus: its name, the edge where it stands, its seats, and when it can set out (s of the run)."""

    bus_id: str
    edge: int
    seats: int
    ready_s: float


@dataclass(frozen=True)
class Trip:
    """One trip of a bus.

    Attributes:
        bus, stop, shelter: By their places in what was given.
        people: In it.
        sets_out_s: From where the bus stood before.
        leaves_s: From the stop, everybody aboard.
        there_s: At the shelter.
    """

    bus: int
    stop: int
    shelter: int
    people: int
    sets_out_s: float
    leaves_s: float
    there_s: float


@dataclass(frozen=True)
class Shuttled:
    """What the buses did.

    Attributes:
        trips: In the order in which they were given out.
        left: (stops,) people for whom no bus, no way or no place was left.
        rule: By which buses went.
        stranded: Shelters (by their places) where buses ended from which no way led back to any who still waited.
        returning: Buses went first where they could come back from.
    """

    trips: tuple[Trip, ...]
    left: tuple[int, ...]
    rule: Rule
    stranded: tuple[int, ...] = ()
    returning: bool = True

    @property
    def worth(self) -> tuple[int, float]:
        """How many are left, and the sum of moments at which people arrive: less is better."""
        return sum(self.left), sum(one.people * one.there_s for one in self.trips)


def shuttle(
    stops: Sequence[Stop], buses: Sequence[Bus], shelters: Sequence[tuple[int, int]], times: Times, rule: Rule,
    *, board_s: float, until_s: float, returning: bool = True,
) -> Shuttled:  # fmt: skip
    """The bus that is free first takes the next load, until nobody can be brought out any more.

    Whoever is brought arrives
    by `until_s`, on ways that are open whenever they are passed; no shelter takes more than its places.

    Args:
        stops: Where people wait.
        buses: What drives.
        shelters: (edge, places) of each.
        times: Ways; a later start must never mean an earlier arrival.
        rule: Where a free bus goes.
        board_s: Boarding and getting off, for each person, s.
        until_s: Nobody is brought later.
        returning: Loads after which the bus can come back to others who wait go before those after which it cannot.

    Source: list scheduling, Graham (1966), Bell System Technical Journal 45(9), doi:10.1002/j.1538-7305.1966.tb01709.x
    (secondary source: known from citations); how far it is from the best possible is bounded by `evacuate`.
    """
    waiting, room = [one.people for one in stops], [places for _, places in shelters]
    free, where = [one.ready_s for one in buses], [one.edge for one in buses]
    at_work, trips, stranded = set(range(len(buses))), list[Trip](), list[int]()
    while at_work and any(waiting) and any(room):
        bus = min(at_work, key=lambda i: (free[i], i))
        entered = times(where[bus], free[bus])
        offers = list[tuple[tuple[float, ...], int, Trip]]()
        for at, stop in enumerate(stops):
            if waiting[at] and np.isfinite(entered[stop.edge]):
                there = max(float(entered[stop.edge]), stop.ready_s)
                for trip in _loads(bus, at, stop, free[bus], there, min(buses[bus].seats, waiting[at]), shelters, room,
                                   times, board_s):  # fmt: skip
                    if trip.there_s <= until_s:
                        others = [one.edge for i, one in enumerate(stops) if waiting[i] > trip.people * (i == at)]
                        back = not returning or _back(trip, others, shelters, times, board_s)
                        offers.append(((0.0 if back else 1.0, *_wish(rule, stop, waiting[at], trip)), at, trip))
        if not offers:
            at_work.discard(bus)
            if not any(np.isfinite(entered[one.edge]) for i, one in enumerate(stops) if waiting[i]):
                stranded += [one.shelter for one in trips if one.bus == bus][-1:]
            continue
        chosen = min(offers, key=lambda one: one[:2])[2]
        trips.append(chosen)
        waiting[chosen.stop] -= chosen.people
        room[chosen.shelter] -= chosen.people
        free[bus], where[bus] = chosen.there_s + board_s * chosen.people, shelters[chosen.shelter][0]
    return Shuttled(tuple(trips), tuple(waiting), rule, tuple(sorted(stranded)), returning)


def _loads(
    bus: int, at: int, stop: Stop, sets_out_s: float, there_s: float, most: int, shelters: Sequence[tuple[int, int]],
    room: Sequence[int], times: Times, board_s: float,
) -> list[Trip]:  # fmt: skip
    """A load from a stop to each shelter with a place for somebody that is reached."""
    found = []
    for shelter, (edge, _) in enumerate(shelters):
        people = min(most, room[shelter])
        if people:
            leaves_s = there_s + board_s * people
            arrives_s = float(times(stop.edge, leaves_s)[edge])
            if np.isfinite(arrives_s):
                found.append(Trip(bus, at, shelter, people, sets_out_s, leaves_s, arrives_s))
    return found


def _back(trip: Trip, others: Sequence[int], shelters: Sequence[tuple[int, int]], times: Times, board_s: float) -> bool:
    """After a trip the bus still gets to somebody who waits, or nobody does."""
    entered = times(shelters[trip.shelter][0], trip.there_s + board_s * trip.people)
    return not others or any(np.isfinite(entered[edge]) for edge in others)


def _wish(rule: Rule, stop: Stop, waiting: int, trip: Trip) -> tuple[float, ...]:
    """By the rule, then fuller buses, then sooner there."""
    if rule == "urgent":
        return (stop.last_s, -trip.people, trip.there_s)
    return (-waiting, -trip.people, trip.there_s) if rule == "most" else (trip.there_s, -trip.people)


def last_way(
    edge: int, ends: Sequence[int], times: Times, begin_s: float, until_s: float, step_s: float = 30.0
) -> float:
    """The last moment (s, to a step) at which somebody can leave an edge and still get to one of `ends`.

    Infinite where that is possible until `until_s`, minus infinite where it never is.
    """

    def open_at(now: float) -> bool:
        entered = times(edge, now)
        return any(np.isfinite(entered[end]) for end in ends)

    if not open_at(begin_s):
        return -np.inf
    if open_at(until_s):
        return np.inf
    low, high = 0, int(np.ceil((until_s - begin_s) / step_s))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if open_at(begin_s + middle * step_s) else (low, middle)
    return begin_s + low * step_s
