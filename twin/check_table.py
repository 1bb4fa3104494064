"""The table that every `validate` prints, one line a check, and the exit status that it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from models.check import Check

TABLE = click.option(
    "--table", type=click.Path(path_type=Path), help="Folder for the table that twin validation shows (NAME.json)."
)

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


def keep(
    name: str, checks: list[Check], table: Path | None, data: Path | None, parts: Sequence[str], left_out: Sequence[str]
) -> None:
    """Write the table, where one was asked for.

    Args:
        name: Of the validation.
        checks: What was found.
        table: The folder; None: nothing is written.
        data: The folder of outside data.
        parts: Folders and files below it that are read.
        left_out: What was not run, and why.
    """
    if table is None:
        return
    from networks.sentence import say
    from twin.lazy_group import WORDS
    from twin.validation import record_of, rows_of, write_record

    fixed = say(
        "Gates and set-ups stand in the code; the command has no option that changes them.",
        "判定限值与算例设置写于代码中，命令没有可更改它们的选项。",
    )
    words = click.get_current_context().meta.get(WORDS, ())
    read = [data / part for part in parts] if data is not None else []
    command = " ".join(["twin", *words])
    file = write_record(table, record_of(name, command, rows_of(checks), fixed=fixed, data=read, left_out=left_out))
    click.echo(f"wrote {file}")


def finish(checks: list[Check]) -> None:
    """Say how many gates were met, and end the command with `MISSED` where one was not."""
    from models.check import failed

    missed, gates = failed(checks), [check for check in checks if check.gate is not None]
    click.echo(f"{len(gates) - len(missed)} of {len(gates)} gates met")
    if missed:
        click.get_current_context().exit(MISSED)
