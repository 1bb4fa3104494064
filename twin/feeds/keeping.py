"""What governing hands to a store: rows with their message's number, and messages that need a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from twin.feeds.message import Fault
from twin.feeds.records import Record

Told = tuple[int, Record]
"""The number of the message in its feed's log, and one row of it."""

WAITING, MENDED, DISMISSED = "waiting", "mended", "dismissed"


@dataclass(frozen=True, slots=True)
class Dead:
    """A message of which something, or everything, could not be used. Its bytes are in the feed log.

    Attributes:
        feed: Whose.
        number: In the feed's log.
        received: When it came, UTC.
        topic: Where it came on.
        faults: What is wrong with it.
        state: "waiting", "mended" or "dismissed".
    """

    feed: str
    number: int
    received: datetime
    topic: str
    faults: tuple[Fault, ...]
    state: str = WAITING


class Keeping(Protocol):
    """What governing needs of a store; `twin.store.FeedStore` is one."""

    def position(self, feed: str) -> int:
        """Number of the first message of the feed that is not in the store yet; 0 for a feed that it never saw."""
        ...

    def take(self, feed: str, first: int, end: int, rows: Sequence[Told], dead: Sequence[Dead]) -> None:
        """Keep what messages [first, end) told, all or nothing; what was kept before is not kept again.

        Raises:
            StorageFailed: The disk is full or the database is away: nothing was kept, take it again later.
        """
        ...
