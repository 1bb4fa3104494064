"""The hidden city's SUMO case, and the case that its twin is given: the same streets, other drivers and demand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.calibration.experiment.drivers import OTHER_WAYS, Trip, shipped_trips
from benchmarks.calibration.towns import TOWNS, Town, town
from benchmarks.live.planted import Planted
from benchmarks.live.street_demand import TWIN_TYPES, concert_trips, usual_trips, write_drivers
from models.streams import stream
from models.sumo import SumoCase

LONG_M = 40.0


@cache
def shipped(name: str, folder: Path) -> tuple[Town, tuple[Trip, ...]]:
    """A town and the cars of its shipped hour."""
    where, begin_s = town(name, folder), TOWNS[name][1]
    return where, tuple(shipped_trips(where.cars, begin_s, begin_s + 3600.0))


def hidden_case(planted: Planted, folder: Path, day: int = 0) -> SumoCase:
    """Write the drivers of a day: 0 is the planted one with its concerts, others are usual days.

    Args:
        planted: The day.
        folder: For the route files.
        day: Its number.
    """
    where, trips = shipped(planted.town, folder)
    leaving = usual_trips(planted, trips, day)
    for concert in planted.concerts if day == 0 else ():
        leaving += concert_trips(concert, trips, planted.seed)
    write_drivers(folder / f"day-{day}.rou.xml", leaving, planted.seed + 1000 * day)
    return _case(where, planted, folder, folder / f"day-{day}.rou.xml")


def twin_case(planted: Planted, folder: Path) -> Path:
    """Write the case that the twin is given, `run.sumocfg`: the expected demand, and SUMO's own drivers.

    Its drivers choose among ways as the city's do: a calibrated demand knows that not all take the shortest.
    """
    where, trips = shipped(planted.town, folder)
    routes = folder / "usual.rou.xml"
    write_drivers(routes, usual_trips(planted, trips, None), planted.seed, types=TWIN_TYPES)
    case = _case(where, planted, folder, routes)
    file = folder / "run.sumocfg"
    inputs = [f'<net-file value="{case.net}"/>', f'<route-files value="{",".join(map(str, case.routes))}"/>']
    if case.additionals:
        inputs.append(f'<additional-files value="{",".join(map(str, case.additionals))}"/>')
    time = f'<begin value="0"/><end value="{planted.end_s:g}"/>'
    ways = f'<weights.random-factor value="{OTHER_WAYS["weights.random-factor"]}"/>'
    text = f"<input>{''.join(inputs)}</input><time>{time}</time><routing>{ways}</routing>"
    file.write_text(f"<configuration>{text}</configuration>")
    return file


def sensor_streets(planted: Planted, folder: Path, needed: Sequence[str] = ()) -> tuple[str, ...]:
    """Streets with sensors: drawn among those that are long enough and driven on, and those that are needed.

    Where something is planted, its street and the one before are looked at more often than others in towns as well:
    they are the busy ones. `needed` names them.
    """
    where, trips = shipped(planted.town, folder)
    driven = {edge for trip in trips for edge in trip.edges}
    long = {one.edge_id for one in where.net.edges if one.length_m >= LONG_M and "passenger" in one.allows}
    candidates = sorted(long if any(not t.has_route for t in trips) else long & driven)
    picked = stream(planted.seed, "street places").choice(
        len(candidates), round(planted.sensors * len(candidates)), replace=False
    )
    return tuple(sorted({candidates[int(at)] for at in np.atleast_1d(picked)} | set(needed)))


def _case(where: Town, planted: Planted, folder: Path, routes: Path) -> SumoCase:
    buses = [_timetable(where, planted, folder)] if where.buses else []
    shipped_case = where.case
    return replace(shipped_case, routes=(routes.absolute(), *buses), begin_s=0.0, end_s=planted.end_s)


def _timetable(where: Town, planted: Planted, folder: Path) -> Path:
    """The shipped hour's buses from six to midnight, hour after hour."""
    file, begin_s = folder / "buses.rou.xml", TOWNS[where.name][1]
    text = "".join(one.read_text(encoding="utf-8") for one in where.buses)
    found = []
    for bus in re.findall(r"<vehicle\b.*?</vehicle>", text, re.S):
        shipped_s = float(bus.split('depart="', 1)[1].split('"', 1)[0]) - begin_s
        for hour in range(6, 24):
            if 0 <= shipped_s < 3600.0 and 3600 * hour + shipped_s < planted.end_s:
                named = re.sub(r'\bid="', f'id="{hour}-', bus, count=1)
                at_s = 3600 * hour + shipped_s
                found.append((at_s, re.sub(r'\bdepart="[\d.]+"', f'depart="{at_s:g}"', named, count=1)))
    others = re.findall(r"<(?:vType|route)\b[^>]*\bid=[^>]*/>", text)
    lines = [line for _, line in sorted(found)]
    file.write_text("\n".join(["<routes>", *others, *lines, "</routes>"]), encoding="utf-8")
    return file.absolute()
