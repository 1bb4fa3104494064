"""`twin emergency route`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.desk_option import desk_option, propose
from twin.commands.emergency_options import traffic_option

if TYPE_CHECKING:
    from scenarios.emergency.ends import End
    from scenarios.emergency.journey import Answer, Journey, Roads
    from scenarios.emergency.moment import Moment
    from scenarios.flooding.streets import Streets

MOST_STREETS = 8
SAME_WAY = "whoever looks at what is shut now drives the same way"
NO_FLOOD = "without a flood forecast (--flood) the quickest way is no matter to approve"


@click.command("route")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.option("--class", "class_", default="ambulance", show_default=True, help="Who drives, see the reference.")
@click.option("--at", "at", help="Leaves: +MIN after the begin of storm or run, HH:MM or ISO time.")
@click.option("--flood", type=click.Path(path_type=Path, exists=True), help="A folder of twin flood run.")
@traffic_option
@click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Shut in so many members.")
@click.option("--restrictions", type=click.Path(path_type=Path, exists=True), help="CSV: who may not use which road.")
@click.option("--ways", type=click.IntRange(1, 9), default=3, show_default=True, help="How many at most.")
@click.option("--out", type=click.Path(path_type=Path), help="Also as GeoJSON.")
@desk_option
def route(
    city: Path, start: str, end: str, class_: str, at: str | None, flood: Path | None, traffic: Path | None,
    alarm: float, restrictions: Path | None, ways: int, out: Path | None, desk: str | None,
) -> None:  # fmt: skip
    """Say the way of a vehicle through CITY and other ways, turn by turn, with waits at the lights.

    FROM and TO are longitude,latitude, a name on the map, or a road edge. With --flood, roads that the storm will have
    shut to this class by the time it would pass them are avoided. With --traffic every road takes what it takes when
    the vehicle gets there.

    \b
    twin emergency route cities/helsinki 24.9384,60.1699 24.9487,60.1677 --class fire_engine --flood out/flood --at +20
    """  # noqa: D301
    from models.routing import read_restrictions, restricted, vehicle
    from networks import City
    from scenarios.emergency.ends import find_end
    from scenarios.emergency.journey import Roads
    from scenarios.emergency.journey_file import write_journeys
    from scenarios.emergency.map_bans import map_bans
    from scenarios.emergency.moment import read_moment
    from scenarios.emergency.route_advice import route_advice
    from scenarios.emergency.traffic import read_traffic
    from scenarios.emergency.water import water_ahead
    from scenarios.flooding.streets import Streets

    here, who = City.open(city), vehicle(class_)
    water = water_ahead(flood, here, who) if flood else None
    busy = read_traffic(traffic, here) if traffic else None
    begin = (water.begin if water else None) or (busy.begin if busy else None)
    moment = read_moment(at, begin)
    bans = map_bans(here, read_restrictions(restrictions) if restrictions else ())
    roads = Roads(here, who, water=water, restrictions=bans, alarm=alarm, traffic=busy)
    if shut := int(restricted(bans, roads.router.index, who, moment.hour, moment.day).sum()):
        by = "the map and the file" if restrictions else "the map"
        click.echo(f"not for {who.name} at this hour: {shut} road edges, by {by}")
    if busy is not None:
        click.echo(busy.told["en"])
    ends = find_end(here, start), find_end(here, end)
    answer = roads.plan(*ends, moment, most=ways)
    _tell(roads, answer, ends, moment, Streets(here))
    if out:
        write_journeys(out, roads, answer, *ends, moment)
        click.echo(f"wrote {out}")
    if desk:
        evidence = [str(one) for one in (flood, traffic) if one]
        advice = route_advice(roads, answer, ends, moment, evidence=evidence)
        propose(desk, advice, otherwise=SAME_WAY if flood else NO_FLOOD)


def _tell(roads: Roads, answer: Answer, ends: tuple[End, End], moment: Moment, streets: Streets) -> None:
    from networks import NearestRoad
    from scenarios.emergency.ends import FAR_M

    water = NearestRoad(roads.city)
    for place in ends:
        if place.away_m > FAR_M:
            road = streets.through(place.edges) or f"edge {place.edges[0]}"
            where = f"lies in water ({wet})," if (wet := water.water(place.x, place.y)) else "is"
            told = f"{place.told} {where} {place.away_m:.0f} m from the nearest road that leads on ({road})"
            click.echo(told + (": a boat is needed from there" if wet else ""))
    _tell_water(roads, ends[0], moment)
    if not answer.journeys:
        click.echo(f"no way for {roads.vehicle.name} from {ends[0].told} to {ends[1].told}: {answer.reason}")
        if answer.nearest is not None:
            edge, away_m = answer.nearest
            named = streets.through([edge]) or "a street without a name"
            click.echo(f"the nearest road it still reaches: {named} (edge {edge}), {away_m:.0f} m from there")
        return
    for rank, one in enumerate(answer.journeys, 1):
        click.echo(f"{rank}. {_journey(roads, one, moment, streets)}")
    extra = answer.journeys[0].time_s - answer.dry_s
    if roads.water is not None and extra > 1.0:
        click.echo(f"without water it would take {_time(answer.dry_s)}, {_time(extra)} less")


def _journey(roads: Roads, one: Journey, moment: Moment, streets: Streets) -> str:
    names = streets.along(one.edges)
    shown = ", ".join(names[:MOST_STREETS]) + (" ..." if len(names) > MOST_STREETS else "")
    told = f"{_time(one.time_s)}, {one.length_m / 1000:.2f} km, there at {moment.later(one.time_s)}"
    told += f", {one.signals} signals: {shown or 'streets without a name'}"
    if roads.water is None or not roads.water.told:
        return told
    index = roads.router.index
    weakest = max(one.edges[1:] or one.edges, key=lambda edge: float(roads.water.chance[index[edge]]))  # type: ignore[union-attr]
    chance = float(roads.water.chance[index[weakest]])
    if chance <= 0.0:
        return told + "; dry in every member"
    passed = moment.later(float(one.entered_s[one.edges.index(weakest)]))
    where = streets.through([weakest]) or f"edge {weakest}"
    return (
        told + f"; weakest at {where}: shut in {100 * chance:.0f} % of the members sooner or later, passed at {passed}"
    )


def _tell_water(roads: Roads, start: End, moment: Moment) -> None:
    import numpy as np

    water = roads.water
    if water is None:
        return
    if not water.told:
        click.echo("the flood run rests on a terrain for screening and tells nothing of roads: water is not counted")
        return
    if water.judged_as != roads.vehicle.water:
        click.echo(
            f"the flood run was not made for {roads.vehicle.water}: judged as {water.judged_as}, which wades less"
        )
    now = water.shuts(np.full(len(water.chance), moment.depart_s), roads.alarm)
    if any(now[roads.router.index[edge]] for edge in start.edges):
        click.echo(
            f"{start.told}: the road there is itself under water by then; whether it can leave must be seen there"
        )
    click.echo(f"shut to {water.judged_as} at {moment.later(0.0)}: {int(now.sum())} road edges")


def _time(seconds: float) -> str:
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s" if seconds < float("inf") else "for ever"
