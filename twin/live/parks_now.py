"""The stage of car parks: how many cars stand in each, as feeds tell (`parked_vehicles`); nothing is carried on.

parks.csv   sensor_id,car_park[,capacity]   which counter tells of which car park of the city (its id in the layer
car_parks); several of one park, like its levels, are added up. A counter that is called as the car park needs no row.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.text_file import read_rows
from twin.cycle import Picture, Turn
from twin.live.rows import rows_of

if TYPE_CHECKING:
    from twin.store import FeedStore

MEASURE = "parked_vehicles"
FRESH = timedelta(minutes=30)
"""What was told longer ago says nothing of now."""


@dataclass(frozen=True, slots=True)
class ParkFile:
    """Which counter tells of which car park.

    Attributes:
        park_of: Car park by counter.
        capacity: Cars, by car park, where the file says it.
    """

    park_of: Mapping[str, str]
    capacity: Mapping[str, int] = field(default_factory=dict)


def read_parks(file: Path, known: Collection[str]) -> ParkFile:
    """The table.

    Args:
        file: CSV.
        known: Car parks of the city.

    Raises:
        BadInput: It cannot be read, names a car park that is none, a counter twice, or a capacity that is none.
    """
    park_of, capacity = dict[str, str](), dict[str, int]()
    for line, row in read_rows(file, ("sensor_id", "car_park")):
        sensor, park, place = row["sensor_id"].strip(), row["car_park"].strip(), f"line {line}"
        if not sensor or sensor in park_of:
            raise BadInput(f"counter {sensor!r} stands there twice, or has no name", file=file, place=place)
        if park not in known:
            expected = "an id of the layer car_parks (twin export CITY car_parks -o parks.csv)"
            raise BadInput(f"the city has no car park {park!r}", file=file, place=place, expected=expected)
        park_of[sensor] = park
        if told := row.get("capacity", "").strip():
            if not told.isdigit() or not int(told):
                raise BadInput(f"capacity is {told!r}", file=file, place=place, expected="cars, a whole number")
            capacity[park] = int(told)
    if not park_of:
        raise BadInput("it names no counter", file=file, expected="a row for each: sensor_id,car_park")
    return ParkFile(park_of, capacity)


@dataclass
class Parks:
    """Follows car parks.

    Attributes:
        store: Of the feeds.
        known: Car parks of the city.
        file: Which counter tells of which; None: counters are called as car parks are.
        taken: Car park -> cars that stand there, and when that was told.
    """

    store: FeedStore
    known: Collection[str]
    file: ParkFile | None = None
    name: str = "parks"
    taken: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture as it is; what was told is kept here.

        Raises:
            StorageFailed: The store is away.
        """
        self.taken = self.heard(turn.now)
        return picture

    def heard(self, now: datetime) -> dict[str, tuple[int, datetime]]:
        """Car park -> cars, and when: the newest word of each of its counters; none where one of them is silent."""
        park_of = dict(self.file.park_of) if self.file else {}
        newest = dict[str, tuple[datetime, float]]()
        for row in rows_of(self.store, now - FRESH, now + timedelta(microseconds=1), measures=(MEASURE,)):
            park = park_of.get(row.sensor_id, row.sensor_id)
            good = row.result is not None and math.isfinite(row.result) and row.result >= 0.0
            if park not in self.known or not good or row.quality == "missing" or row.end > now:
                continue
            assert row.result is not None
            if row.sensor_id not in newest or row.end >= newest[row.sensor_id][0]:
                newest[row.sensor_id] = (row.end, row.result)
        counters = defaultdict[str, set[str]](set)
        for sensor in {*park_of, *newest}:
            counters[park_of.get(sensor, sensor)].add(sensor)
        return {
            park: (round(sum(newest[one][1] for one in of)), min(newest[one][0] for one in of))
            for park, of in sorted(counters.items())
            if of <= newest.keys()
        }

    def ago(self, now: datetime) -> dict[str, tuple[float, float]]:
        """Cars, and seconds since that was told, by car park."""
        return {park: (cars, max((now - at).total_seconds(), 0.0)) for park, (cars, at) in self.taken.items()}
