"""`twin flood validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.flood.validation import Check

MISSED = 3
"""Exit status where a gate was missed."""


@click.command("validate")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Folder with flood/ea_test4, flood/swashes, flood/merewether: published cases are run too.",
)
@click.option("--long", "long_", is_flag=True, help="With --data: the cases that take a quarter of an hour too.")
def validate(data: Path | None, long_: bool) -> None:
    """Run the flood solver on cases whose answer is known, and print what it must reach beside what it does."""
    from models.flood.validation import failed, published
    from models.flood.validation import validate as run_all

    click.echo(f"{'case':<46} {'kind':<13} {'measure':<33} {'gate':>8} {'ours':>8}")
    checks = run_all(_show)
    if data is not None:
        for check in published(data, lambda place: click.echo(f"left out: no data in {data / place}"), long=long_):
            _show(check)
            checks.append(check)
    missed, gates = failed(checks), [check for check in checks if check.gate is not None]
    click.echo(f"{len(gates) - len(missed)} of {len(gates)} gates met")
    if missed:
        click.get_current_context().exit(MISSED)


def _show(check: Check) -> None:
    mark = "" if check.passed else "  MISSED"
    gate = "-" if check.gate is None else f"{check.gate:g}"
    value = f"{check.value:.3g}" if check.value else "0"
    click.echo(f"{check.name:<46} {check.kind:<13} {check.measure:<33} {gate:>8} {value:>8}{mark}")
