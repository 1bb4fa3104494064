"""Small files of the store merged from time to time, in a process of its own that gives way to the others."""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from networks.errors import StorageFailed
from twin.feeds.governed import Opening

MERGE_S = 600.0
"""From one merge to the next."""


class Merging:
    """At most one merge at a time.

    Args:
        opening: How the store is opened; a store without `compact` is left alone.
        folder: Of the store.
        database: Its address; None: SQLite in the folder.
    """

    def __init__(self, opening: Opening, folder: Path, database: str | None) -> None:
        self._what = (opening, folder, database)
        self._process: Any = None

    def begin(self) -> None:
        """Begin a merge, unless one is still at work."""
        if self._process is None or not self._process.is_alive():
            self._process = multiprocessing.get_context("spawn").Process(target=merge, args=self._what, daemon=True)
            self._process.start()

    def end(self) -> None:
        """No process is left behind; a merge that is stopped anywhere loses nothing."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()


def merge(opening: Opening, folder: Path, database: str | None) -> None:
    """One merge; where the store is away the next one will do it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(10)
    with suppress(StorageFailed, OSError), opening(folder, database) as store:
        compact = getattr(store, "compact", None)
        if compact is not None:
            compact()
