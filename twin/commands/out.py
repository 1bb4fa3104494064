"""`twin out list|show|dead|retry|test`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twin.commands.desk_place import WHO, WHY, allowed, open_desk

if TYPE_CHECKING:
    from twin.out import Letter, Mailroom, Receiver


@click.group("out", short_help="What left the twin: messages, answers, dead letters.")
@click.option(
    "--desk",
    "place",
    default="out/desk.sqlite",
    envvar="TWIN_DESK",
    show_default=True,
    help="The desk's database: a SQLite file or any SQLAlchemy URL. Also from TWIN_DESK.",
)
@click.pass_context
def out_command(ctx: click.Context, place: str) -> None:
    """What left the twin, what its receivers said, and what could not leave."""
    ctx.obj = place


_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document per line.")


@out_command.command("list")
@click.option("--state", "states", multiple=True, help="Only these states, as waiting, taken, done; may be repeated.")
@click.option("--rec", help="Only what carries out this recommendation, alarm or case.")
@_JSON
@click.pass_obj
def list_letters(place: str, states: tuple[str, ...], rec: str | None, as_json: bool) -> None:
    """List messages in the order in which they were handed in."""
    _tell(_open(place).letters(states, rec_id=rec), as_json, "nothing left, and nothing waits")


@out_command.command("dead")
@_JSON
@click.pass_obj
def dead(place: str, as_json: bool) -> None:
    """List what a person has to look at: given up, refused, or taken and never done."""
    from twin.out import DEAD

    _tell(_open(place).letters(DEAD), as_json, "no dead letters")


@out_command.command("show")
@click.argument("key")
@click.pass_obj
def show(place: str, key: str) -> None:
    """Show one message and all that happened to it; the beginning of its KEY is enough."""
    letter = _open(place).letter(key)
    click.echo(json.dumps(_document(letter), ensure_ascii=False, indent=2))
    for step in letter.steps:
        due = f" (looked at again {step.due:%H:%M:%S}Z)" if step.due else ""
        click.echo(f"{step.at:%Y-%m-%d %H:%M:%S}Z  {step.state:8}  {step.detail}{due}")


@out_command.command("retry")
@click.argument("key")
@WHO
@WHY
@click.pass_obj
def retry(place: str, key: str, who: str | None, why: str) -> None:
    """Let a dead letter be sent again, with its own key; the running twin sends it if something still allows it."""
    name = allowed(open_desk(place), who, "approve")
    click.echo(_line(_open(place).retry(key, who=name, why=why)))


@out_command.command("test")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--send", "receiver", help="Send this receiver a message marked as an exercise, which orders nothing.")
@click.option("--who", help="Who sends it; needed with --send.")
@click.option("--wait", "wait_s", type=float, default=5.0, show_default=True, help="Wait so long for its answer (s).")
@click.pass_obj
def test(place: str, file: Path, receiver: str | None, who: str | None, wait_s: float) -> None:
    """Check a file of receivers: how each would be told a sample. Nothing leaves without --send."""
    from twin.out import read_receivers

    receivers = read_receivers(file)
    if receiver is None:
        for one in receivers.all:
            click.echo(f"{one.id}  {one.way.kind}  {one.words.format}")
            for kind in one.takes:
                click.echo(f"    {kind:14}  {_worded(one, kind)}")
        return
    if not who or not who.strip():
        raise click.UsageError("--send needs --who: the audit says who sent it")
    _send(place, receivers, receiver, who, wait_s)


def _worded(receiver: Receiver, kind: str) -> str:
    """How a sample would travel, or why it cannot be told."""
    from networks.errors import BadInput

    try:
        written = receiver.words.written(_sample(receiver.id, kind))
    except BadInput as error:
        return f"a sample cannot be told: {error.what}"
    return f"{len(written.payload)} bytes of {written.content_type}"


def _send(place: str, receivers: Any, name: str, who: str, wait_s: float) -> None:
    import time

    from twin.desk import Book
    from twin.out.message import Hearing

    one = receivers.receiver(name)
    book = Book.open(place)
    (channel,) = (made for made in receivers.channels(book.clock) if made.name == name)
    message = _sample(name, one.takes[0])
    answer = channel.send(message)
    said = [answer]
    ends = time.monotonic() + wait_s
    while isinstance(channel, Hearing) and len(said) == 1 and answer.state == "sent" and time.monotonic() < ends:
        time.sleep(0.1)
        for heard in channel.heard():
            if heard.key == message.key:
                said.append(heard.answer)
                channel.noted(heard)
    with book.work() as link:
        book.note(link, who, "test message", None, f"to {name}, key {message.key}: {said[-1].state} {said[-1].detail}")
    for words in said:
        click.echo(f"{name}: {words.state}{': ' + words.detail if words.detail else ''}")
    if isinstance(channel, Hearing):
        channel.close()


def _sample(name: str, kind: str) -> Any:
    from datetime import UTC, datetime, timedelta

    from twin.out import OutMessage, key_of

    now = datetime.now(UTC).replace(microsecond=0)
    body: dict[str, Any] = {
        "title": {"en": "Test message: do nothing", "zh": "测试消息：请勿执行"},
        "text": {"en": "This is an exercise.", "zh": "这是演练。"},
        "at": now.isoformat(),
        "level": "IV",
        "event": "incident",
        "exercise": True,
        "area": {"en": "nowhere", "zh": "无"},
        "places": {"nowhere": [0.0, 0.0]},
        "interventions": [],
    }
    return OutMessage(key_of(name, kind, "test", body), name, kind, body, "test", "test", now + timedelta(minutes=5))


def _open(place: str) -> Mailroom:
    from networks.errors import NotThere
    from twin.desk import Book
    from twin.out import Mailroom

    if "://" not in place and not Path(place).is_file():
        raise NotThere(
            "no desk here", file=place, remedy="twin demo or twin serve make one; --desk names another place"
        )
    return Mailroom(Book.open(place), (), lambda _: None)


def _tell(letters: Sequence[Letter], as_json: bool, otherwise: str) -> None:
    for letter in letters:
        click.echo(json.dumps(_document(letter), ensure_ascii=False) if as_json else _line(letter))
    if not letters and not as_json:
        click.echo(otherwise, err=True)


def _document(letter: Letter) -> dict[str, Any]:
    from twin.out.words.order import order_of

    last = letter.last
    told = {"receiver": letter.message.channel, "state": letter.state, "at": last.at.isoformat(), "detail": last.detail}
    return order_of(letter.message) | told | {"sends": letter.sends}


def _line(letter: Letter) -> str:
    message, last = letter.message, letter.last
    head = f"{message.key[:12]:12}  {letter.state:8}  {message.kind} to {message.channel} for {message.rec_id}"
    return f"{head}  {last.at:%m-%d %H:%M:%S}Z  sent {letter.sends} times: {last.detail}"
