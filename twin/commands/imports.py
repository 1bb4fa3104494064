"""`twin import zones|od|gtfs`."""

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
    r"""Bring what you own into a City folder.

    A road network of your own (SUMO) is not imported but built from: twin build roads.net.xml --osm town.osm.pbf

    Each import changes the city whole or not at all, and with it the city's digest: runs made before are kept, and
    belong to the city as it was.

    \b
    twin import zones cities/my-town zones.gpkg --id TAZ --population POP
    twin import od    cities/my-town trips.csv --begin 07:00 --end 09:00
    twin import gtfs  cities/my-town timetable.zip
    """


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


def _end(told: Iterable[Sentence], digest: str) -> None:
    for sentence in told:
        click.echo(f"  note: {sentence['en']}")
    click.echo(f"  the city's digest is now {digest[:12]}")
