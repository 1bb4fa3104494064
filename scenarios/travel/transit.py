"""Public transport on the roads: the timetable's buses, with what a scenario changes of their headways and fleet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.streams import stream
from networks.errors import BadScenario, NotThere
from networks.sentence import Sentence, say
from scenarios.interventions import BusPriority, TransitFleet, TransitHeadway
from scenarios.travel.bus_ways import BusWays

if TYPE_CHECKING:
    from models.traffic import PriorityRule, VehicleTrip
    from networks import City
    from scenarios.schema import Scenario

ON_ROADS = ("bus", "trolleybus")
DWELL_S = 20.0
"""A bus stands at least so long at a stop: a guess."""
SPEED_FACTOR_SPREAD = 0.1
_DAY_S = 86_400.0


@dataclass(frozen=True)
class Departure:
    """A planned trip: when it leaves its first stop (s after the run's start), its stops, and s from there to each."""

    planned_s: float
    stops: tuple[str, ...]
    after_s: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """A line's one direction: a row of the layer `transit_routes`, and its departures within the run."""

    route_id: str
    name: str
    mode: str
    followed: str
    departures: tuple[Departure, ...]


@dataclass(frozen=True)
class Transit:
    """The buses of a member, and what is to be told of them."""

    trips: tuple[VehicleTrip, ...] = ()
    summary: Mapping[str, Any] | None = None
    words: tuple[Sentence, ...] = ()


def draw_transit(city: City, scenario: Scenario, seed: int) -> Transit:
    """The buses that run in a scenario; none where the city has no timetable, or the scenario wants none."""
    planned = [line for line in lines_of(city, scenario) if line.mode in ON_ROADS]
    if not planned:
        return Transit()
    ways, unplaced = bus_ways(city), set()
    lines, trips = [changed(line, scenario) for line in planned], []
    for line in lines:
        driven = [trip for trip in (_bus(line, one, ways, scenario, seed) for one in line.departures) if trip]
        if line.departures and not driven:
            unplaced.add(line.route_id)
        trips += driven
    departures = [sum(len(line.departures) for line in some) for some in (planned, lines)]
    summary = {
        "lines": len(lines) - len(unplaced),
        "trips": len(trips),
        "departures_planned": departures[0],
        "departures_run": departures[1],
        "not_placed": sorted(unplaced),
    }
    return Transit(tuple(_named_once(trips)), summary, _words(city, unplaced))


def lines_of(city: City, scenario: Scenario) -> list[Line]:
    """The timetable's lines, of all modes, with their departures within the run, as planned."""
    if scenario.transit == "none":
        return []
    try:
        table = city.table("timetable")
    except NotThere:
        return []
    start = scenario.start
    begins_s = start.hour * 3600 + start.minute * 60 + start.second
    calls = dict(list(table.groupby("route_id")))
    return [
        Line(
            str(name),
            str(row["name"]),
            str(row["mode"]),
            str(row["edges"]),
            _departures(calls[name], begins_s, scenario.end_s) if name in calls else (),
        )
        for name, row in city.layer("transit_routes").set_index("route_id").iterrows()
    ]


def changed(line: Line, scenario: Scenario) -> Line:
    """The line as the scenario's interventions have it."""
    for change in scenario.of(TransitHeadway):
        if meant(change.line, line):
            line = replace(line, departures=_every(line.departures, change))
    for limit in scenario.of(TransitFleet):
        if meant(limit.line, line):
            line = replace(line, departures=_with_fleet(line.departures, limit))
    return line


def meant(wanted: str, line: Line) -> bool:
    """Whether a scenario means this line: by its id, its id without the direction, or its name."""
    return wanted in (line.route_id, line.route_id.rpartition("/")[0], line.name)


def priority_of(scenario: Scenario) -> PriorityRule | None:
    """Where and how far buses go first at signals, or None."""
    from models.traffic import PriorityRule

    for wish in scenario.of(BusPriority):
        return PriorityRule(frozenset(wish.signals), wish.bound_s)
    return None


def check_priority(city: City, scenario: Scenario, signals: Sequence[str]) -> None:
    """The signals are there, and so are buses.

    Raises:
        BadScenario: One is not.
    """
    if not any(line.mode in ON_ROADS for line in lines_of(city, scenario)):
        raise BadScenario(
            f"bus_priority: no buses run in {city.name}", expected="transit: timetable, and a city with a timetable",
            remedy=f"twin import gtfs {city.folder} FEED",
        )  # fmt: skip
    known = set(city.layer("signals")["tls_id"])
    for signal in signals:
        if signal not in known:
            near = ", ".join(get_close_matches(signal, known, n=3))
            raise BadScenario(f"bus_priority: there are no lights {signal!r} in {city.name}", expected=near or None)


def check_transit(city: City, scenario: Scenario, wanted: str) -> None:
    """A line that a scenario names is in the timetable, and its stops are on the road network.

    Raises:
        BadScenario: It is not.
    """
    if scenario.transit == "none":
        raise BadScenario("the scenario runs no public transport (transit: none)", expected="transit: timetable")
    lines = lines_of(city, scenario)
    if not lines:
        raise BadScenario(
            f"{city.name} has no timetable", remedy=f"twin import gtfs {city.folder} FEED; an older import has none yet"
        )
    found = [line for line in lines if meant(wanted, line)]
    if not found:
        names = [line.route_id for line in lines] + [line.name for line in lines]
        near = get_close_matches(wanted, names, n=3) or names[:8]
        raise BadScenario(f"there is no line {wanted!r} in the timetable", expected=f"such as {', '.join(near)}")
    roads = [line for line in found if line.mode in ON_ROADS]
    if not roads:
        raise BadScenario(f"line {wanted!r} is a {found[0].mode}: only buses and trolleybuses run on the roads")
    ways = bus_ways(city)
    for line in roads:
        for stops in {one.stops for one in line.departures}:
            if ways.course(stops, line.followed) is None:
                lost = [stop for stop in stops if not ways.near(stop)]
                raise BadScenario(
                    f"line {line.route_id!r} cannot be driven: "
                    + (f"no road for buses passes its stop {lost[0]!r}" if lost else "no way joins its stops"),
                    expected="stops within 40 m of a road that buses may use",
                )


def bus_ways(city: City) -> BusWays:
    """The ways of a city's buses, worked out once per process."""
    return _bus_ways(_Key(city))


class _Key:
    """A city by its digest, to be cached by."""

    def __init__(self, city: City) -> None:
        self.city = city

    def __hash__(self) -> int:
        return hash(self.city.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.city.digest == self.city.digest


@lru_cache(maxsize=2)
def _bus_ways(key: _Key) -> BusWays:
    return BusWays(key.city)


def _departures(table: Any, begins_s: float, end_s: float) -> tuple[Departure, ...]:
    """Trips that leave their first stop within the run, every day being like the timetable's."""
    found = []
    first = table[table["sequence"] == 0]
    for day_s in (-_DAY_S, 0.0, _DAY_S):
        since = first["second"] + day_s - begins_s
        trips = first.loc[(since >= 0) & (since < end_s), "trip"]
        for _, calls in table[table["trip"].isin(trips)].groupby("trip", sort=False):
            second = calls["second"].to_numpy(dtype=float)
            after = tuple(float(one) for one in second - second[0])
            if len(after) > 1:
                found.append(Departure(float(second[0]) + day_s - begins_s, tuple(calls["stop_id"]), after))
    return tuple(sorted(found, key=lambda one: (one.planned_s, one.stops)))


def _every(departures: Sequence[Departure], change: TransitHeadway) -> tuple[Departure, ...]:
    """Departures at another headway, from the first to the last; each is like the planned one nearest in time."""
    if not departures:
        return ()
    moments = np.array([one.planned_s for one in departures])
    if change.minutes is not None:
        fresh = np.arange(moments[0], moments[-1] + 1.0, change.minutes * 60.0)
    else:
        assert change.factor is not None
        fresh = np.interp(np.arange(0.0, len(moments) - 1 + 1e-9, change.factor), np.arange(len(moments)), moments)
    return tuple(
        replace(departures[int(np.abs(moments - moment).argmin())], planned_s=round(float(moment), 1))
        for moment in fresh
    )


def _with_fleet(departures: Sequence[Departure], limit: TransitFleet) -> tuple[Departure, ...]:
    """The departures for which a vehicle is there by plan; a vehicle is back after twice its trip and the layover."""
    free_s = [-np.inf] * limit.vehicles
    kept = []
    for one in departures:
        first = int(np.argmin(free_s))
        if free_s[first] <= one.planned_s:
            free_s[first] = one.planned_s + 2.0 * one.after_s[-1] + limit.layover_s
            kept.append(one)
    return tuple(kept)


def _bus(line: Line, one: Departure, ways: BusWays, scenario: Scenario, seed: int) -> VehicleTrip | None:
    from models.traffic import StopCall, VehicleTrip

    course = ways.course(one.stops, line.followed)
    if course is None or one.planned_s + one.after_s[course.placed[0]] >= scenario.end_s:
        return None
    name = f"bus.{re.sub(r'[^0-9A-Za-z_.-]+', '_', line.route_id)}.{one.planned_s:g}"
    factor = float(np.clip(stream(seed, f"driver {name}").normal(1.0, SPEED_FACTOR_SPREAD), 0.7, 1.3))
    calls = tuple(
        StopCall(one.stops[k], edge, place, round(one.planned_s + one.after_s[k], 1), DWELL_S)
        for k, edge, place in zip(course.placed, course.edges, course.places_m, strict=True)
    )
    return VehicleTrip(
        name, calls[0].planned_s, "bus", course.route, round(factor, 3), depart_pos="stop", depart_speed="0",
        line=line.route_id, stops=calls,
    )  # fmt: skip


def _named_once(trips: Sequence[VehicleTrip]) -> list[VehicleTrip]:
    seen: dict[str, int] = {}
    named = []
    for trip in trips:
        seen[trip.vehicle_id] = number = seen.get(trip.vehicle_id, 0) + 1
        named.append(trip if number == 1 else replace(trip, vehicle_id=f"{trip.vehicle_id}.{number}"))
    return named


def _words(city: City, unplaced: set[str]) -> tuple[Sentence, ...]:
    day = city.manifest["tables"]["timetable"].get("day", "")
    told = [
        say(
            f"buses: the timetable of {day}, whatever the day; they stand {DWELL_S:g} s at a stop (guessed), wait "
            "there for their time, and those under way at the run's start are left out",
            f"公交：不论日期均采用{day}的时刻表；每站停靠{DWELL_S:g}秒（推测），到点发车；运行开始时已在途的车次未计入。",
        )
    ]
    if unplaced:
        told.append(
            say(
                f"buses: {len(unplaced)} lines have no stops on roads for buses that could be joined, and do not run",
                f"公交：{len(unplaced)}条线路的站点无法在公交可行道路上连通，未运行。",
            )
        )
    return tuple(told)
