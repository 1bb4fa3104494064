"""The table that every `validate` prints, one line a check, and the exit status that it ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.check import Check

MISSED = 3
"""Exit status where a gate was missed."""


def show_head() -> None:
    """Print the names of the columns."""
    click.echo(f"{'case':<46} {'kind':<13} {'measure':<33} {'gate':>8} {'ours':>8}")


def show(check: Check) -> None:
    """Print one check as soon as it is known."""
    mark = "" if check.passed else "  MISSED"
    gate = "-" if check.gate is None else f"{check.gate:g}"
    value = f"{check.value:.3g}" if check.value else "0"
    click.echo(f"{check.name:<46} {check.kind:<13} {check.measure:<33} {gate:>8} {value:>8}{mark}")


def finish(checks: list[Check]) -> None:
    """Say how many gates were met, and end the command with `MISSED` where one was not."""
    from models.check import failed

    missed, gates = failed(checks), [check for check in checks if check.gate is not None]
    click.echo(f"{len(gates) - len(missed)} of {len(gates)} gates met")
    if missed:
        click.get_current_context().exit(MISSED)
