"""`twin emergency orders`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.emergency_incident_page import told_orders, write_pages

if TYPE_CHECKING:
    from models.emergency.incidents.board import State
    from scenarios.emergency.kept_incident import KeptIncident

REPORTS: dict[str, State] = {
    "ack": "acknowledged",
    "roll": "under_way",
    "there": "there",
    "done": "done",
    "withdraw": "withdrawn",
}
"""What an operator types -> what the order then is."""


@click.command("orders")
@click.argument("incident", type=click.Path(path_type=Path))
@click.argument("report", type=click.Choice(list(REPORTS)), required=False)
@click.argument("unit", required=False)
@click.option("--who", default="", help="Who reports; needed with a report.")
@click.option("--why", default="", help="A word more, kept in the log.")
@click.option("--after", type=click.FloatRange(0), help="Seconds after the orders were given.  [default: the clock's]")
@click.option("--watch", type=click.FloatRange(1, 3600), help="Look again every so many seconds, until all is done.")
def orders(
    incident: Path, report: str | None, unit: str | None, who: str, why: str, after: float | None, watch: float | None
) -> None:
    """Follow the orders of INCIDENT, a folder of `twin emergency incident`, and take REPORTs of a UNIT.

    An order that is not acknowledged within 60 s goes to somebody else when it is next looked at; `--watch` looks.
    incident.html and orders.csv are written anew, log.jsonl keeps every report, also those that do not count.

    \b
    twin emergency orders out/fire
    twin emergency orders out/fire ack E1 --who "desk 2"
    twin emergency orders out/fire --watch 5
    """  # noqa: D301
    from networks.errors import BadInput
    from scenarios.emergency.kept_incident import KeptIncident

    if report and not unit:
        raise BadInput(
            f"{report}, but of which unit?", place="UNIT", expected=f"twin emergency orders DIR {report} UNIT"
        )
    kept = KeptIncident(incident)
    now_s = kept.now_s(after)
    try:
        if report and unit:
            kept.report(unit, REPORTS[report], now_s, who=who, why=why)
    finally:
        if report:
            write_pages(incident, kept, now_s)
    _show(kept, now_s)
    if watch:
        _watch(kept, watch)


def _show(kept: KeptIncident, now_s: float) -> None:
    kept.look(now_s)
    write_pages(kept.folder, kept, now_s)
    click.echo("\n".join(told_orders(kept, now_s)))


def _watch(kept: KeptIncident, every_s: float) -> None:
    """Say what changes, until no order is open."""
    import time

    before = told_orders(kept, kept.now_s())
    while any(one.live and one.state != "done" for one in kept.board.orders):
        time.sleep(every_s)
        kept.look(kept.now_s())
        lines = told_orders(kept, kept.now_s())
        for line in lines:
            if line not in before:
                click.echo(f"+{kept.now_s() - kept.board.begin_s:.0f} s {line}")
        if lines != before:
            write_pages(kept.folder, kept, kept.now_s())
        before = lines
