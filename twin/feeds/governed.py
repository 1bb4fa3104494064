"""Governing as a process of its own: a format that takes the processor, the memory or the process stops no gathering.

The feed log stands between the two. The process tells what it is reading, so that a message that ends it (or on which
it hangs) is found, and put aside as a dead letter when that happens twice.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from networks.errors import StorageFailed
from twin.feeds.governing import MOST_MESSAGES, Governing, Tally, mended_why
from twin.feeds.health import spoken_s
from twin.feeds.log import LogReader, folder_of
from twin.feeds.spec import FeedSet

ROUND_S, LONGEST_PAUSE_S = 0.4, 15.0
GARBAGE = (100_000, 20, 20)
"""Rows live for one span and hold no circles: looking for some after every 700 objects took a seventh of the time."""
NOTHING = 2**64 - 1
"""Number of no message: nothing is being read."""

Opening = Callable[[Path, str | None], Any]
"""How a store is opened: (folder, database); can be sent to a process."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shared:
    """What both processes see.

    Attributes:
        ends: Feed -> number after the last message that is on the disk.
        reading: Feed -> number of the message that is being understood.
        stop: Set: take in what is there, then end.
        skip: Messages (feed, number) that ended the process twice.
    """

    ends: Mapping[str, Any]
    reading: Mapping[str, Any]
    stop: Any
    skip: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far governing is.

    Attributes:
        positions: Feed -> number of the first message that is not in the store.
        tallies: Feed -> what came of its messages since the process began.
        away: Why the store cannot be reached; "" where it can.
    """

    positions: dict[str, int]
    tallies: dict[str, Tally]
    away: str = ""


def govern(feeds: FeedSet, opening: Opening, shared: Shared, told: Connection, parent: int) -> None:
    """Bring all feeds into the store until told to stop; the main function of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    logging.getLogger("twin").addHandler(_Sent(told))
    logging.getLogger("twin").propagate = False
    _Rounds(feeds, opening, shared, told, parent).run()


class _Rounds:
    """One look at every feed after the other."""

    def __init__(self, feeds: FeedSet, opening: Opening, shared: Shared, told: Connection, parent: int) -> None:
        self._feeds, self._opening, self._shared = feeds, opening, shared
        self._told, self._parent = told, parent
        self._made: dict[str, Governing] = {}
        self._away, self._pause_s, self._told_s = "", 0.0, 0.0

    def run(self) -> None:
        while os.getppid() == self._parent:
            began = time.monotonic()
            taken, most = self._round()
            self._tell(force=not taken)
            if self._shared.stop.is_set() and not taken:
                return
            if self._pause_s:
                time.sleep(self._pause_s)
            elif most < MOST_MESSAGES and not self._shared.stop.is_set():
                time.sleep(max(0.0, began + ROUND_S - time.monotonic()))

    def _round(self) -> tuple[int, int]:
        """Messages taken of all feeds, and of the one with most; while the store is away a stop ends it."""
        counts = [0]
        try:
            if not self._made:
                self._made = self._governings()
            for name, one in self._made.items():
                counts.append(one.step(self._shared.ends[name].value))
        except (StorageFailed, OSError) as error:
            self._pause_s = min(max(0.5, 2 * self._pause_s), LONGEST_PAUSE_S)
            if not self._away:
                _log.error(
                    "the store is away: %s; the log keeps everything until it is back", str(error).splitlines()[0]
                )
            self._away = str(error).splitlines()[0]
            return sum(counts), max(counts)
        if self._away:
            _log.warning("the store is back; %s were the last pause", spoken_s(self._pause_s))
        self._away, self._pause_s = "", 0.0
        return sum(counts), max(counts)

    def _governings(self) -> dict[str, Governing]:
        store = self._opening(self._feeds.folder, self._feeds.database)
        settle, made = mended_why(store, "twin feeds"), {}
        for feed in self._feeds.feeds:
            reader = LogReader(folder_of(self._feeds.folder, feed.id))
            made[feed.id] = Governing(feed.id, reader, feed.format(), store, settle)
            made[feed.id].skip = {number for name, number in self._shared.skip if name == feed.id}
            made[feed.id].reading = _noting(self._shared.reading[feed.id])
        return made

    def _tell(self, *, force: bool) -> None:
        now = time.monotonic()
        if not force and now - self._told_s < 0.25:
            return
        self._told_s = now
        positions = {name: one.position for name, one in self._made.items() if one.position is not None}
        self._told.send(Standing(positions, {name: one.tally for name, one in self._made.items()}, self._away))


def _noting(value: Any) -> Callable[[int | None], None]:
    def note(number: int | None) -> None:
        value.value = NOTHING if number is None else number

    return note


class _Sent(logging.Handler):
    """Lines of the log go to the other process, which owns the terminal."""

    def __init__(self, told: Connection) -> None:
        super().__init__()
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.send((record.levelno, record.getMessage()))
