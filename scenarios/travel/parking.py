"""By car to a car park with space, and on foot from there: the quickest from door to door, and others."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats
from networks import NearestRoad
from networks.errors import BadInput
from scenarios.emergency.footways import WALK_MPS, Footways
from scenarios.emergency.journey import Roads

if TYPE_CHECKING:
    from networks import City
    from scenarios.emergency.ends import End
    from scenarios.emergency.moment import Moment

PARK_S = 180.0
"""From entering the road of a car park until one stands beside the car (guess)."""
PACE_MPS = 1.34
"""Free walkers (Weidmann 1993, Transporttechnik der Fussgaenger; secondary source: known from citations)."""


@dataclass(frozen=True)
class CarPark:
    """One that is on the map.

    Attributes:
        osm_id: Its id.
        name: Or "".
        x, y: Where, m.
        capacity: Places.
        guessed: Whether the capacity is guessed from its area.
        taken: Places that are taken, or None where nobody knows.
    """

    osm_id: str
    name: str
    x: float
    y: float
    capacity: int
    guessed: bool
    taken: int | None = None

    @property
    def free(self) -> int:
        """Places that are free, as far as is known."""
        return max(0, self.capacity - (self.taken or 0))


@dataclass(frozen=True)
class Trip:
    """One way from door to door.

    Attributes:
        park: Where the car stays; None: on foot all the way.
        drive_s: From leaving until entering the car park's road.
        walk_s: On foot, beeline from the car and to the door included.
        edges: Roads that are driven.
    """

    park: CarPark | None
    drive_s: float
    walk_s: float
    edges: tuple[str, ...] = ()

    @property
    def time_s(self) -> float:
        """From door to door."""
        return self.drive_s + (PARK_S if self.park else 0.0) + self.walk_s


@dataclass(frozen=True)
class Advice:
    """What there is.

    Attributes:
        trips: The quickest first.
        full: Car parks that would have been quicker than the first, but are full, the quickest first.
        driven_s: What driving to the door itself takes; infinite where no way leads there.
    """

    trips: tuple[Trip, ...]
    full: tuple[CarPark, ...]
    driven_s: float


def car_parks(city: City, taken: Mapping[str, int] | None = None) -> list[CarPark]:
    """Car parks on the map, with what is known to be taken of each by its id or its name."""
    known, found = taken or {}, []
    for row in city.layer("car_parks").itertuples():
        middle = row.geometry.representative_point()
        now = known.get(row.osm_id, known.get(row.name) if row.name else None)
        guessed = row.capacity_source == "guessed"
        found.append(CarPark(row.osm_id, row.name, middle.x, middle.y, int(row.capacity), guessed, now))
    return found


def read_taken(file: Path, city: City) -> dict[str, int]:
    """Places taken by car park, from a CSV of `car_park,taken` (its OpenStreetMap id, or its name on the map).

    Raises:
        BadInput: A column, a number or a car park that does not exist; says which line.
    """
    layer, found = city.layer("car_parks"), dict[str, int]()
    known = {*layer["osm_id"], *(name for name in layer["name"] if name)}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            if not {"car_park", "taken"} <= set(table.fieldnames or ()):
                raise BadInput(f"columns {table.fieldnames}", file=file, place="line 1", expected="car_park,taken")
            for row in table:
                place, name, number = f"line {table.line_num}", row["car_park"], row["taken"] or ""
                if name not in known:
                    raise BadInput(
                        f"{city.name} has no car park {name!r}", file=file, place=place,
                        remedy=f"twin export {city.folder} car_parks lists them",
                    )  # fmt: skip
                if not number.isdecimal():
                    raise BadInput(f"taken is {number!r}", file=file, place=place, expected="a whole number from 0 on")
                found[name] = int(number)
    except (OSError, UnicodeError, csv.Error) as error:
        raise BadInput(f"it cannot be read: {error}", file=file, expected="CSV: car_park,taken") from error
    return found


def park_and_walk(
    roads: Roads, feet: Footways, parks: Sequence[CarPark], start: End, end: End, moment: Moment, *,
    most: int = 3, least: int = 1,
) -> Advice:  # fmt: skip
    """Trips from `start` to `end` by car and on foot, and on foot alone; one search in time serves all car parks.

    Args:
        roads: Of a car.
        feet: Ways on foot.
        parks: Where it may stay.
        start: Where the car stands.
        end: Where its people want to be.
        moment: When they leave.
        most: So many trips at most.
        least: A car park of which nobody knows what is taken must have so many places.
    """
    index, nearest = roads.router.index, NearestRoad(roads.city, roads.vehicle.vclass)
    doors = [index[nearest.to(one.x, one.y)[0]] for one in parks]
    drive_s, ways = _driven(roads, start, [*doors, *(index[edge] for edge in end.edges)], moment)
    walk_s = _walked(feet, [*((one.x, one.y) for one in parks), (start.x, start.y)], (end.x, end.y))
    trips = [Trip(one, float(drive_s[k]), float(walk_s[k]), ways[k]) for k, one in enumerate(parks)]
    trips = [one for one in [*trips, Trip(None, 0.0, float(walk_s[-1]))] if np.isfinite(one.time_s)]
    trips.sort(key=lambda one: one.time_s)
    able = [one for one in trips if one.park is None or one.park.free >= (least if one.park.taken is None else 1)]
    best_s = able[0].time_s if able else np.inf
    full = tuple(one.park for one in trips if one.park and _is_full(one.park) and one.time_s < best_s)
    return Advice(tuple(able[:most]), full, float(drive_s[len(parks) :].min()))


def _is_full(park: CarPark) -> bool:
    return park.taken is not None and not park.free


def _driven(
    roads: Roads, start: End, ends: Sequence[int], moment: Moment
) -> tuple[Floats, list[tuple[str, ...]]]:  # fmt: skip
    """(ends,) s after leaving at which each edge is entered, and the ways; either direction may be begun on."""
    router, taken, ways = roads.router, np.full(len(ends), np.inf), [tuple[str, ...]()] * len(ends)
    starts = [router.index[edge] for edge in start.edges]
    passing = roads.in_time.passing(np.zeros(router.edges, dtype=bool), starts)
    for origin in starts:
        entered, before = router.times_at(origin, moment.depart_s, passing)
        for k, at in enumerate(ends):
            if entered[at] - moment.depart_s < taken[k]:
                taken[k] = entered[at] - moment.depart_s
                ways[k] = router.ids(router.path(before, origin, at) or ())
    return taken, ways


def _walked(feet: Footways, starts: Sequence[tuple[float, float]], end: tuple[float, float]) -> Floats:
    """(starts,) s on foot."""
    goal, away_m = feet.nearest(*end)
    nodes = [feet.nearest(*one) for one in starts]
    along = feet.times([node for node, _ in nodes], [goal])[:, 0] * WALK_MPS
    walked: Floats = (along + np.array([off_m for _, off_m in nodes]) + away_m) / PACE_MPS
    return walked
