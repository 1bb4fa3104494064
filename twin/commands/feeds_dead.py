"""`twin feeds dead`."""

from __future__ import annotations

import getpass
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from twin.feeds import Dead, FeedSet
    from twin.feeds.mending import Again
    from twin.store import FeedStore

_SHOWN = 20


class _Group(click.Group):
    """A group whose first argument is the file of feeds; its commands come after it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if len(args) > 1 and args[0] in self.commands and args[1] not in self.commands:
            args[0], args[1] = args[1], args[0]
        return super().parse_args(ctx, args)


@click.group("dead", cls=_Group, invoke_without_command=True, short_help="Messages that could not be used.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.pass_context
def dead_command(ctx: click.Context, file: Path) -> None:
    """List messages of which something could not be used; look at them, mend them, take them again, dismiss them.

    \b
    twin feeds dead feeds.yaml
    twin feeds dead feeds.yaml show loops 17
    twin feeds dead feeds.yaml show loops 17 --raw > message.json
    twin feeds dead feeds.yaml mend loops 17 --with message.json
    twin feeds dead feeds.yaml retry
    twin feeds dead feeds.yaml dismiss loops 17 --why "a test of the maker"
    """  # noqa: D301
    from twin.commands.feeds_told import printable, shown_fault, table
    from twin.feeds import read_feeds

    ctx.obj = read_feeds(file)
    if ctx.invoked_subcommand is not None:
        return
    with _opened(ctx.obj) as store:
        found = store.dead_letters()
    rows = [
        [dead.feed, str(dead.number), dead.received.isoformat(timespec="seconds"), printable(dead.topic, widest=40),
         shown_fault(dead.faults[0])[:100] + (f" (and {len(dead.faults) - 1} more)" if len(dead.faults) > 1 else "")]
        for dead in found[:_SHOWN * 5]
    ]  # fmt: skip
    for line in table(rows, ["feed", "number", "received", "topic", "what is wrong"]) if rows else ["none waits"]:
        click.echo(line)
    if len(found) > len(rows):
        counts = Counter(dead.feed for dead in found)
        click.echo(
            f"... {len(found) - len(rows)} more; of all: " + ", ".join(f"{n} {name}" for name, n in counts.items())
        )


@dead_command.command("show")
@click.argument("feed")
@click.argument("number", type=click.IntRange(0))
@click.option("--raw", is_flag=True, help="The message alone, byte for byte, for a file.")
@click.pass_obj
def show_command(feeds: FeedSet, feed: str, number: int, raw: bool) -> None:
    """Print a message as it came, with what is wrong with it."""
    from twin.commands.feeds_told import printable, shown_fault, shown_payload
    from twin.feeds.log import LogReader, folder_of

    message = LogReader(folder_of(feeds.folder, feeds.feed(feed).id)).message(number)
    if raw:
        click.echo(message.payload, nl=False)
        return
    with _opened(feeds) as store:
        dead = next((one for one in store.dead_letters(feed, None) if one.number == number), None)
    click.echo(f"{feed}, message {number}, received {message.received.isoformat()}, {len(message.payload)} bytes")
    click.echo(f"topic: {printable(message.topic)}")
    for name, value in message.headers.items():
        click.echo(f"{printable(name)}: {printable(value, widest=300)}")
    if dead is not None:
        click.echo(f"state: {dead.state}")
        for fault in dead.faults[:_SHOWN]:
            click.echo(f"  {shown_fault(fault)}")
        if len(dead.faults) > _SHOWN:
            click.echo(f"  ... {len(dead.faults) - _SHOWN} more")
    click.echo("-" * 60)
    for line in shown_payload(message.payload):
        click.echo(line)


@dead_command.command("mend")
@click.argument("feed")
@click.argument("number", type=click.IntRange(0))
@click.option("--with", "mended", type=click.Path(path_type=Path), required=True, help="The mended message.")
@click.pass_obj
def mend_command(feeds: FeedSet, feed: str, number: int, mended: Path) -> None:
    """Let a mended message stand for a dead letter; it keeps the time at which that one was received."""
    from networks.errors import BadInput, why_unread
    from twin.feeds.mending import Mending

    try:
        payload = mended.read_bytes()
    except OSError as error:
        raise BadInput(f"it cannot be read: {why_unread(error)}", file=mended, remedy="check the path") from error
    with _opened(feeds) as store:
        _waiting(store, feeds, feed, number)
        mending = Mending(feeds, feeds.feed(feed), store)
        again = mending.again(number, payload)
        if again.faults:
            raise BadInput(
                _first_fault(again), file=mended, remedy="mend that too and run this again; nothing was written"
            )
        _told(again, mending.take([again]))


@dead_command.command("retry")
@click.option("--feed", "only", help="Only this feed.")
@click.pass_obj
def retry_command(feeds: FeedSet, only: str | None) -> None:
    """Understand all dead letters that wait once more, after a format or an option was mended."""
    from networks.errors import NotThere
    from twin.feeds.mending import Again, Mending

    with _opened(feeds) as store:
        for feed in [feeds.feed(only)] if only else feeds.feeds:
            mending, good = Mending(feeds, feed, store), list[Again]()
            waiting = store.dead_letters(feed.id)
            for dead in waiting:
                try:
                    again = mending.again(dead.number)
                except NotThere:
                    continue
                if not again.faults:
                    good.append(again)
            later = "" if not good or mending.take(good) else " (its recorder takes them within seconds)"
            click.echo(f"{feed.id}: {len(good)} of {len(waiting)} are good now{later}")


@dead_command.command("dismiss")
@click.argument("feed")
@click.argument("number", type=click.IntRange(0))
@click.option("--why", required=True, help="The reason; it is kept.")
@click.pass_obj
def dismiss_command(feeds: FeedSet, feed: str, number: int, why: str) -> None:
    """Settle a dead letter of which nothing more can be made; the message stays in the log."""
    with _opened(feeds) as store:
        _waiting(store, feeds, feed, number)
        store.settle(feed, number, "dismissed", who=getpass.getuser(), why=why)
    click.echo(f"{feed}, message {number}: dismissed")


def _opened(feeds: FeedSet) -> FeedStore:
    from twin.store import FeedStore

    return FeedStore(feeds.folder, feeds.database)


def _waiting(store: FeedStore, feeds: FeedSet, feed: str, number: int) -> Dead:
    """The dead letter.

    Raises:
        NotThere: None of that number waits.
    """
    from networks.errors import NotThere

    waiting = store.dead_letters(feeds.feed(feed).id)
    for dead in waiting:
        if dead.number == number:
            return dead
    some = ", ".join(str(dead.number) for dead in waiting[:_SHOWN]) or "none waits"
    raise NotThere(f"feed {feed} has no dead letter {number} that waits", expected=some)


def _first_fault(again: Again) -> str:
    from twin.commands.feeds_told import shown_fault

    more = f" (and {len(again.faults) - 1} more)" if len(again.faults) > 1 else ""
    return f"it cannot be used either: {shown_fault(again.faults[0])}{more}"


def _told(again: Again, done: bool) -> None:
    from twin.feeds import TABLE_OF

    counts = Counter(TABLE_OF[type(row)] for row in again.found.records)
    rows = ", ".join(f"{count} {table}" for table, count in counts.items()) or "nothing that this twin keeps"
    when = "in the store" if done else "handed to the recorder, which takes it within seconds"
    click.echo(f"message {again.number} is mended: {rows}; {when}")
