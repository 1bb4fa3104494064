"""Where rows of all feeds are kept: series as Parquet parts, positions and dead letters in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from twin.feeds import Dead, Told

if TYPE_CHECKING:
    import pyarrow as pa


class FeedStore:
    """Rows of all feeds, each key once whatever came twice, late or corrected.

    Several processes may hold one store open. Nothing needs to be closed in order: what `take` returned from survives
    the end of the process and of the machine.

    Args:
        folder: Where Parquet parts lie, made when missing; also the SQLite database, unless `url` names another.
        url: SQLAlchemy's address of the database (`postgresql+psycopg://user:word@host/name`); None:
            `folder/store.sqlite`.

    Raises:
        BadInput: No database, or one that a newer citytwin made.
        StorageFailed: The folder or the database cannot be written.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.url = url

    def position(self, feed: str) -> int:
        """Number of the first message of the feed that is not in the store yet; 0 for a feed that it never saw.

        Raises:
            StorageFailed: The database is away.
        """
        raise NotImplementedError

    def take(self, feed: str, first: int, end: int, rows: Sequence[Told], dead: Sequence[Dead]) -> None:
        """Keep what messages [first, end) of a feed told, all or nothing.

        A repeat is nothing; of a span that overlaps what is kept only the rest is taken. Where messages are gone for
        good (an old segment was dropped), say so by a span without rows: `take(feed, position, first, (), ())`.

        Args:
            feed: Its id.
            first: Number of the first message.
            end: Number after the last one.
            rows: In the order of their messages, numbers within [first, end).
            dead: Messages within [first, end) of which something could not be used.

        Raises:
            BadInput: `first` is beyond `position(feed)`: messages between them would be lost.
            StorageFailed: The disk is full or the database is away: nothing was kept, take it again later.
        """
        raise NotImplementedError

    def read(
        self,
        table: str,
        begin: datetime | None = None,
        end: datetime | None = None,
        *,
        feeds: Collection[str] = (),
        keys: Mapping[str, Collection[Any]] | None = None,
    ) -> pa.Table:
        """Rows of a table, each key once: the one told last, by event time.

        Args:
            table: A key of `twin.feeds.KINDS`.
            begin: First event time, UTC; None: from the beginning.
            end: Event time to stop before, UTC; None: to the end.
            feeds: Only what these told; empty: all.
            keys: Column -> values that are wanted (`{"sensor_id": ["E1"]}`).

        Returns:
            Columns of the row's class (`columns_of(table)`; mappings as JSON text, times in UTC microseconds), then
            `feed`, `number` (of the message in the feed's log) and `line` (which row of the message).

        Raises:
            NotThere: No such table or column.
        """
        raise NotImplementedError

    def batches(
        self,
        table: str,
        begin: datetime | None = None,
        end: datetime | None = None,
        *,
        feeds: Collection[str] = (),
        keys: Mapping[str, Collection[Any]] | None = None,
    ) -> Iterator[pa.Table]:
        """The same as `read` in pieces by event time, for more rows than memory holds."""
        raise NotImplementedError

    def dead_letters(self, feed: str | None = None, state: str | None = "waiting") -> list[Dead]:
        """Messages of which something could not be used, by feed and number.

        Args:
            feed: Of this feed; None: of all.
            state: "waiting", "mended" or "dismissed"; None: any.
        """
        raise NotImplementedError

    def settle(self, feed: str, number: int, state: str, *, who: str, why: str, rows: Sequence[Told] = ()) -> None:
        """Say what became of a dead letter; the rows of a mended one are kept under its number.

        Args:
            feed: Its feed.
            number: Of the message.
            state: "mended" or "dismissed".
            who: Who says so.
            why: The reason, or what was mended.
            rows: What the mended message tells; those of the first reading stay, a later `told` holds.

        Raises:
            NotThere: No such dead letter is waiting.
            StorageFailed: As `take`.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Give the database's connections back."""

    def __enter__(self) -> FeedStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
