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
    """Tell of each correction in FILE whether it still applies to a city's map, or to a newer map.

    \b
    corrections:
      - {kind: way_tags, way: 4229243, set: {lanes: 3}, why: counted on site}
      - {kind: signal, node: 456295779, present: false, why: taken down in May}

    way and node are OpenStreetMap's numbers (column osm of the layer doubts, and the map in quality.html). Kinds:
    way_tags, signal, turn, building_height, car_park_capacity, new_facility, delete_way, underpass; `twin corrections
    schema` prints their fields.
    """  # noqa: D301
    from networks import City, check_corrections

    if (city_folder is None) == (map_file is None):
        raise click.UsageError("Give either --city FOLDER or --map FILE.")
    city = City.open(city_folder) if city_folder is not None else None
    found = check_corrections(file, city=city, map_file=map_file)
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        told = "" if one.state == one.what["en"] else f": {one.what['en']}"
        click.echo(f"{file}, line {one.line}: {one.state}: {one.osm or 'new object'}{told}")
    lost = sum(one.state in ("gone", "changed") for one in found)
    click.echo(f"{len(found)} corrections, {lost} to check again")
    if found and city_folder is not None and file.resolve() != (city_folder / "corrections.yaml").resolve():
        click.echo("the city takes them when it is built again: twin build FILE --corrections " + str(file), err=True)


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
