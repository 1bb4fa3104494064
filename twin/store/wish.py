"""What is to be removed, and where it stands: in parts and in messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput
from twin.feeds import KINDS, TABLE_OF, Format, Message, Record
from twin.feeds.log import BLANKED, LogReader
from twin.store.columns import columns_of
from twin.store.feed_store import FeedStore
from twin.store.parts import Part, holding
from twin.store.reading import microseconds_of

if TYPE_CHECKING:
    import pyarrow as pa

_SHORTEST_SOUGHT = 4
"""Characters; a shorter value would be found by chance in the bytes of any message."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to go.

    Attributes:
        feed: Its id.
        before: Event times and times of receipt before this, UTC.
        who: Asks for it.
        why: The reason, kept in the certificate.
        key: Column of a key and its value; None: everything.
    """

    feed: str
    before: datetime
    who: str
    why: str
    key: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.key is not None and not self.series:
            known = sorted({name for kind in KINDS.values() for name in kind.key} - {"time", "begin", "told"})
            raise BadInput(f"no key has a column {self.key[0]!r}", expected=", ".join(known))
        if not self.why.strip() or not self.who.strip():
            raise BadInput("a removal needs a reason and somebody who answers for it", expected="--why and --who")

    @property
    def sought(self) -> bytes | None:
        """What is looked for in bytes; None: nothing, or too short."""
        if self.key is None or len(self.key[1]) < _SHORTEST_SOUGHT:
            return None
        return self.key[1].encode()

    @property
    def series(self) -> tuple[str, ...]:
        """Tables that it is about."""
        return tuple(name for name, kind in KINDS.items() if self.key is None or self.key[0] in kind.key)

    def told_by(self, row: Record) -> bool:
        """Is it one of these rows?"""
        series = TABLE_OF[type(row)]
        if series not in self.series or getattr(row, KINDS[series].time) >= self.before:
            return False
        return self.key is None or str(getattr(row, self.key[0])) == self.key[1]

    def mask(self, series: str, table: pa.Table) -> Any:
        """Which rows of a table it is about."""
        import pyarrow as pa
        import pyarrow.compute as pc

        edge = pa.scalar(microseconds_of(self.before), pa.int64()).cast(pa.timestamp("us", "UTC"))
        found = pc.less(table[KINDS[series].time], edge)
        if self.key is not None:
            found = pc.and_(found, pc.equal(table[self.key[0]].cast(pa.string()), self.key[1]))
        return found


def matches(store: FeedStore, wish: Wish) -> Iterator[tuple[Part, pa.Table, int]]:
    """Parts, their rows and how many of these are to go, of all parts that hold something of then."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    span = (0, microseconds_of(wish.before))
    with holding(store.folder):
        for series in wish.series:
            for part in store.parts(series, span=span, feeds=(wish.feed,)):
                table = pq.read_table(store.folder / part.path, schema=columns_of(series))
                yield part, table, pc.sum(wish.mask(series, table)).as_py() or 0


def messages_of(log: Path, understand: Format, wish: Wish) -> Iterator[tuple[int, Message]]:
    """Messages of the log that hold something of it."""
    for number, message in LogReader(log).read():
        if not isinstance(message, Message) or BLANKED in message.headers:
            continue
        if wish.key is None:
            if message.received < wish.before:
                yield number, message
        elif _holds(message, wish) or any(wish.told_by(row) for row in _understood(understand, message)):
            yield number, message


def _holds(message: Message, wish: Wish) -> bool:
    sought = wish.sought
    if sought is None or message.received >= wish.before:
        return False
    return sought in message.payload or sought in message.topic.encode("utf-8", "surrogatepass")


def _understood(understand: Format, message: Message) -> tuple[Record, ...]:
    try:
        return understand.understand(message).records
    except Exception:  # nothing was understood of it when it came either
        return ()
