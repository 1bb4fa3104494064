"""`twin corrections check|schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group("corrections", short_help="Check hand corrections of the map; print their JSON Schema.")
def corrections_command() -> None:
    """Check hand corrections of the map; print their JSON Schema."""


@corrections_command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "city_folder", type=click.Path(path_type=Path), help="City folder: the map it was built from.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="A map instead, e.g. a newer one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(file: Path, city_folder: Path | None, map_file: Path | None, as_json: bool) -> None:
    """Tell of each correction in FILE whether it still applies to a city's map, or to a newer map."""
    from networks import City, check_corrections

    if (city_folder is None) == (map_file is None):
        raise click.UsageError("Give either --city FOLDER or --map FILE.")
    city = City.open(city_folder) if city_folder is not None else None
    found = check_corrections(file, city=city, map_file=map_file)
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{file}, line {one.line}: {one.state}: {one.osm or 'new object'}: {one.what['en']}")
    lost = sum(one.state in ("gone", "changed") for one in found)
    click.echo(f"{len(found)} corrections, {lost} to check again")


def _row(one: object) -> dict[str, object]:
    from dataclasses import asdict

    row = asdict(one)  # type: ignore[call-overload]
    row.pop("witness")
    return dict(row)


@corrections_command.command("schema")
def schema() -> None:
    """Print the JSON Schema of corrections files."""
    from networks import corrections_schema

    click.echo(json.dumps(corrections_schema(), indent=2, ensure_ascii=False))
