"""`twin scenario check|schema`."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group("scenario", short_help="Check scenario files; print their JSON Schema.")
def scenario_command() -> None:
    """Check scenario files; print their JSON Schema."""


@scenario_command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "city_folder", type=click.Path(path_type=Path), help="City folder: check edges and places too.")
def check(file: Path, city_folder: Path | None) -> None:
    """Check FILE; a mistake is told with its line."""
    from scenarios import check_scenario, read_scenario

    scenario = read_scenario(file)
    if city_folder is not None:
        from networks import City

        check_scenario(scenario, City.open(city_folder), file=file)
    kinds = ", ".join(item.kind for item in scenario.interventions) or "no interventions"
    against = f" in {city_folder}" if city_folder else " (not checked against a city: give --city)"
    click.echo(f"{file}: {scenario.name} is right{against}: {kinds}")


@scenario_command.command("schema")
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from scenarios import scenario_schema

    click.echo(json.dumps(scenario_schema(), indent=2, ensure_ascii=False))
