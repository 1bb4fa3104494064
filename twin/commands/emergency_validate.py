"""`twin emergency validate`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.check_table import TABLE, finish, keep, show, show_head


@click.command("validate")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with osm/monaco.osm.pbf, osm/shanghai_center.osm.gz: the searches on their streets too.",
)
@TABLE
def validate(data: Path | None, table: Path | None) -> None:
    """Hold routes, sites, control rooms and drives in water to answers that are known, and say what is missed."""
    from scenarios.emergency.validation import on_cities
    from scenarios.emergency.validation import validate as run_all

    show_head()
    checks, left_out = run_all(show), list[str]()

    def leave(place: str) -> None:
        left_out.append(f"{place}: no data")
        click.echo(f"left out: no data in {data and data / place}")

    if data is not None:
        for check in on_cities(data, leave):
            show(check)
            checks.append(check)
    parts = ("osm/monaco.osm.pbf", "osm/shanghai_center.osm.gz")
    keep("emergency", checks, table, data, parts, left_out if data else parts)
    finish(checks)
