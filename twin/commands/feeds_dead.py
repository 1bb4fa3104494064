"""`twin feeds dead`."""

from __future__ import annotations

import getpass
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin.feeds import Alike, Dead, FeedSet
    from twin.feeds.mending import Again
    from twin.store import FeedStore

_SHOWN, _LINES = 20, 100


class _Group(click.Group):
    """A group whose first argument is the file of feeds; its commands and options come after it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        args = sorted(args, key=lambda word: word != "--each")
        if len(args) > 1 and args[0] in self.commands and args[1] not in self.commands:
            args[0], args[1] = args[1], args[0]
        return super().parse_args(ctx, args)


@click.group("dead", cls=_Group, invoke_without_command=True, short_help="Messages that could not be used.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--each", is_flag=True, help="A line for each, instead of one for all that are alike.")
@click.pass_context
def dead_command(ctx: click.Context, file: Path, each: bool) -> None:
    """List messages of which something could not be used; look at them, mend them, take them again, dismiss them.

    Letters of a feed with the same kinds of faults, numbers and quoted values aside, are one line.

    \b
    twin feeds dead feeds.yaml
    twin feeds dead feeds.yaml show loops 17
    twin feeds dead feeds.yaml show loops 17 --raw > message.json
    twin feeds dead feeds.yaml mend loops 17 --with message.json
    twin feeds dead feeds.yaml retry
    twin feeds dead feeds.yaml dismiss loops 17 --why "a test of the maker"
    twin feeds dead feeds.yaml dismiss buses 312 --alike --why "bus 4432 has no receiver"
    """  # noqa: D301
    from twin.feeds import Alike, alike, read_feeds

    ctx.obj = read_feeds(file)
    if ctx.invoked_subcommand is not None:
        return
    with _opened(ctx.obj) as store:
        found = store.dead_letters()
    for line in _listed([Alike((one,)) for one in found] if each else alike(found)):
        click.echo(line)


def _listed(groups: Sequence[Alike]) -> Iterator[str]:
    from twin.commands.feeds_told import printable, shown_fault, table

    rows = []
    for group in groups[:_LINES]:
        last, (first, *more) = group.last, group.last.faults
        which = str(last.number) if len(group.letters) == 1 else f"{group.letters[0].number}...{last.number}"
        wrong = shown_fault(first)[:100] + (f" (and {len(more)} more)" if more else "")
        received = last.received.isoformat(timespec="seconds")
        rows.append([last.feed, which, str(len(group.letters)), received, printable(last.topic, widest=40), wrong])
    yield from table(rows, ["feed", "number", "letters", "last", "topic", "what is wrong"]) if rows else ["none waits"]
    if len(groups) > len(rows):
        rest = groups[len(rows) :]
        yield f"... {sum(len(group.letters) for group in rest)} more letters in {len(rest)} more lines"


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
@click.option("--alike", "all_alike", is_flag=True, help="All letters of the feed that are like this one, too.")
@click.pass_obj
def dismiss_command(feeds: FeedSet, feed: str, number: int, why: str, all_alike: bool) -> None:
    """Settle a dead letter of which nothing more can be made; the message stays in the log."""
    from twin.feeds import likeness

    with _opened(feeds) as store:
        this = _waiting(store, feeds, feed, number)
        letters = [one for one in store.dead_letters(feed) if likeness(one) == likeness(this)] if all_alike else [this]
        for one in letters:
            store.settle(feed, one.number, "dismissed", who=getpass.getuser(), why=why)
    click.echo(f"{feed}, message {number}: dismissed" + (f", and {len(letters) - 1} like it" if all_alike else ""))


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
