"""Removing what a feed told, from rows, log and dead letters, and proving that nothing of it is left."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, text

from networks.errors import Refused, StorageFailed
from twin.feeds import Format, Message
from twin.feeds.log import LogReader, blank, expire
from twin.store import listing
from twin.store.certificates import Certificate, certify
from twin.store.database import telling
from twin.store.feed_store import FeedStore
from twin.store.listing import Taken
from twin.store.parts import Part, alone, holding, remove, write_parts
from twin.store.proving import prove
from twin.store.tables import dead_letters as letters
from twin.store.wish import Wish, matches, messages_of


@dataclass(slots=True)
class _Parts:
    digest: Any = field(default_factory=hashlib.sha256)
    rows: Counter[str] = field(default_factory=Counter)
    numbers: set[int] = field(default_factory=set)
    old: list[Part] = field(default_factory=list)
    new: list[Part] = field(default_factory=list)


def purge(store: FeedStore, log: Path, understand: Format, wish: Wish) -> tuple[Certificate, Certificate]:
    """Remove rows, the content of the messages that told them, and their dead letters; then look whether any is left.

    A message that told one of the rows loses its whole content; its other rows stay. Backups are not touched.

    Args:
        store: Of the feed.
        log: The feed's log.
        understand: The feed's format: says which messages tell rows of a key, also those that a later one replaced.
        wish: What is to go.

    Returns:
        The certificate of the removal, and that of the proof.

    Raises:
        Refused: Messages of then are not in the store yet, or are in the file that is being recorded.
        QualityFailed: Something is left.
        StorageFailed: The disk is full, or somebody uses the store all the time; ask again.
    """
    with holding(store.folder):
        removed = _rows(store, wish)
        try:
            first = _taken_out(store, log, understand, wish, removed)
        except BaseException:
            remove(store.folder, removed.new)
            raise
    _files_gone(store, removed.old)
    _pages_gone(store)
    proof = prove(store, log, understand, wish)
    with telling(store.engine), store.engine.begin() as connection:
        return first, certify(connection, {"what": "proved", "of": first.seq, "who": wish.who, "proof": proof})


def _taken_out(store: FeedStore, log: Path, understand: Format, wish: Wish, removed: _Parts) -> Certificate:
    """Messages first, which nobody can bring back; then rows and letters, with the certificate, at once."""
    doomed = removed.numbers | {number for number, _ in messages_of(log, understand, wish)}
    if doomed and max(doomed) >= store.position(wish.feed):
        raise Refused(
            f"message {max(doomed)} of {wish.feed} is not in the store yet, and would bring back what was removed",
            remedy="let twin feeds record run until the store has caught up",
        )
    for number, message in LogReader(log).read(min(doomed, default=0), max(doomed, default=-1) + 1):
        if number in doomed and isinstance(message, Message):
            removed.digest.update(message.payload)
    blank(log, doomed)
    if wish.key is None:
        expire(log, wish.before)
    return _certified(store, wish, removed, doomed)


def _rows(store: FeedStore, wish: Wish) -> _Parts:
    """New parts without the rows, not listed yet."""
    import pyarrow as pa
    import pyarrow.compute as pc

    removed = _Parts()
    try:
        for part, table, gone in matches(store, wish):
            if not gone:
                continue
            mask = wish.mask(part.series, table)
            rows = table.filter(mask)
            buffer = pa.BufferOutputStream()
            with pa.ipc.new_stream(buffer, rows.schema) as stream:
                stream.write_table(rows)
            removed.digest.update(buffer.getvalue())
            removed.rows[part.series] += gone
            removed.numbers.update(rows["number"].to_pylist())
            removed.old.append(part)
            rest = table.filter(pc.invert(mask))
            span = (part.first, part.end)
            removed.new += write_parts(store.folder, part.series, part.feed, span, rest, merged=part.merged)
    except BaseException:
        remove(store.folder, removed.new)
        raise
    return removed


def _certified(store: FeedStore, wish: Wish, removed: _Parts, doomed: set[int]) -> Certificate:
    salt = secrets.token_hex(16)
    said: dict[str, Any] = {
        "what": "removed",
        "who": wish.who,
        "why": wish.why,
        "feed": wish.feed,
        "earlier_than": wish.before.astimezone(UTC).isoformat(),
        "rows": dict(removed.rows),
        "messages": len(doomed),
        "digest": removed.digest.hexdigest(),
    }
    if wish.key is not None:
        hashed = hashlib.sha256((salt + wish.key[1]).encode()).hexdigest()
        said["key"] = {"column": wish.key[0], "salt": salt, "sha256": hashed}
    try:
        with telling(store.engine), store.engine.begin() as connection:
            listing.drop(connection, removed.old)
            listing.add(connection, removed.new)
            said["dead_letters"] = 0
            for number in doomed:
                gone = connection.execute(
                    delete(letters).where(letters.c.feed == wish.feed, letters.c.number == number)
                )
                said["dead_letters"] += gone.rowcount
            if wish.key is None:
                early = letters.c.received < wish.before.astimezone(UTC).isoformat(timespec="microseconds")
                gone = connection.execute(delete(letters).where(letters.c.feed == wish.feed, early))
                said["dead_letters"] += gone.rowcount
            return certify(connection, said)
    except Taken as error:
        raise StorageFailed("parts were merged meanwhile; nothing was removed yet", remedy="ask again") from error


def _by_500(numbers: list[int]) -> Iterator[list[int]]:
    yield from (numbers[k : k + 500] for k in range(0, len(numbers), 500))


def _letters_gone(connection: Connection, wish: Wish, doomed: set[int]) -> int:
    ours = letters.c.feed == wish.feed
    gone = [
        connection.execute(delete(letters).where(ours, letters.c.number.in_(some))).rowcount
        for some in _by_500(sorted(doomed))
    ]
    if wish.key is None:
        edge = wish.before.astimezone(UTC).isoformat(timespec="microseconds")
        gone.append(connection.execute(delete(letters).where(ours, letters.c.received < edge)).rowcount)
    return sum(gone)


def _files_gone(store: FeedStore, old: list[Part]) -> None:
    with alone(store.folder, patience_s=60.0) as nobody_else:
        if not nobody_else:
            raise StorageFailed(
                "somebody reads the store all the time: files that are no longer listed could not be removed",
                file=store.folder,
                remedy="the next program that opens the store removes them; run the purge again for its proof",
            )
        remove(store.folder, old)


def _pages_gone(store: FeedStore) -> None:
    """Nothing of removed rows stays in the database's own files."""
    with telling(store.engine):
        if store.engine.dialect.name == "sqlite":  # secure_delete has overwritten them; the journal still had copies
            with closing(store.engine.raw_connection()) as raw:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM FULL dead_letters"))
