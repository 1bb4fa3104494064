"""The options that say which counts, on which streets, in which time zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from calibration.counting import Place, ReadCounts, WatchedNet
    from networks import City

_PATH = click.Path(path_type=Path)


bus_option = click.option(
    "--buses", type=_PATH, help="SUMO route file: sensors that count these among cars are put right.  "
    "[default: the city's timetable]",
)  # fmt: skip


@dataclass(frozen=True)
class Streets:
    """Where sensors stand.

    Attributes:
        net: The streets.
        places: Sensors that the city knows; empty for a SUMO case.
        net_file: The network's file.
        buses: Edge -> buses in an hour by the city's timetable.
    """

    net: WatchedNet
    places: Mapping[str, Place]
    net_file: Path
    buses: Mapping[str, float] = field(default_factory=dict)


def street_options(command: Callable[..., None]) -> Callable[..., None]:
    """--city or --sumocfg."""
    command = click.option("--sumocfg", type=_PATH, help="Any SUMO configuration, or a .net.xml, instead of a city.")(
        command
    )
    return click.option("--city", type=_PATH, help="City folder; its registered sensors are known by name.")(command)


def count_options(command: Callable[..., None]) -> Callable[..., None]:
    """Those, and how counts are read."""
    for name, told in (
        ("--sensors", "Where they stand: CSV (sensor_id and edge, lane, lon,lat or x,y; bearing) or SUMO's detectors."),
        ("--begin", "Wall-clock time of second 0.  [default: midnight of the first day]"),
        ("--timezone", "Of times without offset, like Europe/Rome.  [default: UTC]"),
    ):
        kind = _PATH if name == "--sensors" else str
        command = click.option(name, type=kind, help=told)(command)
    command = click.option("--period", type=click.FloatRange(1.0), help="Periods, s.  [default: what most rows have]")(
        command
    )
    return street_options(command)


def streets_of(city: Path | None, sumocfg: Path | None) -> Streets:
    """The streets that were named.

    Raises:
        click.UsageError: None or both were.
    """
    from calibration.counting import Place, watched_net

    if (city is None) == (sumocfg is None):
        raise click.UsageError("give --city or --sumocfg")
    if sumocfg is not None:
        net_file = sumocfg if ".net.xml" in sumocfg.name else _net_of(sumocfg)
        return Streets(watched_net(net_file), {}, net_file)
    from networks import City
    from networks.city import NET_FILE
    from networks.places.sensors import read_sensors

    assert city is not None
    opened = City.open(city)
    places = {one.sensor_id: Place(edge=one.edge_id or "", x=one.x, y=one.y) for one in read_sensors(opened)}
    return Streets(watched_net(city / NET_FILE), places, city / NET_FILE, _timetable(opened))


def read_given(
    files: tuple[Path, ...], streets: Streets, sensors: Path | None, begin: str | None, timezone: str | None,
    period: float | None, buses: Path | None = None,
) -> ReadCounts:  # fmt: skip
    """The counts that were named.

    Args:
        files: Counts.
        streets: Where.
        sensors: Table of places.
        begin: Wall clock of second 0.
        timezone: Of times without offset.
        period: Of the grid, s.
        buses: SUMO route file of buses, instead of the city's timetable.

    Raises:
        BadInput: They cannot be read, or `begin` is no time.
    """
    from calibration.counting import read_counts
    from calibration.counting.bus_rates import route_file_rates
    from networks import BadInput

    try:
        start = datetime.fromisoformat(begin) if begin else None
    except ValueError as error:
        raise BadInput(f"--begin is {begin!r}", expected="ISO 8601, like 2026-05-04T00:00") from error
    return read_counts(
        files,
        streets.net,
        begin=start,
        timezone=timezone or "UTC",
        sensors=sensors or streets.places,
        period_s=period,
        buses=route_file_rates(buses) if buses else streets.buses,
    )


def _timetable(city: City) -> dict[str, float]:
    """Buses in an hour by edge, of the timetable that the city was given."""
    from calibration.counting.bus_rates import timetable_rates
    from networks.errors import NotThere

    routes = city.layer("transit_routes")
    if routes.empty:
        return {}
    try:
        return timetable_rates(routes, city.table("timetable"))
    except NotThere:
        return timetable_rates(routes)


def _net_of(sumocfg: Path) -> Path:
    from models.sumo import read_case

    return read_case(sumocfg).net
