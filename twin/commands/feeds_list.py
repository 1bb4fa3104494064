"""`twin feeds list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from networks.sentence import say

if TYPE_CHECKING:
    from twin.feeds import Feed, FeedSet
    from twin.store import FeedStore

_HEAD = (
    say("feed", "数据源"), say("way in", "接入方式"), say("format", "格式"), say("rhythm", "周期"),
    say("messages", "消息数"), say("in the store", "已入库"), say("last", "最近"), say("health", "状态"),
    say("dead", "死信"),
)  # fmt: skip
_STATES = {
    "ok": say("ok", "正常"),
    "late": say("late", "延迟"),
    "down": say("down", "中断"),
    "never": say("never recorded", "从未接收"),
    "stopped": say("not recording", "未在接收"),
}


@click.command("list", short_help="List feeds: way in, format, rhythm, what is kept, health, dead letters.")
@click.argument("file", metavar="FEEDS.yaml", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")
def list_command(file: Path, lang: str) -> None:
    """List the feeds of a file, one line each, with what stands in their logs and in the store."""
    from twin.commands.feeds_told import table
    from twin.feeds import read_feeds
    from twin.store import FeedStore

    feeds = read_feeds(file)
    with FeedStore(feeds.folder, feeds.database) as store:
        rows = [_line(feeds, feed, store, lang) for feed in feeds.feeds]
    for line in table(rows, [word[lang] for word in _HEAD]):
        click.echo(line)


def _line(feeds: FeedSet, feed: Feed, store: FeedStore, lang: str) -> list[str]:
    from datetime import UTC, datetime

    from twin.commands.feeds_told import printable
    from twin.feeds.health import recorded, spoken_s
    from twin.feeds.log import LogReader, folder_of

    log = LogReader(folder_of(feeds.folder, feed.id))
    last, end = log.last(), log.end()
    silent_s = (datetime.now(UTC) - last[1].received).total_seconds() if last else None
    health = recorded(feed, log.folder, silent_s)
    why = printable(health.why, widest=60)
    return [
        feed.id,
        feed.kind,
        feed.text.format,
        spoken_s(feed.text.every_s) if feed.text.every_s else "-",
        str(end),
        str(store.position(feed.id)),
        spoken_s(max(0.0, silent_s)) if silent_s is not None else "-",
        _STATES[health.state][lang] + (f": {why}" if why else ""),
        str(len(store.dead_letters(feed.id))),
    ]
