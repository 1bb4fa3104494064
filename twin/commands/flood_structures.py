"""`twin flood structures`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("structures")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "folder", type=click.Path(path_type=Path), required=True, help="The city that they stand in.")
def structures(file: Path, folder: Path) -> None:
    """Check FILE (YAML): pumps, gates, barriers, inlets, pipes, levels, rivers and soil of a flood.

    Each is put on the city's terrain; the first that cannot stand or work there is told with its line. What stands
    is listed with its source.

    \b
    twin flood structures structures.yaml --city cities/my-town
    """  # noqa: D301
    from models.flood import uniform_rain
    from models.flood.forcing import Site, place_structures, read_structures
    from networks import City

    city = City.open(folder)
    terrain = city.terrain()
    read = read_structures(file)
    site = Site(terrain.elevation_m, terrain.surface, terrain.cell_m, city.crs, terrain.transform)
    rain = uniform_rain(depth_mm=0.0, duration_s=1.0, source="none: a check of places alone")
    with place_structures(read, site, rain=rain):
        for entry, line in zip(read.entries, read.lines, strict=True):
            at = getattr(entry, "at", None)
            ground = f", ground {site.height_m(at):.2f} m" if at else ""
            click.echo(f"line {line}: {entry.kind} {entry.id}{ground}; {entry.source}")
    click.echo(f"{len(read.entries)} structures, all in the city")
    if terrain.screening:
        click.echo("the terrain is for screening alone: levels against its heights are rough")
