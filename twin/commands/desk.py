"""`twin desk`: what is recommended and who decided; its other commands lie beside (`desk_*.py`)."""

from __future__ import annotations

import json
from pathlib import Path

import click

from twin.commands.desk_copy import copy_command
from twin.commands.desk_decide import (
    approve_command,
    change_command,
    reject_command,
    rollback_command,
    withdraw_command,
)
from twin.commands.desk_people import people_command
from twin.commands.desk_place import DESK, open_desk
from twin.commands.desk_rules import authority_command, autonomy_command, clock_command, mode_command
from twin.commands.desk_told import document, line, what_next

_STATES = ["proposed", "approved", "rejected", "expired", "withdrawn"]


@click.group("desk", short_help="Recommendations: list, show, approve, change, reject, roll back; people and rules.")
@DESK
@click.pass_context
def desk_command(ctx: click.Context, place: str) -> None:
    """What is recommended, and who decided what, when and why."""
    ctx.obj = place


@desk_command.command("list")
@click.option(
    "--status", type=click.Choice(["proposed", "approved", "rejected", "expired", "withdrawn"]), help="Only these."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document per line.")
@click.pass_obj
def list_entries(place: str, status: str | None, as_json: bool) -> None:
    """List recommendations, newest first."""
    desk = open_desk(place)
    entries = desk.entries(status)
    for entry in entries:
        click.echo(json.dumps(document(entry), ensure_ascii=False) if as_json else line(entry))
    if not entries and not as_json:
        click.echo("nothing on the desk" + (f" that is {status}" if status else ""), err=True)


@desk_command.command("show")
@click.argument("rec")
@click.pass_obj
def show(place: str, rec: str) -> None:
    """Show one recommendation and all that happened to it."""
    desk = open_desk(place)
    entry = desk.entry(rec)
    click.echo(json.dumps(document(entry), ensure_ascii=False, indent=2))
    for sentence in what_next(desk, entry):
        click.echo(sentence)
    for row in desk.audit(entry.rec_id):
        click.echo(f"{row.at:%Y-%m-%d %H:%M:%S}Z  {row.who}: {row.action}{': ' + row.detail if row.detail else ''}")


@desk_command.command("audit")
@click.pass_obj
def audit(place: str) -> None:
    """Everything that happened at this desk, oldest first."""
    for row in open_desk(place).audit():
        click.echo(f"{row.seq}  {row.at.isoformat()}  {row.who}  {row.action}  {row.rec_id or '-'}  {row.detail}")


@desk_command.command("export")
@click.argument("rec")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: REC.add.xml]")
@click.pass_obj
def export(place: str, rec: str, out: Path | None) -> None:
    """Write an approved signal plan as a SUMO additional file."""
    from twin.export import export_signal_plans

    desk = open_desk(place)
    entry = desk.entry(rec)
    out = out or Path(f"{entry.rec_id}.add.xml")
    lights = export_signal_plans(entry, out)
    desk.note("twin", "export", entry.rec_id, str(out))
    click.echo(f"{out}: signal plans of {len(lights)} lights: {', '.join(lights)}")


for _command in (
    approve_command,
    change_command,
    reject_command,
    rollback_command,
    withdraw_command,
    mode_command,
    people_command,
    autonomy_command,
    authority_command,
    clock_command,
    copy_command,
):
    desk_command.add_command(_command)
