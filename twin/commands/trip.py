"""`twin trip`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.emergency_options import traffic_option

if TYPE_CHECKING:
    from scenarios.emergency.moment import Moment
    from scenarios.flooding.streets import Streets
    from scenarios.travel.parking import Advice, CarPark, Trip


@click.command("trip")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--at", "at", help="Leaves: +MIN after the run's begin, HH:MM or ISO time.")
@traffic_option
@click.option("--taken", type=click.Path(path_type=Path, exists=True), help="CSV: car_park,taken of now.")
@click.option("--places", type=click.IntRange(1), default=20, show_default=True,
              help="Least size of a car park of which nobody knows what is taken.")  # fmt: skip
@click.option("--ways", type=click.IntRange(1, 9), default=3, show_default=True, help="How many at most.")
def trip_command(
    city: Path, start: str, end: str, at: str | None, traffic: Path | None, taken: Path | None, places: int, ways: int,
) -> None:  # fmt: skip
    """By car to a car park with space and on foot from there: the quickest, and others.

    It looks at all car parks of CITY, and at walking all the way.

    FROM and TO are longitude,latitude, a name on the map, or a road edge. The first way is the quickest from door to
    door. With --traffic every road takes what it takes when the car gets there.

    \b
    twin trip cities/monaco 7.4131,43.7312 "Casino de Monte-Carlo" --at 17:30 --traffic out/rush --taken taken.csv
    """  # noqa: D301
    from models.routing import vehicle
    from networks import City
    from networks.errors import BadInput
    from scenarios.emergency.ends import find_end
    from scenarios.emergency.footways import Footways
    from scenarios.emergency.journey import Roads
    from scenarios.emergency.moment import read_moment
    from scenarios.emergency.traffic import read_traffic
    from scenarios.flooding.streets import Streets
    from scenarios.travel.parking import car_parks, park_and_walk, read_taken

    here = City.open(city)
    busy = read_traffic(traffic, here) if traffic else None
    moment = read_moment(at, busy.begin if busy else None)
    parks = car_parks(here, read_taken(taken, here) if taken else None)
    if not parks:
        raise BadInput(f"{here.name} has no car parks", remedy="add them in corrections.yaml, or a map that has them")
    ends = [find_end(here, told, vclass="passenger") for told in (start, end)]
    roads = Roads(here, vehicle("car"), traffic=busy)
    feet = Footways(here, flood=None, alarm=0.5, until_s=0.0)
    found = park_and_walk(roads, feet, parks, ends[0], ends[1], moment, most=ways, least=places)
    _tell(found, parks, moment, Streets(here))
    if small := sum(one.taken is None and one.capacity < places for one in parks):
        click.echo(f"what is taken now is not known of {small} car parks of fewer than {places} places: left out")
    click.echo(busy.told["en"] if busy else "times: an empty road with waits at lights; no traffic is counted")


def _tell(found: Advice, parks: list[CarPark], moment: Moment, streets: Streets) -> None:
    if not found.trips:
        full = sum(not one.free for one in parks)
        click.echo(f"no way: {full} of {len(parks)} car parks are full, and no path on foot leads there")
        return
    for rank, one in enumerate(found.trips, 1):
        click.echo(f"{rank}. {_time(one.time_s)}, there at {moment.later(one.time_s)}: {_way(one, streets)}")
    for park in found.full:
        click.echo(f"full: {_named(park)}, {park.taken} taken of {_places(park)}")
    if found.driven_s < float("inf"):
        click.echo(f"to be set down at the door: {_time(found.driven_s)}")
    if any(one.park is not None and one.park.taken is None for one in found.trips):
        click.echo("what is taken now is not known of all of them: give --taken")


def _way(one: Trip, streets: Streets) -> str:
    from scenarios.travel.parking import PARK_S

    if one.park is None:
        return "on foot all the way"
    names = ", ".join(streets.along(one.edges)) or "streets without a name"
    free = f"{one.park.free} free of {_places(one.park)}" if one.park.taken is not None else f"{_places(one.park)}"
    return (
        f"drive {_time(one.drive_s)} to {_named(one.park)} ({free}), park {_time(PARK_S)} (guess), "
        f"walk {_time(one.walk_s)}; by {names}"
    )


def _named(park: CarPark) -> str:
    return park.name or f"car park {park.osm_id}"


def _places(park: CarPark) -> str:
    return f"{park.capacity} places" + (" (guessed)" if park.guessed else "")


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"
