"""`twin flood validate`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.check_table import finish, show, show_head


@click.command("validate")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with flood/ea_test4, flood/swashes, flood/merewether: published cases are run too.",
)
@click.option("--long", "long_", is_flag=True, help="With --data: the cases that take a quarter of an hour too.")
def validate(data: Path | None, long_: bool) -> None:
    """Run the flood solver on cases whose answer is known, and print what it must reach beside what it does."""
    from models.flood.validation import published
    from models.flood.validation import validate as run_all

    show_head()
    checks = run_all(show)
    if data is not None:
        for check in published(data, lambda place: click.echo(f"left out: no data in {data / place}"), long=long_):
            show(check)
            checks.append(check)
    finish(checks)
