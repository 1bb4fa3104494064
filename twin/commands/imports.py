"""`twin import zones|od|gtfs|sensors|cameras`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from networks import Sentence

_PATH = click.Path(path_type=Path)


@click.group("import", short_help="Bring what you own into a city: zones, trip tables, timetables.")
def import_command() -> None:
    """Bring what you own into a City folder.

    A road network of your own (SUMO) is not imported but built from: twin build roads.net.xml --osm town.osm.pbf

    Each import changes the city whole or not at all, and with it the city's digest: runs made before are kept, and
    belong to the city as it was.

    \b
    twin import zones cities/my-town zones.gpkg --id TAZ --population POP
    twin import od    cities/my-town trips.csv --begin 07:00 --end 09:00
    twin import gtfs  cities/my-town timetable.zip
    twin import sensors cities/my-town detectors.csv --datum gcj02
    twin import cameras cities/my-town cameras.csv
    """  # noqa: D301


@import_command.command("zones", short_help="Zones as GeoJSON, GeoPackage, shapefile, or CSV of centroids.")
@click.argument("city", type=_PATH)
@click.argument("file", type=_PATH)
@click.option("--id", "id_column", metavar="COLUMN", help="Column of the ids.  [default: zone_id, zone, id or taz]")
@click.option("--population", metavar="COLUMN", help="Column of the people.  [default: summed over buildings, a guess]")
@click.option("--jobs", metavar="COLUMN", help="Column of the jobs.  [default: summed over buildings, a guess]")
@click.option("--layer", metavar="NAME", help="Layer, where the file holds several.")
@click.option("--beside", is_flag=True, help="Keep the 200 m grid beside them; the grid then holds the people.")
@click.option("--drop-od", is_flag=True, help="Drop a trip table that does not fit the new zones.")
def zones(
    city: Path,
    file: Path,
    id_column: str | None,
    population: str | None,
    jobs: str | None,
    layer: str | None,
    beside: bool,
    drop_od: bool,
) -> None:
    """Give the City folder CITY the zones of FILE, in place of the grid of 200 m that it was built with.

    FILE is .geojson, .gpkg, .shp (or zipped), or .csv with the columns lon,lat (degrees) or x,y (metres in the city's
    plane). Each zone is connected to streets inside it; zones beyond the map to the gateways that face them.
    """
    from networks import import_zones

    done = import_zones(
        city, file, id_column=id_column, population_column=population, jobs_column=jobs, layer=layer, beside=beside,
        drop_od=drop_od,
    )  # fmt: skip
    click.echo(f"{done.city.name}: {done.inside} zones on the map, {done.outside} beyond it")
    _end(done.told, done.city.digest)
    click.echo(f"  next: twin import od {city} TRIPS.csv")


_DATUM = click.option(
    "--datum", default="wgs84", show_default=True, help="Of lon and lat: wgs84, cgcs2000, gcj02 or bd09."
)


@import_command.command("sensors", short_help="Detectors, rain gauges and other devices as CSV.")
@click.argument("city", type=_PATH)
@click.argument("file", type=_PATH)
@_DATUM
def sensors(city: Path, file: Path, datum: str) -> None:
    """Register the sensors of FILE in the City folder CITY, in place of those there.

    FILE is CSV with the columns id, kind, and lon,lat (degrees) or x,y (metres in the city's plane); if wanted
    measures, unit, period_s, edge, owner. A detector without edge takes the nearest street within 30 m.

    \b
    kinds: detector, rain_gauge, water_level, gate_counter, crowd_counter, car_park, weather
    """  # noqa: D301
    from networks import import_sensors

    done = import_sensors(city, file, datum=datum)
    click.echo(f"{done.city.name}: {done.count} sensors registered")
    _end(done.told, done.city.digest)


@import_command.command("cameras", short_help="Cameras as CSV: place, heading, field of view, stream.")
@click.argument("city", type=_PATH)
@click.argument("file", type=_PATH)
@_DATUM
def cameras(city: Path, file: Path, datum: str) -> None:
    """Register the cameras of FILE in the City folder CITY, in place of those there.

    FILE is CSV with the columns id, and lon,lat (degrees) or x,y (metres in the city's plane); if wanted name,
    heading_deg (degrees clockwise from north, or N, NE, ...), field_of_view_deg, range_m, stream (an address), owner.
    Streams are linked, never opened.
    """
    from networks import import_cameras

    done = import_cameras(city, file, datum=datum)
    click.echo(f"{done.city.name}: {done.count} cameras registered")
    _end(done.told, done.city.digest)


@import_command.command("od", short_help="A trip table as CSV (long or square) or OMX.")
@click.argument("city", type=_PATH)
@click.argument("file", type=_PATH)
@click.option("--begin", metavar="HH:MM", default="00:00", show_default=True, help="Begin of the period of its trips.")
@click.option("--end", metavar="HH:MM", default="24:00", show_default=True, help="End of it.")
@click.option(
    "--class", "vclass", default="car", show_default=True, help="Class of its trips; car and truck are driven."
)
@click.option("--matrix", metavar="NAME", help="Matrix of an OMX file that holds several.")
@click.option("--lookup", metavar="NAME", help="Lookup of an OMX file that names the zones.")
def od(city: Path, file: Path, begin: str, end: str, vclass: str, matrix: str | None, lookup: str | None) -> None:
    """Give the City folder CITY the trip table of FILE; its zones must be those of the city (twin import zones).

    FILE is .omx, or .csv in one of two forms. Begin, end and class may be left out of the long one; then the options
    say them. Trips of a whole day are spread over it by the scenario's profile.

    \b
    origin,destination,trips,begin,end,class          zone,1,2,3
    1,2,12.5,07:00,08:00,car                          1,0,12.5,3
    ...                                               ...

    A scenario uses it with  demand: {source: od}
    """  # noqa: D301
    from networks import import_od
    from networks.imports.od_cells import Usual, moment_s
    from scenarios.travel.timed_trips import CARS, TRUCKS

    usual = Usual(moment_s(begin, None, "--begin"), moment_s(end, None, "--end"), vclass)
    done = import_od(city, file, usual=usual, matrix=matrix, lookup=lookup)
    classes = ", ".join(f"{trips:g} {name}" for name, trips in done.by_class.items())
    click.echo(f"{done.city.name}: {done.trips:g} trips between {done.pairs} pairs of zones ({classes})")
    _end(done.told, done.city.digest)
    parked = [name for name in done.by_class if name not in (*CARS, *TRUCKS)]
    if parked:
        click.echo(f"  note: kept, but not driven: {', '.join(parked)}; driven are {', '.join((*CARS, *TRUCKS))}")
    click.echo("  to drive them, write in a scenario:  demand: {source: od}")
    click.echo(f"  to assign them to the streets:  twin assign {city}")


@import_command.command("gtfs", short_help="Stops and routes of a static timetable (GTFS).")
@click.argument("city", type=_PATH)
@click.argument("feed", type=_PATH)
def gtfs(city: Path, feed: Path) -> None:
    """Give the City folder CITY the stops and routes of FEED, a static GTFS feed: a .zip, or a folder with its tables.

    Stops beyond the map are left out. Headways are those of the busiest hour of the busiest day. Buses are matched to
    roads where the feed has shapes.
    """
    from networks import import_gtfs

    done = import_gtfs(city, feed)
    click.echo(
        f"{done.city.name}: {done.stops} stops on the map, {done.routes} routes (a direction each) of {done.day}"
    )
    click.echo(f"  {done.matched} routes matched to roads")
    _end(done.told, done.city.digest)


def _end(told: Iterable[Sentence], digest: str) -> None:
    for sentence in told:
        click.echo(f"  note: {sentence['en']}")
    click.echo(f"  the city's digest is now {digest[:12]}")
