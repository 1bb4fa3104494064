"""`twin alarms list|show|judge|shelve|ledger|thresholds`."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.desk_place import DESK, WHO, WHY, allowed, open_desk

if TYPE_CHECKING:
    from twin.alarms import Alarm, AlarmBook


@click.group("alarms", short_help="What is wrong, or will be: list, show, judge; how early and how often false.")
@DESK
@click.pass_context
def alarms_command(ctx: click.Context, place: str) -> None:
    """What is wrong, or will be: findings of one cause are one alarm."""
    ctx.obj = place


@alarms_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over or only watched, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document per line.")
@click.pass_obj
def list_alarms(place: str, everything: bool, as_json: bool) -> None:
    """List alarms that stand, the worst first; ! asks somebody to act."""
    from twin.alarms import alarm_json

    book = _open(place)
    found = [one for one in book.alarms(standing=not everything) if everything or one.raised]
    for one in sorted(found, key=lambda one: (not one.actionable, -one.severity, one.first_seen)):
        click.echo(json.dumps(alarm_json(one), ensure_ascii=False) if as_json else _line(one))
    if not found and not as_json:
        click.echo("no alarm stands; --all shows those that are over or only watched", err=True)


@alarms_command.command("show")
@click.argument("alarm")
@click.pass_obj
def show(place: str, alarm: str) -> None:
    """Show one alarm, all findings in it, and all that happened to it."""
    from twin.alarms import alarm_json

    book = _open(place)
    one = book.alarm(alarm)
    click.echo(json.dumps(alarm_json(one), ensure_ascii=False, indent=2))
    for row in book.book.audit(one.alarm_id):
        click.echo(f"{row.at:%Y-%m-%d %H:%M:%S}Z  {row.who}: {row.action}{': ' + row.detail if row.detail else ''}")


@alarms_command.command("judge")
@click.argument("alarm")
@click.argument("verdict", type=click.Choice(["confirm", "false", "unsure"]))
@WHO
@WHY
@click.pass_obj
def judge(place: str, alarm: str, verdict: str, who: str | None, why: str) -> None:
    """Say whether an alarm was right; the ledger counts it. A false alarm asks nobody to act any more."""
    book, name = _opened(place, who, "judge")
    click.echo(_line(book.judge(alarm, verdict, name, why)))


@alarms_command.command("shelve")
@click.argument("alarm")
@click.option("--minutes", type=click.FloatRange(1, 24 * 60), required=True, help="For so long, by the desk's clock.")
@WHO
@WHY
@click.pass_obj
def shelve(place: str, alarm: str, minutes: float, who: str | None, why: str) -> None:
    """Hear no more of an alarm for a while, unless it gets worse."""
    book, name = _opened(place, who, "shelve")
    click.echo(_line(book.shelve(alarm, book.book.clock() + timedelta(minutes=minutes), name, why)))


@alarms_command.command("ledger")
@click.option("--days", type=click.FloatRange(min=0, min_open=True), help="So many days back.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="One JSON document per line.")
@click.pass_obj
def ledger_of(place: str, days: float | None, as_json: bool) -> None:
    """How early alarms came and how many were false, by kind; also of those that nobody judged."""
    from dataclasses import asdict

    from twin.alarms import ledger

    book = _open(place)
    found = book.alarms()
    ends = max([book.book.clock(), *(one.last_seen for one in found)])
    begins = ends - timedelta(days=days) if days else min((one.first_seen for one in found), default=ends)
    rows = ledger(found, begins, ends) if begins < ends else []
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row) | {"precision": row.precision}))
        return
    heads = ("alarms", "a day", "confirmed", "false", "unsure", "came", "stayed away", "pending", "lead, min")
    click.echo(f"alarms that asked somebody to act, {begins:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC")
    click.echo("kind       " + "  ".join(heads))
    for row in rows:
        lead = "-" if row.lead_min is None else f"{row.lead_min:+.0f}"
        counts = (row.confirmed, row.false, row.unsure, row.came, row.stayed_away, row.pending)
        said = (str(row.alarms), f"{row.per_day:.1f}", *map(str, counts), lead)
        told = "  ".join(f"{one:>{len(head)}}" for head, one in zip(heads, said, strict=True))
        click.echo(f"{row.kind:9}  {told}")
    click.echo(
        "confirmed, false, unsure: people said so. came, stayed away, pending: nobody did; by the twin's own word."
    )
    click.echo("lead: median minutes from asking somebody to act to the trouble; negative where it was there before.")


@alarms_command.command("thresholds")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def thresholds(file: Path | None) -> None:
    """Print the shipped thresholds, each with its source; or check a FILE of one's own."""
    from twin.alarms import SHIPPED, read_thresholds

    if file is None:
        click.echo(SHIPPED.read_text(encoding="utf-8"), nl=False)
        return
    read_thresholds(file)
    click.echo(f"{file}: these thresholds can be used")


def _open(place: str) -> AlarmBook:
    from twin.alarms import AlarmBook

    return AlarmBook(open_desk(place).book)


def _opened(place: str, who: str | None, act: str) -> tuple[AlarmBook, str]:
    """The alarms, and whose hand it is."""
    from twin.alarms import AlarmBook

    desk = open_desk(place)
    return AlarmBook(desk.book), allowed(desk, who, act)


def _line(one: Alarm) -> str:
    since = (one.raised or one.first_seen).astimezone(UTC)
    mark = "!" if one.actionable else " "
    more = f" (+{len(one.findings) - 1})" if len(one.findings) > 1 else ""
    said = f"  [{one.judgement.verdict} by {one.judgement.who}]" if one.judgement else ""
    return f"{mark} {one.alarm_id}  {one.level:3}  {one.state:7}  {since:%m-%d %H:%M}Z  {one.text['en']}{more}{said}"
