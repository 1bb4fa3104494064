"""What is heard goes into a feeds' store, some at a time, so that stages read it as those of a followed town do."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from networks.errors import TwinError

if TYPE_CHECKING:
    from calibration import Observation
    from twin.store import FeedStore

log = logging.getLogger(__name__)

MERGE_AFTER = 200
"""Small parts are merged after so many were written."""


@dataclass
class Storing:
    """Holds back what was heard until it is kept.

    Attributes:
        store: Where it goes.
        feed: Under which name.
    """

    store: FeedStore
    feed: str = "replay"
    _waiting: list[Observation] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: int = 0

    def hear(self, seen: Observation) -> None:
        """Take an observation; it is in the store after the next `keep`."""
        self._waiting.append(seen)

    def keep(self) -> None:
        """Put into the store what waits.

        Raises:
            StorageFailed: The disk is full: it waits on.
        """
        with self._lock:
            many = len(self._waiting)
            if not many:
                return
            at = self.store.position(self.feed)
            rows = [(at + number, row) for number, row in enumerate(self._waiting[:many])]
            self.store.take(self.feed, at, at + many, rows, [])
            del self._waiting[:many]
            self._kept += 1
            if self._kept % MERGE_AFTER == 0:
                self.store.compact(self.feed)

    async def go_on(self, pause_s: float = 1.0) -> None:
        """Keep what comes in, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.keep)
            except TwinError as error:  # it waits on
                log.error("what was heard could not be kept: %s", error.what)
            await asyncio.sleep(pause_s)
