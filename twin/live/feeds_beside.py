"""The feeds of a served city: `twin feeds record` in a process beside it, begun again when it dies, ended with it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)

PAUSE_S, LONGEST_PAUSE_S, END_S = 1.0, 60.0, 45.0


class FeedsBeside:
    """Records feeds while it is open.

    Args:
        file: FEEDS.yaml.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._context: Any = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="feeds", daemon=True)

    def __enter__(self) -> FeedsBeside:
        """Begin."""
        self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End it: what is in its log is in the store, or waits there for the next start."""
        self._ending.set()
        self._keeper.join(END_S)
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(END_S)
            self._process.kill()

    def _keep(self) -> None:
        pause_s = PAUSE_S
        while not self._ending.is_set():
            began = time.monotonic()
            self._process = self._context.Process(target=record, args=(self._file, os.getpid()), daemon=False)
            self._process.start()
            while self._process.is_alive() and not self._ending.wait(0.2):
                pass
            if self._ending.is_set():
                return
            pause_s = PAUSE_S if time.monotonic() - began > LONGEST_PAUSE_S else min(2 * pause_s, LONGEST_PAUSE_S)
            log.error("recording of feeds ended (status %s); again in %.0f s", self._process.exitcode, pause_s)
            self._ending.wait(pause_s)


def record(file: Path, parent: int) -> None:
    """Record until told, or until the process that asked for it is gone; runs in a process of its own."""
    from networks.errors import TwinError
    from twin.feeds import read_feeds
    from twin.feeds.recorder import Recorder
    from twin.store import FeedStore

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        Recorder(read_feeds(file), FeedStore, lambda *_: None).run()
    except TwinError as error:  # the keeper tries again: another process may still hold a feed
        log.error("%s", error)
        raise SystemExit(1) from error


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
