"""Looking whether anything is left of what should be gone."""

from __future__ import annotations

from pathlib import Path

from networks.errors import QualityFailed
from twin.feeds import Format, Message
from twin.feeds.log import LogReader
from twin.store.feed_store import FeedStore
from twin.store.wish import Wish, matches, messages_of


def prove(store: FeedStore, log: Path, understand: Format, wish: Wish) -> dict[str, int]:
    """Look through parts, log, dead letters and the database's file.

    Returns:
        How much was looked at.

    Raises:
        QualityFailed: Something is left; says where.
    """
    looked = {"files": 0, "rows": 0, "messages": 0, "database_bytes": 0}
    for part, table, gone in matches(store, wish):
        looked["files"] += 1
        looked["rows"] += table.num_rows
        if gone:
            raise _left(f"{gone} rows", part.path)
    for number, _ in messages_of(log, understand, wish):
        raise _left("a message", f"number {number} of the log of {wish.feed}")
    reader = LogReader(log)
    looked["messages"] = sum(isinstance(message, Message) for _, message in reader.read())
    if wish.key is None:
        for dead in store.dead_letters(wish.feed, None):
            if dead.received < wish.before:
                raise _left("a dead letter", f"number {dead.number}")
    place = store.engine.url.database
    if store.engine.dialect.name == "sqlite" and place:
        for file in (Path(place), Path(f"{place}-wal")):
            content = file.read_bytes() if file.exists() else b""
            looked["database_bytes"] += len(content)
            if wish.sought is not None and wish.sought in content:
                raise _left("the value itself", str(file))
    return looked


def _left(what: str, where: str) -> QualityFailed:
    return QualityFailed(f"{what} of what should be gone is left", place=where, remedy="run the purge again")
