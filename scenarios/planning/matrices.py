"""Trips of an hour from zone to zone, by class: from a city's trip table, a file, or guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.assignment import UserClass
from models.routing import Router
from networks.errors import BadInput, NotThere
from networks.sentence import Sentence, say
from scenarios.planning.city_network import Doors, edge_doors, zone_doors
from scenarios.travel.origins import GUESS, PROFILES, profile_at, trip_table
from scenarios.travel.timed_trips import CARS, TRUCKS

if TYPE_CHECKING:
    import pandas as pd

    from networks import City

TRUCK_PCU = 2.0
"""Passenger cars that a truck stands for. Source: Highway Capacity Manual, 6th edition, level terrain."""
DAY_PROFILE = "weekday_evening"
_DAY_S = 86_400.0
_ANY_HOUR = 8.0


@dataclass(frozen=True)
class HourlyTrips:
    """Trips of one hour of the day.

    Attributes:
        doors: The zones, and where they reach the streets.
        classes: Vehicles per hour by class.
        hour: Local hour of the day, 7.5 is half past seven; None where nobody said it.
        told: Where they come from, and what is guessed in them.
    """

    doors: Doors
    classes: tuple[UserClass, ...]
    hour: float | None
    told: tuple[Sentence, ...]

    @property
    def veh_h(self) -> float:
        """Vehicles per hour of all classes."""
        return float(sum(one.trips.sum() for one in self.classes))


def hourly_trips(
    city: City,
    *,
    file: Path | None = None,
    hour: float | None = None,
    matrices: Mapping[str, str] | None = None,
    lookup: str | None = None,
) -> HourlyTrips:
    """The trips to assign.

    Args:
        city: The city; its own trip table (`twin import od`) is taken where there is no file, a guess where there is
            no such table.
        file: A trip table of its zones, as `twin import od` reads it; cells without a period are of the one hour.
        hour: Local hour of the day; the busiest of the table by default.
        matrices: Matrix of each class in an OMX file; those named like their class by default.
        lookup: Lookup of an OMX file that names the zones.

    Raises:
        BadInput: The file cannot be used, or says nothing of the hour.
    """
    doors = zone_doors(city)
    if file is not None:
        return _from_file(doors, Path(file), hour, matrices, lookup)
    try:
        table = city.table("od")
    except NotThere:
        return _guessed(city, hour)
    return _from_table(doors, table, hour, f"the trip table of {city.name}")


def scaled(trips: HourlyTrips, scale: float) -> HourlyTrips:
    """All trips times a scale, and a word about it."""
    if scale == 1.0:
        return trips
    told = say(f"all trips times {scale:g}, as the scenario says", f"按情景设定，所有出行乘以{scale:g}")
    classes = tuple(replace(one, trips=one.trips * scale) for one in trips.classes)
    return replace(trips, classes=classes, told=(*trips.told, told))


def _from_file(
    doors: Doors, file: Path, hour: float | None, matrices: Mapping[str, str] | None, lookup: str | None
) -> HourlyTrips:
    """Trips of a file; those without a period are of the hour that is asked for, whichever it is."""
    from networks.imports.od import read_trip_table
    from networks.imports.od_cells import Usual

    begin_s = 3600.0 * min(_ANY_HOUR if hour is None else hour, 23.0)
    usual = Usual(begin_s, begin_s + 3600.0)
    table = read_trip_table(file, frozenset(doors.zones), usual=usual, matrices=matrices, lookup=lookup)
    found = _from_table(doors, table, hour, str(file))
    if not ((table["begin_s"] == begin_s) & (table["end_s"] == begin_s + 3600.0)).all():
        return found
    whole = say("trips without a period are taken for those of one hour", "未注明时段的出行视为一小时的出行")
    return replace(found, hour=hour, told=(*found.told, whole))


def _guessed(city: City, hour: float | None) -> HourlyTrips:
    at = float(np.argmax(PROFILES[DAY_PROFILE])) + 0.5 if hour is None else hour
    kernel = Router(city.road_graph("passenger"))
    table = trip_table(city, kernel)
    ends = dict(zip(table.origin_ids, table.origins.tolist(), strict=True))
    ends |= dict(zip(table.destination_ids, table.destinations.tolist(), strict=True))
    ends = dict(sorted(ends.items(), key=lambda item: item[1]))
    row = {edge: i for i, edge in enumerate(ends)}
    trips = np.zeros((len(ends), len(ends)))
    rows, columns = ([row[edge] for edge in names] for names in (table.origin_ids, table.destination_ids))
    trips[np.ix_(rows, columns)] = table.veh_h * profile_at(DAY_PROFILE, at)
    zones = say(
        "the city has no trip table, so its zones here are the streets where guessed trips begin and end",
        "该城市没有出行表，此处以推测出行的起讫道路为小区",
    )
    return HourlyTrips(edge_doors(ends), (UserClass("car", trips),), at, (GUESS, zones))


def _from_table(doors: Doors, table: pd.DataFrame, hour: float | None, whence: str) -> HourlyTrips:
    driven = table[table["vclass"].isin((*CARS, *TRUCKS))]
    told = [say(f"trips: {whence}", f"出行：{whence}")]
    left = sorted(set(table["vclass"]) - set(driven["vclass"]))
    if left:
        told.append(
            say(f"trips of {', '.join(left)} are not driven, and left out", f"{'、'.join(left)}类出行不上路，未计入")
        )
    if not len(driven):
        raise BadInput(
            f"none of its classes is driven: {', '.join(left)}",
            file=whence,
            expected=f"one of {', '.join((*CARS, *TRUCKS))}",
            remedy="say which matrix of an OMX file is which class: --matrix car=NAME",
        )
    at = _busiest(driven) if hour is None else hour
    per_hour = driven["trips"].to_numpy(dtype=float) * _share(driven, at)
    if not (per_hour > 0).any():
        raise BadInput(f"it has no trips at {clock(at)}", file=whence, expected=f"an hour within {_periods(driven)}")
    if (driven["end_s"] - driven["begin_s"] >= _DAY_S).any():
        share = profile_at(DAY_PROFILE, at) / sum(PROFILES[DAY_PROFILE])
        told.append(
            say(
                f"trips of a whole day: {share:.1%} of them are in this hour, by a guessed profile ({DAY_PROFILE})",
                f"全日出行：按推测的时变曲线（{DAY_PROFILE}），{share:.1%}在本小时",
            )
        )
    number = {zone: i for i, zone in enumerate(doors.zones)}
    classes = []
    for name in sorted(set(driven["vclass"])):
        rows = (driven["vclass"] == name).to_numpy()
        trips = np.zeros((len(number), len(number)))
        pairs = tuple(driven[end][rows].map(number).to_numpy(dtype=int) for end in ("origin", "destination"))
        np.add.at(trips, pairs, per_hour[rows])
        if not trips.any():
            continue
        classes.append(UserClass(str(name), trips, TRUCK_PCU if name in TRUCKS else 1.0))
    return HourlyTrips(doors, tuple(classes), at, tuple(told))


def _share(table: pd.DataFrame, hour: float) -> np.ndarray:
    """Trips per hour at an hour over the trips of each row."""
    begin, end = (table[name].to_numpy(dtype=float) for name in ("begin_s", "end_s"))
    whole = profile_at(DAY_PROFILE, hour) / sum(PROFILES[DAY_PROFILE])
    within = (begin <= hour * 3600.0) & (hour * 3600.0 < end)
    found: np.ndarray = np.where(end - begin >= _DAY_S, whole, np.where(within, 3600.0 / (end - begin), 0.0))
    return found


def _busiest(table: pd.DataFrame) -> float:
    """The hour with most trips, to a quarter; the middle of the hour where the table is of a whole day."""
    hours = np.arange(0.5, 24.0, 1.0) if (table["end_s"] - table["begin_s"] >= _DAY_S).all() else np.arange(0, 24, 0.25)
    trips = table["trips"].to_numpy(dtype=float)
    return float(hours[int(np.argmax([float(trips @ _share(table, hour)) for hour in hours]))])


def _periods(table: pd.DataFrame) -> str:
    pairs = sorted(set(zip(table["begin_s"] / 3600.0, table["end_s"] / 3600.0, strict=True)))
    return ", ".join(f"{clock(begin)} to {clock(end)}" for begin, end in pairs[:4])


def clock(hour: float) -> str:
    """`07:30` for 7.5."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
