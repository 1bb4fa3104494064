"""Trips with the hours in which they are made: guessed over a profile, or from the city's own trip table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

from models.routing import Router
from networks.errors import BadScenario, NotThere
from networks.sentence import Sentence, say
from scenarios.travel.origins import GUESS, PROFILES, TripTable, profile_at, trip_table

if TYPE_CHECKING:
    import pandas as pd

    from networks import City
    from scenarios.schema import Scenario

IMPORTED = say(
    "traffic demand: from the city's own trip table; the streets where trips begin and end within a zone are guessed",
    "交通需求：取自该城市自有的出行表；小区内的起讫道路为推测。",
)
CARS = ("car", "passenger", "auto", "private")
TRUCKS = ("truck", "hgv", "lorry", "delivery")
DOORS_AT_MOST = 4
"""Trips of a zone are spread over so many of its streets."""
_DAY_H = 24.0


@dataclass(frozen=True)
class TimedTrips:
    """Trips per hour, and how their level changes over the day.

    Attributes:
        table: Vehicles per hour at level 1.
        name: Put behind the names of their origins in vehicle ids and streams; "" for guessed trips.
        profile: A key of PROFILES; "" where the level is 1 from `begin_h` to `end_h` and 0 otherwise.
        begin_h, end_h: Local hours of the day.
        truck: Whether they are made by truck; None where a share of them is.
        lost: Trips of the period that no way leads for.
    """

    table: TripTable
    name: str = ""
    profile: str = ""
    begin_h: float = 0.0
    end_h: float = _DAY_H
    truck: bool | None = None
    lost: float = 0.0

    def level(self, hours: np.ndarray) -> np.ndarray:
        """Level at local hours of the day (beyond 24 is the next day)."""
        if self.profile:
            return np.array([profile_at(self.profile, hour) for hour in hours])
        of_day = np.asarray(hours) % _DAY_H
        return ((of_day >= self.begin_h) & (of_day < self.end_h)).astype(float)


def timed_trips(city: City, kernel: Router, scenario: Scenario) -> tuple[TimedTrips, ...]:
    """The scenario's everyday trips, before its scale, factors and changes.

    Raises:
        BadScenario: It asks for the city's trip table, and there is none.
    """
    if scenario.demand.source == "guessed":
        return (TimedTrips(trip_table(city, kernel), profile=scenario.demand.profile),)
    table = own_trips(city)
    doors = _Doors(city, kernel)
    found = []
    for number, ((begin_s, end_s, vclass), group) in enumerate(table.groupby(["begin_s", "end_s", "vclass"])):
        begin_h, end_h = float(begin_s) / 3600.0, float(end_s) / 3600.0
        whole_day = end_h - begin_h >= _DAY_H
        hours = sum(PROFILES[scenario.demand.profile]) if whole_day else end_h - begin_h
        trips, lost = doors.trips(group)
        per_hour = TripTable(
            trips.origin_ids, trips.origins, trips.destination_ids, trips.destinations, trips.veh_h / hours
        )
        profile = scenario.demand.profile if whole_day else ""
        found.append(TimedTrips(per_hour, f".od{number}", profile, begin_h, end_h, str(vclass) in TRUCKS, lost))
    return tuple(found)


def own_trips(city: City) -> pd.DataFrame:
    """Rows of the city's trip table that are driven by car or truck.

    Raises:
        BadScenario: The city has no trip table, or none of these classes.
    """
    try:
        table = city.table("od")
    except NotThere as error:
        raise BadScenario(
            f"demand.source is od, and {city.name} has no trip table", place="demand.source", remedy=error.remedy
        ) from error
    driven = table[table["vclass"].isin((*CARS, *TRUCKS))]
    if not len(driven):
        raise BadScenario(
            f"none of the classes of the trip table is driven: {', '.join(sorted(set(table['vclass'])))}",
            place="demand.source",
            expected=f"one of {', '.join((*CARS, *TRUCKS))}",
        )
    return driven


def check_hours(city: City, scenario: Scenario) -> None:
    """The trip table says something about the hours of the scenario.

    Raises:
        BadScenario: It does not.
    """
    if scenario.demand.source != "od":
        return
    table = own_trips(city)
    moments = np.arange(0.0, scenario.end_s, 60.0)
    start = scenario.start
    of_day = (start.hour * 3600 + start.minute * 60 + start.second + moments) % 86_400
    periods = table[["begin_s", "end_s"]].drop_duplicates().to_numpy()
    covered = ((of_day[:, None] >= periods[:, 0]) & (of_day[:, None] < periods[:, 1])).any(axis=1)
    if not covered.all():
        first, last = (f"{int(at // 3600):02d}:{int(at // 60 % 60):02d}" for at in (of_day[0], of_day[-1]))
        raise BadScenario(
            f"the trip table says nothing of {1 - covered.mean():.0%} of the time from {first} (warm-up) to {last}",
            place="demand.source",
            expected="a period (with its warm-up) within those of the trip table",
            remedy="move the period, or import trips of these hours, or of the whole day",
        )


def provenance_of(scenario: Scenario) -> Sentence:
    """Where the everyday trips come from."""
    return GUESS if scenario.demand.source == "guessed" else IMPORTED


def trips_at(timed: Sequence[TimedTrips], hour: float) -> TripTable:
    """All trips of an hour as one table (vehicles per hour)."""
    levels = [float(one.level(np.array([hour]))[0]) for one in timed]
    tables = [one.table for one in timed]
    names = {int(i): name for t in tables for i, name in zip(t.origins, t.origin_ids, strict=True)}
    ends = {int(i): name for t in tables for i, name in zip(t.destinations, t.destination_ids, strict=True)}
    rows, columns = sorted(names), sorted(ends)
    whole = np.zeros((len(rows), len(columns)))
    for table, level in zip(tables, levels, strict=True):
        at = np.ix_(np.searchsorted(rows, table.origins), np.searchsorted(columns, table.destinations))
        whole[at] += table.veh_h * level
    return TripTable(
        tuple(names[i] for i in rows),
        np.array(rows, dtype=np.int32),
        tuple(ends[i] for i in columns),
        np.array(columns, dtype=np.int32),
        whole,
    )


class _Doors:
    """Spreads trips between zones over the streets of their zones."""

    def __init__(self, city: City, kernel: Router) -> None:
        from networks import zone_connectors

        self._kernel = kernel
        index = {edge: i for i, edge in enumerate(kernel.graph.edge_ids)}
        usable = np.asarray(kernel.graph.allowed, dtype=bool)
        gates = city.layer("gateways")
        into, out = (set(gates["edge_id"][gates["direction"] == way]) for way in ("in", "out"))
        zones = city.layer("zones")
        outside = set(zones["zone_id"][zones["source"] == "outside"])
        known = {
            zone: [edge for edge in edges if edge in index and usable[index[edge]]]
            for zone, edges in zone_connectors(zones).items()
        }
        self._from = {z: self._few([index[e] for e in es if z not in outside or e in into]) for z, es in known.items()}
        self._to = {z: self._few([index[e] for e in es if z not in outside or e in out]) for z, es in known.items()}

    @staticmethod
    def _few(edges: list[int]) -> list[int]:
        return edges[:DOORS_AT_MOST]

    def trips(self, group: pd.DataFrame) -> tuple[TripTable, float]:
        """Trips from edge to edge, and those that no way leads for."""
        names = sorted(set(group["origin"]) | set(group["destination"]))
        at = {name: i for i, name in enumerate(names)}
        wanted = np.zeros((len(names), len(names)))
        pairs = tuple(group[end].map(at).to_numpy(dtype=int) for end in ("origin", "destination"))
        np.add.at(wanted, pairs, group["trips"].to_numpy(dtype=float))
        origins, leave = self._shares(names, self._from)
        destinations, arrive = self._shares(names, self._to)
        graph = self._kernel.graph
        reached = np.zeros((len(origins), len(destinations)))
        if origins and destinations:
            way = self._kernel.matrix(origins, destinations, np.asarray(graph.length_m))
            reached = (np.isfinite(way) & (np.array(origins)[:, None] != np.array(destinations)[None, :])).astype(float)
        possible = leave @ reached @ arrive.T
        kept = np.divide(wanted, possible, out=np.zeros_like(wanted), where=possible > 0)
        veh = (leave.T @ kept @ arrive) * reached
        table = TripTable(
            tuple(graph.edge_ids[i] for i in origins),
            np.array(origins, dtype=np.int32),
            tuple(graph.edge_ids[i] for i in destinations),
            np.array(destinations, dtype=np.int32),
            veh,
        )
        return table, float(wanted.sum() - veh.sum())

    @staticmethod
    def _shares(names: list[str], doors: dict[str, list[int]]) -> tuple[list[int], Any]:
        """Edges, and (zones, edges) the share of a zone's trips at each."""
        edges = sorted({edge for name in names for edge in doors.get(name, [])})
        at = {edge: i for i, edge in enumerate(edges)}
        cells = [
            (row, at[edge], 1.0 / len(doors[name])) for row, name in enumerate(names) for edge in doors.get(name, [])
        ]
        rows, columns, shares = zip(*cells, strict=True) if cells else ((), (), ())
        return edges, csr_matrix((shares, (rows, columns)), shape=(len(names), len(edges)))
