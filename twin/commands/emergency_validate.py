"""`twin emergency validate`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.check_table import finish, show, show_head


@click.command("validate")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with osm/monaco.osm.pbf, osm/shanghai_center.osm.gz: the searches on their streets too.",
)
def validate(data: Path | None) -> None:
    """Hold routes, sites, control rooms and drives in water to answers that are known, and say what is missed."""
    from scenarios.emergency.validation import on_cities
    from scenarios.emergency.validation import validate as run_all

    show_head()
    checks = run_all(show)
    if data is not None:
        for check in on_cities(data, lambda place: click.echo(f"left out: no data in {data / place}")):
            show(check)
            checks.append(check)
    finish(checks)
