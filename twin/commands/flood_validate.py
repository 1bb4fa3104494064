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
    "--data", type=click.Path(path_type=Path), help="Folder with flood/ea_test4: published cases are run too."
)
def validate(data: Path | None) -> None:
    """Run the flood solver on cases whose answer is known, and print what it must reach beside what it does."""
    from models.flood.validation import failed
    from models.flood.validation import validate as run_all

    click.echo(f"{'case':<46} {'kind':<13} {'measure':<29} {'gate':>8} {'ours':>8}")
    checks = run_all(_show)
    if data is not None:
        from models.flood.validation.published import published

        for check in published(data):
            _show(check)
            checks.append(check)
    missed = failed(checks)
    click.echo(f"{len(checks) - len(missed)} of {len(checks)} gates met")
    if missed:
        click.get_current_context().exit(MISSED)


def _show(check: Check) -> None:
    mark = "" if check.passed else "  MISSED"
    value = f"{check.value:.2g}" if check.value else "0"
    click.echo(f"{check.name:<46} {check.kind:<13} {check.measure:<29} {check.gate:>8g} {value:>8}{mark}")
