"""`twin doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from twin.doctor.finding import Finding

WRONG = 6
"""Exit status when something is wrong; what is merely missing, or failed a check, leaves 0."""
_LOOKS = {
    "ok": ("green", "ok"),
    "missing": ("yellow", "missing"),
    "failed": ("yellow", "failed"),
    "wrong": ("bold red", "WRONG"),
}


@click.command("doctor", short_help="Say what is missing on this machine and in a city, and what to do.")
@click.argument("city", type=click.Path(path_type=Path), required=False)
def doctor_command(city: Path | None) -> None:
    """Look at this machine, and at the City folder CITY when it is given.

    Each line says `ok`, `missing` (the twin works, but does less), `failed` (a check of the city's quality did not
    pass) or `WRONG` (it does not work), what was found, and what to do. Ends with status 6 when something is wrong.
    """
    from rich.console import Console

    from twin.doctor.city import city_findings
    from twin.doctor.machine import machine_findings

    console = Console(highlight=False)
    found = _show(console, "This machine", machine_findings(Path.cwd()))
    if city is not None:
        found += _show(console, f"City {city}", city_findings(city))
    wrong, failed, missing, fine = (
        sum(one.state == state for one in found) for state in ("wrong", "failed", "missing", "ok")
    )
    told = f"{failed} failed, " if city is not None else ""
    console.print(f"\n{wrong} wrong, {told}{missing} missing, {fine} ok")
    if city is None:
        console.print("To look at a city too: twin doctor CITY")
    if wrong:
        click.get_current_context().exit(WRONG)


def _show(console: Console, title: str, findings: list[Finding]) -> list[Finding]:
    """What needs a hand first, then what is well; one paragraph each, so that a narrow terminal breaks no table."""
    from rich.markup import escape
    from rich.table import Table

    console.print(f"\n[bold]{escape(title)}[/bold]")
    order = ("wrong", "failed", "missing", "ok")
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=9, justify="right")
    grid.add_column(overflow="fold")
    for one in sorted(findings, key=lambda finding: order.index(finding.state)):
        colour, word = _LOOKS[one.state]
        grid.add_row(f"[{colour}]{word}[/{colour}]", f"[bold]{escape(one.name)}[/bold]: {escape(one.found)}")
        if one.todo:
            grid.add_row("", f"-> {escape(one.todo)}")
    console.print(grid)
    return findings
