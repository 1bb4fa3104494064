"""`twin cases list|show|ack|done|refuse|sign|close|review`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_place import DESK, WHO, WHY, identify, open_desk

if TYPE_CHECKING:
    from twin.desk import Case
    from twin.plans import Change, PlanBook


@click.group("cases", short_help="Response plans at work: who is called, who answered, what waits for a signature.")
@DESK
@click.pass_context
def cases_command(ctx: click.Context, place: str) -> None:
    """Response plans at work: who is called, who answered, what waits for a signature."""
    ctx.obj = place


@cases_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@click.pass_obj
def list_cases(place: str, everything: bool) -> None:
    """List cases, oldest first, with what they wait for."""
    from twin.plans import waits_for

    found = _book(place).cases.all(closed=None if everything else False)
    for case in found:
        click.echo(_line(case))
        for one in waits_for(case):
            click.echo(f"    {one['en']}")
    if not found:
        click.echo("no case" + ("" if everything else " is open"), err=True)


@cases_command.command("show")
@click.argument("case_id", metavar="CASE")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
@click.pass_obj
def show(place: str, case_id: str, lang: str) -> None:
    """Show all that happened in a case, in its order."""
    from twin.plans import review, waits_for

    book = _book(place)
    case = book.cases.one(case_id)
    click.echo(_line(case))
    for told in review(book.book, case.case_id).story:
        click.echo(f"{told.at:%m-%d %H:%M}Z  {told.text[lang]}")
    for one in waits_for(case):
        click.echo(one[lang])


def _answering(command: Callable[..., Any]) -> Callable[..., Any]:
    words = click.option("--words", default="", help="What they say.")
    who = click.option("--who", required=True, help="Who answers: the agency, or somebody in it.")
    return click.argument("case_id", metavar="CASE")(click.argument("task")(who(words(click.pass_obj(command)))))


@cases_command.command("ack")
@_answering
def ack(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """An agency has heard of TASK; late is kept, and told."""
    _answer(place, case_id, task, "acknowledged", who, words)


@cases_command.command("done")
@_answering
def done(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """TASK is done."""
    _answer(place, case_id, task, "done", who, words)


@cases_command.command("refuse")
@_answering
def refuse(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """An agency cannot do TASK: the next is called at once."""
    _answer(place, case_id, task, "refused", who, words)


def _signing(command: Callable[..., Any]) -> Callable[..., Any]:
    role = click.option("--role", help="Your role, at a desk that knows no people.")
    return WHO(role(WHY(click.pass_obj(command))))


@cases_command.command("sign")
@click.argument("case_id", metavar="CASE")
@click.argument("task")
@click.option("--refuse", "refused", is_flag=True, help="Refuse to sign.")
@_signing
def sign(place: str, case_id: str, task: str, refused: bool, who: str | None, role: str | None, why: str) -> None:
    """Sign a level (sign:II) or the end (end:1)."""
    name, known = _signer(place, who, role)
    _tell(_book(place).sign(case_id, task, who=name, role=known, why=why, agree=not refused))


@cases_command.command("close")
@click.argument("case_id", metavar="CASE")
@_signing
def close(place: str, case_id: str, who: str | None, role: str | None, why: str) -> None:
    """End a case by hand, whatever holds; all who were called are told."""
    name, known = _signer(place, who, role)
    _tell(_book(place).close(case_id, who=name, role=known, why=why))


@cases_command.command("review")
@click.argument("case_id", metavar="CASE")
@click.option("--out", type=click.Path(path_type=Path), help="File to write.  [default: CASE.html]")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of the page, as Asia/Shanghai.")
@click.pass_obj
def write_review(place: str, case_id: str, out: Path | None, zone: str) -> None:
    """Write the review of a case, from the audit alone."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from networks.errors import BadInput
    from twin.plans import review
    from viz import review_page

    try:
        shown = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"no such time zone: {zone}", place="--zone", expected="a name such as Asia/Shanghai") from error
    book = _book(place)
    case = book.cases.one(case_id)
    file = out or Path(f"{case.case_id}.html")
    beside = file.with_name(file.name + ".new")
    beside.write_text(review_page(review(book.book, case.case_id, shown)), encoding="utf-8")
    beside.replace(file)
    click.echo(str(file))


def _book(place: str) -> PlanBook:
    """The desk's cases; commands open none of their own."""
    from twin.plans import PlanBook

    return PlanBook(open_desk(place).book, [])


def _signer(place: str, who: str | None, role: str | None) -> tuple[str, str]:
    """Who signs, and in which role: proved by a token where the desk knows people, else as it was said."""
    from networks.errors import BadInput

    desk = open_desk(place)
    name = identify(desk, who)
    known = next((person.role for person in desk.people.all() if person.name == name), role)
    if known is None:
        raise BadInput("nobody says in which role this is signed", place="--role", remedy="add --role operator")
    return name, known


def _answer(place: str, case_id: str, task: str, state: str, who: str, words: str) -> None:
    """Note an agency's answer; where the desk knows people, by somebody who may."""
    from networks.errors import Refused
    from twin.desk import may

    desk = open_desk(place)
    if desk.people.all():
        name, role = _signer(place, None, None)
        if not may(role, "acknowledge"):
            raise Refused(f"{name}, {role}, may not note answers", place=case_id, remedy="ask an operator")
    _tell(_book(place).answer(case_id, task, state, who=who, words=words))


def _tell(changes: list[Change]) -> None:
    for change in changes:
        click.echo(f"{'EXERCISE  ' if change.exercise else ''}{change.case_id}  {change.text['en']}")


def _line(case: Case) -> str:
    mark = "EXERCISE  " if case.exercise else ""
    state = f"closed {case.closed_at:%m-%d %H:%M}Z" if case.closed_at else "open"
    if case.closed_at is None and case.quiet_since is not None:
        state += f", quiet since {case.quiet_since:%H:%M}Z"
    subject = f"  {case.subject}" if case.subject else ""
    return f"{mark}{case.case_id}  level {case.level}  since {case.opened_at:%m-%d %H:%M}Z  {state}{subject}"
