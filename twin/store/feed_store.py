"""Where rows of all feeds are kept: series as Parquet parts, positions and dead letters in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput, NotThere, StorageFailed
from twin.feeds import Dead, Told
from twin.store import listing
from twin.store.database import connect, telling
from twin.store.listing import Taken
from twin.store.parts import Part, alone, holding, remove, unlisted, write_parts
from twin.store.taking import columns_by_table, one_each

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
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageFailed(f"the store cannot be made: {error.strerror}", file=folder) from error
        self.folder = folder
        self.engine = connect(url or f"sqlite:///{(folder / 'store.sqlite').absolute()}")
        self._young_s = 0.0 if self.engine.dialect.name == "sqlite" else 300.0
        self.sweep()

    def position(self, feed: str) -> int:
        """Number of the first message of the feed that is not in the store yet; 0 for a feed that it never saw.

        Raises:
            StorageFailed: The database is away.
        """
        with telling(self.engine), self.engine.begin() as connection:
            return listing.position(connection, feed)

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
        while (position := self.position(feed)) < end:
            if first > position:
                raise BadInput(
                    f"messages {position} to {first - 1} of {feed} were not told to the store",
                    expected=f"messages from number {position} on",
                )
            new = [row for row in rows if row[0] >= position] if first < position else rows
            if self._keep(feed, position, end, new, [one for one in dead if one.number >= position]):
                return

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
        import pyarrow as pa

        from twin.store.columns import columns_of

        return pa.concat_tables(
            [columns_of(table).empty_table(), *self.batches(table, begin, end, feeds=feeds, keys=keys)]
        )

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
        from twin.store.reading import each_key_once, span_of, wanted

        wish, span = wanted(table, keys), span_of(begin, end)
        with holding(self.folder):
            yield from each_key_once(self.folder, table, self.parts(table, span=span, feeds=feeds), span, wish)

    def parts(
        self, table: str | None = None, *, span: tuple[int, int] | None = None, feeds: Collection[str] = ()
    ) -> list[Part]:
        """Listed parts of a table (None: of all) that hold something of a span (microseconds, end left out)."""
        with telling(self.engine), self.engine.begin() as connection:
            return listing.parts(connection, table, span, feeds)

    def dead_letters(self, feed: str | None = None, state: str | None = "waiting") -> list[Dead]:
        """Messages of which something could not be used, by feed and number.

        Args:
            feed: Of this feed; None: of all.
            state: "waiting", "mended" or "dismissed"; None: any.
        """
        with telling(self.engine), self.engine.begin() as connection:
            return listing.dead_letters(connection, feed, state)

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
        by_table, spoilt = columns_by_table(feed, rows, mended=True)
        if spoilt:
            raise BadInput("what was mended cannot be kept", place=spoilt[0].faults[0].place)
        with holding(self.folder):
            written = self._write(feed, (number, number + 1), by_table)
            try:
                with telling(self.engine), self.engine.begin() as connection:
                    listing.settle(connection, feed, number, state, who, why)
                    listing.add(connection, written)
            except NotThere:
                remove(self.folder, written)
                raise

    def compact(self, feed: str | None = None, *, least: int = 8) -> int:
        """Merge new parts of each day where there are at least so many; each version of a key told last stays.

        Args:
            feed: Of this feed; None: of all.
            least: Parts that are left alone when they are fewer.

        Returns:
            How many parts were merged into fewer.

        Raises:
            StorageFailed: As `take`; nothing was lost.
        """
        from twin.store.compaction import crowded, merged

        done = 0
        for group in crowded(self.parts(feeds=() if feed is None else (feed,)), least):
            with holding(self.folder):
                written = merged(self.folder, group)
                done += len(group) if self.swap(group, written) else 0
        if done:
            self.sweep()
        return done

    def swap(self, old: Sequence[Part], new: Sequence[Part]) -> bool:
        """List new parts in place of old ones, at once or not at all; False: somebody swapped one of them before."""
        try:
            with telling(self.engine), self.engine.begin() as connection:
                listing.drop(connection, old)
                listing.add(connection, new)
        except Taken:
            remove(self.folder, list(new))
            return False
        return True

    def sweep(self, patience_s: float = 0.0, young_s: float | None = None) -> bool:
        """Remove files that no list names; False: somebody used the store all the time, the next sweep will do it.

        Args:
            patience_s: How long to wait for others.
            young_s: Younger files stay; None: 0 on SQLite, 300 beside a server that may still commit for a lost client.
        """
        with alone(self.folder, patience_s) as nobody_else:
            if nobody_else:
                young_s = self._young_s if young_s is None else young_s
                for path in unlisted(self.folder, {part.path for part in self.parts()}, young_s):
                    path.unlink(missing_ok=True)
            return nobody_else

    def close(self) -> None:
        """Give the database's connections back."""
        self.engine.dispose()

    def _keep(self, feed: str, first: int, end: int, rows: Sequence[Told], dead: Sequence[Dead]) -> bool:
        """False: somebody else took messages from `first` on meanwhile, and nothing was kept."""
        by_table, spoilt = columns_by_table(feed, rows)
        with holding(self.folder):
            written = self._write(feed, (first, end), by_table)
            try:
                # What the database did is not known when it fails: files stay, the next sweep asks it.
                with telling(self.engine), self.engine.begin() as connection:
                    listing.move(connection, feed, first, end)
                    listing.add(connection, written)
                    listing.bury(connection, one_each([*dead, *spoilt]))
            except Taken:
                remove(self.folder, written)
                return False
        return True

    def _write(self, feed: str, span: tuple[int, int], by_table: Mapping[str, pa.Table]) -> list[Part]:
        written: list[Part] = []
        try:
            for series, table in by_table.items():
                written += write_parts(self.folder, series, feed, span, table, merged=0)
        except StorageFailed:
            remove(self.folder, written)
            raise
        return written

    def __enter__(self) -> FeedStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
