"""`twin matrix`: matrices from one format to the other, grown on the way."""

from __future__ import annotations

from pathlib import Path

import click

_PATH = click.Path(path_type=Path)


@click.command("matrix", short_help="Turn trip tables from OMX to CSV and back; grow them.")
@click.argument("file", type=_PATH)
@click.argument("out", type=_PATH)
@click.option("--growth", type=_PATH, metavar="FILE", help="Growth factors: year,class,factor,source.")
@click.option("--year", type=click.IntRange(1900, 2200), help="Year to grow the trips to.")
@click.option("--class", "vclass", default="car", show_default=True, help="Class of trips that do not say it.")
@click.option("--lookup", metavar="NAME", help="Lookup of an OMX file that names the zones.")
def matrix_command(
    file: Path, out: Path, growth: Path | None, year: int | None, vclass: str, lookup: str | None
) -> None:
    """Write the matrices of FILE (.omx or .csv, long or square) to OUT (.omx or .csv); each class is a matrix.

    \b
    twin matrix trips.csv trips.omx
    twin matrix trips.omx trips-2035.omx --growth growth.csv --year 2035
    """  # noqa: D301
    import numpy as np

    from models.assignment import UserClass
    from networks.errors import BadInput
    from networks.imports.od import read_trip_table
    from networks.imports.od_cells import Usual
    from networks.imports.omx_writing import write_matrices
    from scenarios.planning.growth import grown, growth_in, read_growth, told_of

    if (growth is None) != (year is None):
        raise BadInput("--growth and --year go together", place="--growth" if year is None else "--year")
    table = read_trip_table(file, usual=Usual(vclass=vclass), lookup=lookup)
    if len(table[["begin_s", "end_s"]].drop_duplicates()) > 1:
        raise BadInput("its trips are of several periods", file=file, remedy="write one file for each period")
    zones = sorted(set(table["origin"]) | set(table["destination"]), key=lambda z: (not z.isdigit(), z.zfill(12)))
    number = {zone: i for i, zone in enumerate(zones)}
    classes = []
    for name, rows in table.groupby("vclass"):
        trips = np.zeros((len(zones), len(zones)))
        trips[rows["origin"].map(number), rows["destination"].map(number)] = rows["trips"]
        classes.append(UserClass(str(name), trips))
    if growth is not None and year is not None:
        factors = growth_in(read_growth(growth), [one.name for one in classes], year, growth)
        classes = list(grown(classes, factors))
        click.echo(told_of(factors, year))
    write_matrices(out, zones, {one.name: one.trips for one in classes})
    for one in classes:
        click.echo(f"{one.name}: {one.trips.sum():g} between {len(zones)} zones")
    click.echo(f"written to {out}")
