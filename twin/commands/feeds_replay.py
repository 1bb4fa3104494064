"""`twin feeds replay`."""

from __future__ import annotations

import math
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from twin.commands.moment_option import Moment


class _Speed(click.ParamType[float]):
    name = "times|max"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            speed = math.inf if value == "max" else float(value)
        except ValueError:
            speed = math.nan
        if not speed > 0.0:
            self.fail(f"{value!r} is no speed; write 60 for an hour in a minute, or max", param, ctx)
        return speed


@click.command("replay", short_help="Play logs again through the formats into another store.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), required=True, help="Folder of the other store.")
@click.option("--speed", type=_Speed(), default="max", show_default=True, help="60: an hour in a minute.")
@click.option("--feed", "only", multiple=True, help="Only this feed; may be repeated.")
@click.option("--from", "begin", type=Moment(), help="Messages received from then on.")
@click.option("--to", "end", type=Moment(), help="Messages received before then.")
@click.option("--database", help="Of the other store (SQLAlchemy's address).  [default: SQLite in the folder]")
def replay_command(
    file: Path, into: Path, speed: float, only: tuple[str, ...], begin: datetime | None, end: datetime | None,
    database: str | None,
) -> None:  # fmt: skip
    """Play what the logs hold again through the formats, in the order in which it was received, into another store.

    After a format or an option was mended this is how the whole past is understood anew; the logs stay as they are.

    \b
    twin feeds replay feeds.yaml --into again --speed max
    """  # noqa: D301
    from networks.errors import BadInput
    from twin.commands.feeds_told import table
    from twin.feeds import read_feeds
    from twin.feeds.replaying import Replay, Window
    from twin.store import FeedStore

    feeds = read_feeds(file)
    if into.resolve() == feeds.folder.resolve():
        raise BadInput("logs cannot be played into their own store", file=into, remedy="give another folder")
    chosen = [feeds.feed(name) for name in only] or list(feeds.feeds)
    with ExitStack() as stack:
        store = stack.enter_context(FeedStore(into, database))
        replay = Replay(feeds.folder, chosen, into, store)
        told = _Told()
        tallies = replay.run(Window(begin, end), None if math.isinf(speed) else speed, told.tell)
    rows = [
        [
            name,
            str(one.messages),
            ", ".join(f"{count} {what}" for what, count in one.rows.items()) or "-",
            str(one.dead),
        ]
        for name, one in tallies.items()
    ]
    for line in table(rows, ["feed", "messages", "rows", "dead letters"]):
        click.echo(line)
    if replay.behind_s > 2.0:
        click.echo(f"the end came {replay.behind_s:.0f} s late: this speed is too high for this machine")


class _Told:
    """A line on stderr every few seconds."""

    def __init__(self) -> None:
        import time

        self._clock, self._told_s = time.monotonic, time.monotonic()

    def tell(self, moment: datetime, played: int) -> None:
        if self._clock() - self._told_s >= 5.0:
            self._told_s = self._clock()
            click.echo(f"{moment.isoformat(timespec='seconds')}: {played} messages played", err=True)
