"""`twin flood validate`."""

from __future__ import annotations

from pathlib import Path

import click

from twin.check_table import TABLE, finish, keep, show, show_head


@click.command("validate")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with flood/ea_test4, flood/swashes, flood/merewether: published cases are run too.",
)
@click.option("--long", "long_", is_flag=True, help="With --data: the cases that take a quarter of an hour too.")
@TABLE
def validate(data: Path | None, long_: bool, table: Path | None) -> None:
    """Run the flood solver on cases whose answer is known, and print what it must reach beside what it does."""
    from models.flood.validation import published
    from models.flood.validation import validate as run_all

    show_head()
    checks, left_out = run_all(show), [] if long_ else ["the cases of --long"]

    def leave(place: str) -> None:
        left_out.append(f"{place}: no data")
        click.echo(f"left out: no data in {data and data / place}")

    if data is not None:
        for check in published(data, leave, long=long_):
            show(check)
            checks.append(check)
    parts = ("flood/ea_test4", "flood/swashes", "flood/merewether")
    keep("flood", checks, table, data, parts, left_out if data else [*left_out, *parts])
    finish(checks)
