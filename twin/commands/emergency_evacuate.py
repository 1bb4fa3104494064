"""`twin emergency evacuate`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_option import desk_option, propose
from twin.commands.emergency_options import FIRST_MONDAY, traffic_option
from twin.commands.named_place import named_place

if TYPE_CHECKING:
    from networks import City
    from scenarios.emergency.evacuation import Ground
    from scenarios.emergency.evacuation_plan import Planned

TRIP_COLUMNS = ("bus", "sets_out_s", "gathering", "leaves_s", "shelter", "there_s", "people", "streets")
PLACE_COLUMNS = ("gathering", "lon", "lat", "people", "on_foot", "by_bus", "left", "last_way_s")


@click.command("evacuate")
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--area", required=True, help="A GeoJSON file with polygons, or a place with --radius around it.")
@click.option("--radius", type=click.FloatRange(10, 20000), default=300.0, show_default=True, help="m around a place.")
@click.option("--people", type=click.IntRange(1, 10_000_000), help="How many there are.  [default: residents]")
@click.option("--cannot-walk", type=click.FloatRange(0, 1), default=0.2, show_default=True, help="Share (guess).")
@click.option("--shelter", multiple=True, metavar="NAME=LON,LAT=PLACES", help="Besides those of --resources.")
@click.option("--buses", multiple=True, metavar="NAME=LON,LAT=NUMBER", help="Besides material bus of depots.")
@click.option("--seats", type=click.IntRange(1, 500), default=50, show_default=True, help="In a bus.")
@click.option("--resources", type=click.Path(path_type=Path), help="resources.yaml: shelters, depots with buses.")
@click.option("--flood", type=click.Path(path_type=Path, exists=True), help="A folder of twin flood run.")
@traffic_option
@click.option("--alarm", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="Shut in so many members.")
@click.option("--at", "at", help="The order is given: +MIN after the begin of storm or run, HH:MM or ISO time.")
@click.option("--hours", type=click.FloatRange(0.1, 48), default=3.0, show_default=True, help="To bring all out.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder for evacuation.html and tables.")
@desk_option
def evacuate(city: Path, out: Path, desk: str | None, **given: Any) -> None:
    """Bring the people of an area of CITY to shelters: on foot and by bus, on ways that stay open, and say who is left.

    Whoever can walk goes to a shelter within 1 km; buses fetch the others, trip after trip, with --traffic in what
    others make of the roads then. OUT gets evacuation.html (map, who is left when, trips; English and Chinese),
    trips.csv and gatherings.csv.

    \b
    twin emergency evacuate cities/my-town --area harbour.geojson --resources resources.yaml --flood out/flood \\
        --out out/e
    twin emergency evacuate cities/my-town --area "Old market" --people 2000 --shelter "School=24.94,60.17=800" \\
        --buses "Yard=24.95,60.18=6" --out out/e
    """  # noqa: D301
    from networks import City, landing_folder
    from scenarios.emergency.evacuation_advice import evacuation_advice
    from twin.commands.emergency_evacuate_page import evacuation_page

    here = City.open(city)
    planned = _planned(here, given)
    for sentence in planned.told():
        click.echo(sentence["en"])
    with landing_folder(out) as beside:
        _write(beside / "trips.csv", TRIP_COLUMNS, planned.trip_rows())
        _write(beside / "gatherings.csv", PLACE_COLUMNS, planned.place_rows())
        (beside / "evacuation.html").write_text(evacuation_page(planned), encoding="utf-8")
    if desk:
        propose(desk, evacuation_advice(planned, evidence=[str(one) for one in (out, given["flood"]) if one]))
    click.echo(f"wrote {out / 'evacuation.html'}")


def _planned(city: City, given: dict[str, Any]) -> Planned:
    from datetime import datetime

    from models.emergency.resources import Resources, read_resources
    from models.routing import vehicle
    from scenarios.emergency.evacuation import Roadways, Wish, plan_evacuation
    from scenarios.emergency.evacuation_plan import Planned
    from scenarios.emergency.footways import WALK_MPS, Footways
    from scenarios.emergency.journey import Roads
    from scenarios.emergency.moment import read_moment
    from scenarios.emergency.service import Service
    from scenarios.emergency.traffic import read_traffic
    from scenarios.emergency.water import water_ahead

    bus, flood = vehicle("bus"), given["flood"]
    resources = read_resources(given["resources"], city) if given["resources"] else Resources((), ())
    water = water_ahead(flood, city, bus) if flood else None
    busy = read_traffic(given["traffic"], city) if given["traffic"] else None
    begin = (water.begin if water else None) or (busy.begin if busy else None) or datetime.fromisoformat(FIRST_MONDAY)
    moment = read_moment(given["at"], begin)
    wish = Wish(moment.depart_s, moment.depart_s + 3600 * given["hours"], given["cannot_walk"], given["seats"])
    hours = moment.depart_s / 3600 + given["hours"]
    roads = Roads(city, bus, water=water, alarm=given["alarm"], traffic=busy)
    service = Service(city, resources, roads, begin, hours)
    walked_by_s = wish.at_s + wish.prepare_s + wish.far_m / WALK_MPS
    feet = Footways(city, flood=flood, alarm=given["alarm"], until_s=walked_by_s)
    ground, times = _ground(city, resources, given), Roadways(service)
    return Planned(service, feet, plan_evacuation(service, feet, ground, wish, times), times, moment)


def _ground(city: City, resources: Any, given: dict[str, Any]) -> Ground:
    from networks import NearestRoad
    from scenarios.emergency.area import gatherings, read_area
    from scenarios.emergency.evacuation import Ground

    plane = NearestRoad(city, "bus").plane
    area = read_area(city, given["area"], given["radius"])
    typed = [[named_place(text, f"--{name}", counted=True) for text in given[name]] for name in ("shelter", "buses")]
    placed = [[(name, *plane(lon, lat), number) for name, lon, lat, number in one] for one in typed]
    shelters = [(one.name or one.site_id, one.x, one.y, one.places) for one in resources.shelters]
    depots = [(one.name or one.site_id, one.x, one.y, one.materials.get("bus", 0)) for one in resources.depots]
    return Ground(
        area,
        tuple(gatherings(city, area, given["people"])),
        tuple([*shelters, *placed[0]]),
        tuple([*(one for one in depots if one[3]), *placed[1]]),
    )


def _write(file: Path, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns)
        table.writeheader()
        table.writerows(rows)
