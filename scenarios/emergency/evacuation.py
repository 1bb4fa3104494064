"""Bringing the people of an area out: who walks, whom buses fetch, to which shelter, and who is left when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.emergency.incidents import (
    RULES,
    Bus,
    Evacuation,
    Shuttled,
    Stop,
    evacuate,
    last_way,
    shuttle,
)
from models.routing import Floats
from networks import NearestRoad
from networks.errors import BadInput
from scenarios.emergency.area import Area, Gathering
from scenarios.emergency.footways import WALK_MPS, Footways
from scenarios.emergency.service import Service

PREPARE_S = 900.0
"""From the order until people stand outside their doors (guess)."""
TURNOUT_S = 600.0
"""From the order until a bus rolls out of its depot with a driver (guess)."""
BOARD_S = 3.0
"""Getting on, and likewise getting off, for each person (guess)."""
FAR_M = 1000.0
"""Nobody is asked to walk further (guess)."""

DRY_M = 200.0
"""So much further people go to a road that stays dry (guess)."""


@dataclass(frozen=True)
class Wish:
    """What is asked.

    Attributes:
        at_s: When the order is given, s of the run.
        until_s: Nobody is brought out later.
        ride_share: Of the people who cannot walk.
        seats: In a bus.
        prepare_s, turnout_s, board_s, far_m: See the module's guesses.
    """

    at_s: float
    until_s: float
    ride_share: float = 0.2
    seats: int = 50
    prepare_s: float = PREPARE_S
    turnout_s: float = TURNOUT_S
    board_s: float = BOARD_S
    far_m: float = FAR_M


@dataclass(frozen=True)
class Ground:
    """Where everything stands.

    Attributes:
        area: What is left.
        gatherings: Where people gather.
        shelters: (name, x, y, places) of each.
        depots: (name, x, y, buses) of each.
    """

    area: Area
    gatherings: tuple[Gathering, ...]
    shelters: tuple[tuple[str, float, float, int], ...]
    depots: tuple[tuple[str, float, float, int], ...]


@dataclass(frozen=True)
class Evacuated:
    """What was planned.

    Attributes:
        ground, wish: What was asked.
        walked: Who walks where, exactly the best for those who can walk.
        walk_s: (gatherings, shelters) s on foot.
        stops: Where buses fetch people, one for each gathering.
        buses: What drives.
        shuttled: By the rule under which the fewest are left, then all are there soonest.
        others: By the other rules, with and without regard to the way back, the better first.
        least_left: So many are left however many buses there were: no place, or no way in time.
        ends: The shelters' edges.
    """

    ground: Ground
    wish: Wish
    walked: Evacuation
    walk_s: Floats
    stops: tuple[Stop, ...]
    buses: tuple[Bus, ...]
    shuttled: Shuttled
    others: tuple[Shuttled, ...]
    least_left: int
    ends: tuple[int, ...]

    @property
    def people(self) -> int:
        """All of them."""
        return sum(one.people for one in self.ground.gatherings)

    @property
    def worth(self) -> tuple[int, float]:
        """How many are left, and the sum of moments at which people arrive, on foot or by bus: less is better."""
        left, arrivals = self.shuttled.worth
        start = self.wish.at_s + self.wish.prepare_s
        return left, arrivals + self.walked.person_s + start * float(self.walked.people.sum())

    def counts(self, now_s: float) -> tuple[int, int, int]:
        """Still in the area, on their way, in a shelter, at a moment (s of the run)."""
        start = self.wish.at_s + self.wish.prepare_s
        walkers, spent = self.walked.people, self.walk_s
        gone = int(walkers.sum()) if now_s >= start else 0
        safe = int(walkers[start + np.where(np.isfinite(spent), spent, 0.0) <= now_s].sum())
        gone += sum(one.people for one in self.shuttled.trips if one.leaves_s <= now_s)
        safe += sum(one.people for one in self.shuttled.trips if one.there_s <= now_s)
        return self.people - gone, gone - safe, safe

    def in_shelter(self, shelter: int) -> int:
        """How many a shelter takes in the end."""
        ridden = sum(one.people for one in self.shuttled.trips if one.shelter == shelter)
        return int(self.walked.people[:, shelter].sum()) + ridden

    @property
    def last_s(self) -> float:
        """When the last of those who are brought out leaves the area, s of the run."""
        walking = [self.wish.at_s + self.wish.prepare_s] if self.walked.people.any() else []
        return max([self.wish.at_s, *walking, *(one.leaves_s for one in self.shuttled.trips)])


class Roadways:
    """Ways of buses that stay open, kept once they were searched.

    Args:
        service: A service of the class `bus`.
    """

    def __init__(self, service: Service) -> None:
        self._service, self._kept = service, dict[tuple[int, float], tuple[Floats, Callable[[int], tuple[int, ...]]]]()
        self._wet = len(service.true.times_s) > 1

    def __call__(self, edge: int, depart_s: float) -> Floats:
        """See `models.emergency.incidents.shuttle`; who stands in water goes nowhere."""
        entered = self._search(edge, depart_s)[0]
        return entered if self._wet else entered + depart_s

    def way(self, edge: int, depart_s: float, end: int) -> tuple[str, ...]:
        """Road edges of the way that is driven."""
        return self._service.roads.router.ids(self._search(edge, depart_s)[1](end))

    def _search(self, edge: int, depart_s: float) -> tuple[Floats, Callable[[int], tuple[int, ...]]]:
        moment, router = depart_s if self._wet else 0.0, self._service.roads.router
        if (edge, moment) not in self._kept:
            entered, before = router.times_at(edge, moment, self._service.passing(edge))
            if depart_s >= self._service.shut_s[edge]:
                entered = np.full(len(entered), np.inf)
            self._kept[edge, moment] = entered, lambda end: router.path(before, edge, end) or ()
        return self._kept[edge, moment]


def plan_evacuation(service: Service, feet: Footways, ground: Ground, wish: Wish, times: Roadways) -> Evacuated:
    """Who can walk walks, in the best assignment; buses fetch the rest by the best of RULES.

    Tried with all places for whoever walks first, and with a share kept for those who cannot walk; what leaves the
    fewest is taken, then what has them there soonest.

    Args:
        service: Roads of the class `bus`, dry or in water.
        feet: Ways on foot.
        ground: Where everything stands.
        wish: What is asked.
        times: Ways of `service`.

    Raises:
        BadInput: There is no shelter.
    """
    if not ground.shelters:
        raise BadInput(
            "there is nowhere to bring people",
            place="--shelter",
            expected="NAME=LON,LAT=PLACES, or shelters in resources.yaml",
        )
    roads, index = NearestRoad(service.city, "bus"), service.index
    ends = tuple(index[roads.to(x, y)[0]] for _, x, y, _ in ground.shelters)
    stands = [(index[edge], off_m) for edge, off_m in _dry_roads(service, roads, ground.gatherings, wish.until_s)]
    last = [last_way(edge, ends, times, wish.at_s, wish.until_s) for edge, _ in stands]
    buses = _buses(ground, roads, index, wish)
    walks = [_on_foot(feet, ground, wish, kept) for kept in dict.fromkeys((0.0, wish.ride_share))]
    plans = [_with_buses(ground, wish, walk, ends, stands, last, buses, times) for walk in walks]
    return min(plans, key=lambda one: one.worth)


def _with_buses(
    ground: Ground, wish: Wish, walk: tuple[Evacuation, Floats], ends: tuple[int, ...],
    stands: Sequence[tuple[int, float]], last: Sequence[float], buses: tuple[Bus, ...], times: Roadways,
) -> Evacuated:  # fmt: skip
    """The plan for those whom the walk leaves."""
    walked, walk_s = walk
    gone, taken = walked.people.sum(axis=1), walked.people.sum(axis=0)
    rest = [one.people - int(some) for one, some in zip(ground.gatherings, gone, strict=True)]
    room = [places - int(some) for (*_, places), some in zip(ground.shelters, taken, strict=True)]
    stops = tuple(
        Stop(edge, people, wish.at_s + wish.prepare_s + off_m / WALK_MPS, last_s)
        for people, (edge, off_m), last_s in zip(rest, stands, last, strict=True)
    )
    shelters, limits = list(zip(ends, room, strict=True)), {"board_s": wish.board_s, "until_s": wish.until_s}
    tried = [
        shuttle(stops, buses, shelters, times, rule, returning=returning, **limits)
        for rule in RULES
        for returning in (True, False)
    ]
    best, *others = sorted(tried, key=lambda one: one.worth)
    least = _least_left(stops, ends, room, times, wish)
    return Evacuated(ground, wish, walked, walk_s, stops, buses, best, tuple(others), least, ends)


def _on_foot(feet: Footways, ground: Ground, wish: Wish, kept: float) -> tuple[Evacuation, Floats]:
    starts = [feet.nearest(one.x, one.y) for one in ground.gatherings]
    ends = [feet.nearest(x, y) for _, x, y, _ in ground.shelters]
    off = np.array([one[1] for one in starts])[:, None] + np.array([one[1] for one in ends])[None, :]
    spent = feet.times([one[0] for one in starts], [one[0] for one in ends]) + off / WALK_MPS
    spent = np.where(spent * WALK_MPS <= wish.far_m, spent, np.inf)
    able = np.array([float(int(one.people * (1 - wish.ride_share) + 1e-9)) for one in ground.gatherings])
    places = np.array([float(int(one[3] * (1 - kept) + 1e-9)) for one in ground.shelters])
    deadline = np.full(len(able), wish.until_s - wish.at_s - wish.prepare_s)
    found = evacuate(able, places, spent, deadline)
    return Evacuation(np.rint(found.people), np.rint(found.left), found.person_s), spent


def _dry_roads(
    service: Service, roads: NearestRoad, gathered: Sequence[Gathering], until_s: float
) -> list[tuple[str, float]]:
    """The road next to each gathering that no water shuts by then, unless that is much further away."""
    wet = {service.roads.graph.edge_ids[at] for at in np.flatnonzero(service.shut_s <= until_s).tolist()}
    found = []
    for one in gathered:
        near, dry = roads.to(one.x, one.y), roads.to(one.x, one.y, without=wet)
        found.append(dry if dry[1] <= near[1] + DRY_M else near)
    return found


def _buses(ground: Ground, roads: NearestRoad, index: dict[str, int], wish: Wish) -> tuple[Bus, ...]:
    return tuple(
        Bus(f"{name} {number + 1}", index[roads.to(x, y)[0]], wish.seats, wish.at_s + wish.turnout_s)
        for name, x, y, count in ground.depots
        for number in range(count)
    )


def _least_left(stops: Sequence[Stop], ends: Sequence[int], room: Sequence[int], times: Roadways, wish: Wish) -> int:
    """How many are left if a bus stood at every stop for everybody at once."""
    leaves = [one.ready_s + wish.board_s for one in stops]
    spent = np.array([times(one.edge, at)[list(ends)] - at for one, at in zip(stops, leaves, strict=True)])
    people, late = np.array([float(one.people) for one in stops]), np.array([wish.until_s - at for at in leaves])
    found = evacuate(people, np.array(room, float), spent.reshape(len(stops), len(ends)), late)
    return round(float(found.left.sum()))
