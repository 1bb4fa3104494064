"""`twin export`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export", short_help="Write a layer as GeoJSON, GeoPackage or CSV, in the datum that you want.")
@click.argument("city", type=click.Path(path_type=Path))
@click.argument("layer")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="File to write: .geojson, .gpkg or .csv."
)
@click.option("--datum", default="wgs84", show_default=True, help="wgs84, cgcs2000, gcj02 or bd09.")
def export_command(city: Path, layer: str, out: Path, datum: str) -> None:
    """Write LAYER of the City folder CITY for other programs.

    \b
    twin export cities/my-town signals --out signals.geojson
    twin export cities/my-town sensors --out sensors.csv --datum gcj02

    Layers: `twin catalog CITY` lists them. Map data (c) OpenStreetMap contributors, ODbL: say so where you show them.
    """  # noqa: D301
    from networks import City, export_layer

    opened = City.open(city)
    count = export_layer(opened, layer, out, datum=datum)
    click.echo(f"{layer}: {count} rows -> {out}  ({datum}; {opened.attribution})")
