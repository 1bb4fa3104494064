"""`twin feeds test`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twin.commands.time_option import SECONDS

if TYPE_CHECKING:
    from collections import Counter

    from twin.feeds import Concealing, Feed, Message

_SHOWN = 5


@click.command("test", short_help="Show what feeds would take in; nothing is written.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--feed", "only", help="Only this feed.")
@click.option("--file", "sample", type=click.Path(path_type=Path), help="Read this message instead of connecting.")
@click.option("--topic", default="", help="Topic of the sample.  [default: the file's name]")
@click.option("--for", "for_s", type=SECONDS, default="10s", show_default=True, help="How long to listen.")
def test_command(file: Path, only: str | None, sample: Path | None, topic: str, for_s: float) -> None:
    """Show what feeds would take in: rows by table, the first of them, faults with their places, what is left out.

    Nothing is written, nothing is acknowledged: the other side will send it again.

    \b
    twin feeds test feeds.yaml --feed loops --for 30s
    twin feeds test feeds.yaml --feed warnings --file sample.xml
    """  # noqa: D301
    from twin.feeds import read_feeds

    feeds = read_feeds(file)
    chosen = [feeds.feed(only)] if only else list(feeds.feeds)
    if sample is not None:
        if len(chosen) != 1:
            raise click.UsageError("say by --feed whose message the sample is")
        _tell(chosen[0], [_sample(chosen[0], sample, topic)], "")
        return
    heard = asyncio.run(_listen_to_all(chosen, for_s))
    for feed, (messages, why) in zip(chosen, heard, strict=True):
        _tell(feed, messages, why)


def _sample(feed: Feed, sample: Path, topic: str) -> Message:
    from datetime import UTC, datetime

    from networks.errors import BadInput, why_unread
    from twin.feeds import Message

    try:
        payload = sample.read_bytes()
    except OSError as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=sample, remedy="check the path") from error
    return _concealed(feed.concealing(), Message(payload, topic or sample.name, datetime.now(UTC)))


def _concealed(conceal: Concealing | None, message: Message) -> Message:
    """As it would be written down."""
    from dataclasses import replace

    return message if conceal is None else replace(message, payload=conceal.conceal(message.payload))


async def _listen_to_all(feeds: list[Feed], for_s: float) -> list[tuple[list[Message], str]]:
    return list(await asyncio.gather(*(_listen(feed, for_s) for feed in feeds)))


async def _listen(feed: Feed, for_s: float) -> tuple[list[Message], str]:
    """What came within a time, and why nothing more could."""
    heard: list[Message] = []
    conceal = feed.concealing()

    async def pull() -> None:
        async for delivery in feed.source().deliveries():
            heard.append(_concealed(conceal, delivery.message))
            if len(heard) >= 10_000:
                return

    try:
        await asyncio.wait_for(pull(), for_s)
    except TimeoutError:
        return heard, ""
    except Exception as error:  # any transport, of any package
        return heard, str(error) or type(error).__name__
    return heard, ""


def _tell(feed: Feed, messages: list[Message], why: str) -> None:
    from collections import Counter

    from twin.commands.feeds_told import printable, shown_fault, shown_row
    from twin.feeds import TABLE_OF
    from twin.feeds.understanding import understood

    head = f"{feed.id} ({feed.kind}, {feed.text.format}): {len(messages)} messages"
    click.echo(head + (f"; {printable(why.splitlines()[0], widest=200)}" if why else ""))
    made, rows, faults = feed.format(), dict[str, list[str]](), list[str]()
    counts: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for number, message in enumerate(messages):
        found = understood(made, message)
        for row in found.records:
            name = TABLE_OF[type(row)]
            counts[name] += 1
            if counts[name] <= _SHOWN:
                rows.setdefault(name, []).append(shown_row(row))
        left_out.update(found.left_out)
        where = f"message {number} ({printable(message.topic, widest=60)})"
        faults.extend(f"{where}: {shown_fault(fault)}" for fault in found.faults)
    for name, lines in rows.items():
        click.echo(f"  {name}: {counts[name]}")
        _some(lines, counts[name])
    if faults:
        click.echo(f"  cannot be used: {len(faults)}")
        _some(faults[:_SHOWN], len(faults))
    for what, many in left_out.most_common():
        click.echo(f"  left out: {printable(what, widest=80)}: {many}")
    if messages and not counts and not faults and not left_out:
        click.echo("  nothing in it is for this twin")


def _some(lines: list[str], of: int) -> None:
    for line in lines:
        click.echo(f"    {line}")
    if of > len(lines):
        click.echo(f"    ... {of - len(lines)} more")
