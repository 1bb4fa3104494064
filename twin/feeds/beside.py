"""The governing process as its recorder sees it: told how far the logs are, heard, and begun again when it dies."""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any

from twin.feeds.governed import NOTHING, Opening, Shared, Standing, govern
from twin.feeds.spec import FeedSet

LOOK_S, HANG_S, DRAIN_S = 0.05, 120.0, 30.0

_log = logging.getLogger(__name__)


class Beside:
    """One governing process.

    Args:
        feeds: What it governs.
        opening: How it opens the store.
    """

    def __init__(self, feeds: FeedSet, opening: Opening) -> None:
        self.standing = Standing({}, {})
        self._feeds, self._opening = feeds, opening
        self._context: Any = multiprocessing.get_context("spawn")
        names = [feed.id for feed in feeds.feeds]
        self._ends = {name: self._context.Value("Q", 0, lock=False) for name in names}
        self._reading = {name: self._context.Value("Q", NOTHING, lock=False) for name in names}
        self._stop = self._context.Event()
        self._ended_at: Counter[tuple[str, int]] = Counter()
        self._process: Any = None
        self._told: Connection | None = None
        self._heard_s = 0.0

    def look(self, ends: dict[str, int]) -> None:
        """Tell it how far the logs are; hear it; begin it again where it died or hangs."""
        for name, end in ends.items():
            self._ends[name].value = end
        if self._process is None:
            self._begin()
        self._hear()
        reading = any(value.value != NOTHING for value in self._reading.values())
        if reading and time.monotonic() - self._heard_s > HANG_S and self._process.is_alive():
            _log.error("one message has been read for %.0f s: governing is begun again", HANG_S)
            self._process.kill()
            self._process.join()
        if not self._process.is_alive():
            self._hear()
            self._died()
            self._begin()

    def drain(self, ends: dict[str, int]) -> None:
        """Let it take in what is there, for half a minute at most; the rest waits in the log."""
        self._stop.set()
        until = time.monotonic() + DRAIN_S
        while self._process is not None and time.monotonic() < until:
            for name, end in ends.items():
                self._ends[name].value = end
            self._hear()
            if not self._process.is_alive():
                break
            time.sleep(LOOK_S)
        self._hear()

    def end(self) -> None:
        """No process is left behind."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5.0)
            self._process.kill()
            self._process.join()

    def _begin(self) -> None:
        ours, theirs = self._context.Pipe(duplex=False)
        skip = frozenset(at for at, times in self._ended_at.items() if times >= 2)
        shared = Shared(self._ends, self._reading, self._stop, skip)
        self._process = self._context.Process(
            target=govern, args=(self._feeds, self._opening, shared, theirs, os.getpid()), daemon=True
        )
        self._process.start()
        theirs.close()
        self._told, self._heard_s = ours, time.monotonic()

    def _died(self) -> None:
        reading = {name: value.value for name, value in self._reading.items() if value.value != NOTHING}
        _log.error(
            "governing ended by itself (status %s)%s and is begun again; nothing is lost", self._process.exitcode,
            "".join(f", reading message {number} of {name}" for name, number in reading.items()),
        )  # fmt: skip
        self._ended_at.update(reading.items())
        for value in self._reading.values():
            value.value = NOTHING
        time.sleep(0.2)

    def _hear(self) -> None:
        try:
            while self._told is not None and self._told.poll():
                heard = self._told.recv()
                self._heard_s = time.monotonic()
                if isinstance(heard, Standing):
                    self.standing = heard
                else:
                    _log.log(*heard)
        except (EOFError, OSError):
            self._told = None
