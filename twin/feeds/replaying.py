"""Playing logs again: the messages of some feeds in the order in which they came, at any speed, into another store."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from twin.feeds.governing import Governing, Tally, mended_why
from twin.feeds.keeping import Keeping
from twin.feeds.log import LogReader, LogWriter, Lost, folder_of
from twin.feeds.message import Message
from twin.feeds.spec import Feed

GROUP, GROUP_S = 2_000, 0.5


@dataclass(frozen=True, slots=True)
class Window:
    """Which messages are played.

    Attributes:
        begin: Received from then on, UTC; None: from the first.
        end: Received before, UTC; None: to the last.
    """

    begin: datetime | None = None
    end: datetime | None = None


def in_order(logs: Path, feeds: Sequence[Feed], window: Window) -> Iterator[tuple[datetime, str, Message]]:
    """Messages of several logs as one stream, by the time at which they were received; a feed keeps its own order."""

    def of(name: str) -> Iterator[tuple[datetime, str, Message]]:
        for _, message in LogReader(folder_of(logs, name)).read():
            if isinstance(message, Lost) or (window.begin is not None and message.received < window.begin):
                continue
            if window.end is not None and message.received >= window.end:
                return
            yield message.received, name, message

    return heapq.merge(*(of(feed.id) for feed in feeds), key=lambda item: item[0])


class Replay:
    """Plays logs into a folder that has a log and a store of its own.

    Args:
        logs: The folder of the store whose logs are played.
        feeds: Which.
        into: Another folder.
        store: Of that folder.
    """

    def __init__(self, logs: Path, feeds: Sequence[Feed], into: Path, store: Keeping) -> None:
        self._from, self._feeds, self._into, self._store = logs, feeds, into, store
        self.behind_s = 0.0
        """How much later than its time the last group came (s)."""

    def run(self, window: Window, speed: float | None, told: Callable[[datetime, int], None]) -> dict[str, Tally]:
        """Play everything.

        Args:
            window: Which messages.
            speed: Seconds of the log in one second; None: as fast as it goes.
            told: Called now and then with the time in the log and how many messages were played.

        Returns:
            What came of each feed's messages.
        """
        from contextlib import ExitStack

        settle = mended_why(self._store, "twin feeds replay")
        with ExitStack() as stack:
            logs: dict[str, LogWriter] = {}
            made: dict[str, Governing] = {}
            for feed in self._feeds:
                folder = folder_of(self._into, feed.id)
                logs[feed.id] = stack.enter_context(LogWriter(folder, at_least=self._store.position(feed.id)))
                made[feed.id] = Governing(feed.id, LogReader(folder), feed.format(), self._store, settle)
            played = 0
            for group in self._groups(window, speed):
                for name in logs:
                    logs[name].append([message for _, feed, message in group if feed == name])
                    while made[name].step(logs[name].end):
                        pass
                played += len(group)
                told(group[-1][0], played)
            return {name: one.tally for name, one in made.items()}

    def _groups(self, window: Window, speed: float | None) -> Iterator[list[tuple[datetime, str, Message]]]:
        """Messages whose time has come, half a second's worth at a time."""
        group: list[tuple[datetime, str, Message]] = []
        began_s, first = time.monotonic(), None
        for item in in_order(self._from, self._feeds, window):
            first = first or item[0]
            due_s = began_s + (item[0] - first).total_seconds() / speed if speed else began_s
            if group and (len(group) >= GROUP or (speed and due_s > time.monotonic())):
                yield group
                group = []
            early_s = due_s - time.monotonic()
            if speed and early_s > 0.0:
                time.sleep(early_s if early_s > GROUP_S else GROUP_S)
            self.behind_s = max(0.0, -early_s) if speed else 0.0
            group.append(item)
        if group:
            yield group
