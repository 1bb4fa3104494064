"""What feeds brought into the store, for `twin catalog FEEDS.yaml`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from twin.feeds import FeedSet
    from twin.store import FeedStore


def catalog_of_feeds(file: Path, *, as_json: bool) -> None:
    """Print each feed with its owner, licence and what is kept of it: rows by table, times of events, size."""
    from twin.commands.feeds_told import table
    from twin.feeds import read_feeds
    from twin.store import FeedStore

    feeds = read_feeds(file)
    with FeedStore(feeds.folder, feeds.database) as store:
        found = _datasets(feeds, store)
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    head = ["feed", "table", "rows told", "from", "to", "MB", "format", "licence", "owner", "kept for"]
    rows = [
        [one["feed"], one["table"], str(one["rows"]), one["begin"][:16], one["last"][:16], f"{one['bytes'] / 1e6:.1f}",
         one["format"], one["licence"] or "-", one["owner"] or "-",
         f"{one['keep_days']:g} d" if one["keep_days"] else "-"]
        for one in found
    ]  # fmt: skip
    for line in table(rows, head):
        click.echo(line)


def _datasets(feeds: FeedSet, store: FeedStore) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    parts = store.parts()
    for feed in feeds.feeds:
        mine = [part for part in parts if part.feed == feed.id]
        text = feed.text
        known = {"format": text.format, "licence": text.licence, "owner": text.owner, "keep_days": text.keep_days}
        for series in sorted({part.series for part in mine}) or ["-"]:
            some = [part for part in mine if part.series == series]
            span = [min(part.begin_us for part in some), max(part.last_us for part in some)] if some else []
            begin, last = [datetime.fromtimestamp(edge / 1e6, UTC).isoformat() for edge in span] if span else ("-", "-")
            size, rows = sum(part.bytes for part in some), sum(part.rows for part in some)
            found.append(
                {"feed": feed.id, "table": series, "rows": rows, "begin": begin, "last": last, "bytes": size, **known}
            )
    return found
