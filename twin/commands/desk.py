"""`twin desk list|show|approve|reject|audit|export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twin import Desk, DeskEntry


@click.group("desk", short_help="List, show, approve or reject recommendations; export plans.")
@click.option(
    "--desk",
    "place",
    default="out/desk.sqlite",
    envvar="TWIN_DESK",
    show_default=True,
    help="The desk's database: a SQLite file or any SQLAlchemy URL. Also from TWIN_DESK.",
)
@click.pass_context
def desk_command(ctx: click.Context, place: str) -> None:
    """What is recommended, and who decided what, when and why."""
    ctx.obj = place


@desk_command.command("list")
@click.option("--status", type=click.Choice(["proposed", "approved", "rejected", "expired"]), help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document per line.")
@click.pass_obj
def list_entries(place: str, status: str | None, as_json: bool) -> None:
    """List recommendations, newest first."""
    desk = _open(place)
    entries = desk.entries(status)
    for entry in entries:
        click.echo(json.dumps(_document(entry), ensure_ascii=False) if as_json else _line(entry))
    if not entries and not as_json:
        click.echo("nothing on the desk" + (f" that is {status}" if status else ""), err=True)


@desk_command.command("show")
@click.argument("rec")
@click.pass_obj
def show(place: str, rec: str) -> None:
    """Show one recommendation and all that happened to it."""
    desk = _open(place)
    entry = desk.entry(rec)
    click.echo(json.dumps(_document(entry), ensure_ascii=False, indent=2))
    for row in desk.audit(entry.rec_id):
        click.echo(f"{row.at:%Y-%m-%d %H:%M:%S}Z  {row.who}: {row.action}{': ' + row.detail if row.detail else ''}")


_WHO = click.option("--who", required=True, help="Who decides.")
_WHY = click.option("--why", required=True, help="The reason.")


@desk_command.command("approve")
@click.argument("rec")
@_WHO
@_WHY
@click.pass_obj
def approve(place: str, rec: str, who: str, why: str) -> None:
    """Approve a recommendation."""
    click.echo(_line(_open(place).decide(rec, "approve", who=who, why=why)))


@desk_command.command("reject")
@click.argument("rec")
@_WHO
@_WHY
@click.pass_obj
def reject(place: str, rec: str, who: str, why: str) -> None:
    """Reject a recommendation."""
    click.echo(_line(_open(place).decide(rec, "reject", who=who, why=why)))


@desk_command.command("audit")
@click.pass_obj
def audit(place: str) -> None:
    """Everything that happened at this desk, oldest first."""
    for row in _open(place).audit():
        click.echo(f"{row.seq}  {row.at.isoformat()}  {row.who}  {row.action}  {row.rec_id or '-'}  {row.detail}")


@desk_command.command("export")
@click.argument("rec")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: REC.add.xml]")
@click.pass_obj
def export(place: str, rec: str, out: Path | None) -> None:
    """Write an approved signal plan as a SUMO additional file."""
    from twin.export import export_signal_plans

    desk = _open(place)
    entry = desk.entry(rec)
    out = out or Path(f"{entry.rec_id}.add.xml")
    lights = export_signal_plans(entry, out)
    desk.note("twin", "export", entry.rec_id, str(out))
    click.echo(f"{out}: signal plans of {len(lights)} lights: {', '.join(lights)}")


def _open(place: str) -> Desk:
    from networks.errors import NotThere
    from twin import Desk

    if "://" not in place and not Path(place).is_file():
        raise NotThere(
            "no desk here", file=place, remedy="twin demo or twin serve make one; --desk names another place"
        )
    return Desk.open(place)


def _document(entry: DeskEntry) -> dict[str, object]:
    document = dict(entry.document) | {"status": entry.status}
    if entry.decision is not None:
        made = entry.decision
        document["decision"] = {"who": made.who, "why": made.why, "at": made.decided_at.isoformat()}
    return document


def _line(entry: DeskEntry) -> str:
    title = entry.document.get("title") or {}
    text = title.get("en") if isinstance(title, dict) else str(title)
    by = (
        f"  by {entry.decision.who}: {entry.decision.why}"
        if entry.decision
        else f"  until {entry.document['valid_until']}"
    )
    return f"{entry.rec_id}  {entry.status:9}{by}  {entry.kind}: {text or ''}"
