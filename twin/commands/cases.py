"""`twin cases list|show|ack|done|refuse|sign|close|review`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from twin.desk import Case
    from twin.plans import Change, PlanBook


@click.group("cases", short_help="Response plans at work: who is called, who answered, what waits for a signature.")
@click.option(
    "--desk",
    "place",
    default="out/desk.sqlite",
    envvar="TWIN_DESK",
    show_default=True,
    help="The desk's database: a SQLite file or any SQLAlchemy URL. Also from TWIN_DESK.",
)
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
    who = click.option("--who", required=True, help="Who answers: the agency, and the person's place in it.")
    return click.argument("case_id", metavar="CASE")(click.argument("task")(who(words(click.pass_obj(command)))))


@cases_command.command("ack")
@_answering
def ack(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """An agency has heard of TASK; late is kept, and told."""
    _tell(_book(place).answer(case_id, task, "acknowledged", who=who, words=words))


@cases_command.command("done")
@_answering
def done(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """TASK is done."""
    _tell(_book(place).answer(case_id, task, "done", who=who, words=words))


@cases_command.command("refuse")
@_answering
def refuse(place: str, case_id: str, task: str, who: str, words: str) -> None:
    """An agency cannot do TASK: the next is called at once."""
    _tell(_book(place).answer(case_id, task, "refused", who=who, words=words))


def _signing(command: Callable[..., Any]) -> Callable[..., Any]:
    who = click.option("--who", required=True, help="The person.")
    role = click.option("--role", required=True, help="Their role at the desk.")
    why = click.option("--why", required=True, help="The reason.")
    return who(role(why(click.pass_obj(command))))


@cases_command.command("sign")
@click.argument("case_id", metavar="CASE")
@click.argument("task")
@click.option("--refuse", "refused", is_flag=True, help="Refuse to sign.")
@_signing
def sign(place: str, case_id: str, task: str, refused: bool, who: str, role: str, why: str) -> None:
    """Sign a level (sign:II) or the end (end:1)."""
    _tell(_book(place).sign(case_id, task, who=who, role=role, why=why, agree=not refused))


@cases_command.command("close")
@click.argument("case_id", metavar="CASE")
@_signing
def close(place: str, case_id: str, who: str, role: str, why: str) -> None:
    """End a case by hand, whatever holds; all who were called are told."""
    _tell(_book(place).close(case_id, who=who, role=role, why=why))


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
    """The desk's cases; those of a drill's desk are exercises."""
    from networks.errors import NotThere
    from twin.desk import Book
    from twin.plans import PlanBook

    if "://" not in place and not Path(place).is_file():
        raise NotThere("no desk here", file=place, remedy="twin serve and twin drill make one; --desk names another")
    return PlanBook(Book.open(place), [])


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
