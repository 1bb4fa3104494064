"""Appending to a log: many messages and one `fsync`, and whoever is told "done" was told the truth."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType

from networks.claim import claimed
from networks.errors import Refused
from twin.feeds.log.entry import to_bytes
from twin.feeds.log.frame import MESSAGE, frames, packed
from twin.feeds.log.reading import LogReader
from twin.feeds.log.segments import FIRST_FRAME, Segment, begun, compress, salt_of, segments, sync
from twin.feeds.message import Message

SEGMENT_SIZE = 64 * 2**20
JUMP = timedelta(seconds=2)
"""A clock that goes back by less is not worth a word."""

_log = logging.getLogger(__name__)


class LogWriter:
    """The one writer of a log; a context.

    Args:
        folder: Of the log; made where it is not there.
        at_least: Numbers begin here even where the log ends before it: what a store took already is never used again.
        segment_size: A larger segment is closed and compressed (bytes).
    """

    def __init__(self, folder: Path, *, at_least: int = 0, segment_size: int = SEGMENT_SIZE) -> None:
        self.folder, self.at_least, self.segment_size = folder, at_least, segment_size
        self.end = 0
        """The number of the next message; all before it are on the disk."""
        self._received: datetime | None = None
        self._jumped = False
        self._turn = Lock()
        self._held = ExitStack()
        self._compressing: Thread | None = None

    def __enter__(self) -> LogWriter:
        """Claim the log and mend its tail.

        Raises:
            Refused: Another process writes it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._held.enter_context(claimed(self.folder)):
            self._held.close()
            raise Refused(
                "this feed is being recorded by another process", file=self.folder, remedy="stop that one first"
            )
        try:
            self._ready()
        except BaseException:
            self._held.close()
            raise
        return self

    def _ready(self) -> None:
        """Tail and numbers as they have to be, and the segment that grows."""
        _tidied(self.folder)
        found = segments(self.folder)
        last = LogReader(self.folder).last()
        self._received = last[1].received if last else None
        if not found or found[-1].closed:
            self._open(begun(self.folder, max(self.at_least, last[0] + 1 if last else 0)))
        else:
            self._open(found[-1])
        if self.end < self.at_least:
            _log.warning(
                "%s: the log ends at %d, but the store knows messages up to %d: numbers go on from there",
                self.folder.name, self.end, self.at_least,
            )  # fmt: skip
            self._begin(self.at_least)
        for old in found[:-1]:
            if not old.closed:
                compress(old)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give it back."""
        if self._compressing is not None:
            self._compressing.join()
        self._file.close()
        self._held.close()

    def append(self, messages: Sequence[Message]) -> range:
        """Write messages, and come back when the disk has them.

        `received` never goes back within a log: where the clock did, the last one is written again.

        Returns:
            Their numbers.

        Raises:
            OSError: The disk is full or gone. Nothing of them is kept.
        """
        with self._turn:
            stamped, told = [], self._received
            for message in messages:
                told = message.received if told is None or message.received >= told else self._back(message, told)
                stamped.append(message if message.received == told else replace(message, received=told))
            numbers = range(self.end, self.end + len(stamped))
            written = b"".join(
                packed(MESSAGE, number, 1, to_bytes(message), self._salt)
                for number, message in zip(numbers, stamped, strict=True)
            )
            self._write(written)
            self.end, self._received = numbers.stop, told
            if self._size > self.segment_size:
                with suppress(OSError):  # no room for a new file: the next append tries again
                    self._begin(self.end)
            return numbers

    def _back(self, message: Message, last: datetime) -> datetime:
        if last - message.received > JUMP and not self._jumped:
            _log.warning(
                "%s: the clock went back from %s to %s; messages are kept under the first until it is passed",
                self.folder.name, last.isoformat(), message.received.isoformat(),
            )  # fmt: skip
            self._jumped = True
        return last

    def _write(self, written: bytes) -> None:
        try:
            rest = memoryview(written)
            while rest:
                rest = rest[self._file.write(rest) :]
            sync(self._file.fileno())
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._size)
                self._file.seek(self._size)
            raise
        self._size += len(written)

    def _begin(self, first: int) -> None:
        """Close the segment and begin another; the closed one is compressed meanwhile."""
        closing = self._segment
        segment = begun(self.folder, first)
        self._file.close()
        self._open(segment)
        if closing.path != segment.path:
            self._compressing = Thread(target=_compressed, args=(closing, self._compressing), daemon=True)
            self._compressing.start()

    def _open(self, segment: Segment) -> None:
        self._segment, self._jumped = segment, False
        self._file = segment.path.open("r+b", buffering=0)
        salt = salt_of(self._file)
        if salt is None:
            raise OSError(f"{segment.path} is no segment of a feed log")
        self._salt = salt
        self.end, self._size = segment.first, FIRST_FRAME
        for frame in frames(self._file, FIRST_FRAME, salt):
            if frame.body is not None:
                self.end, self._size = frame.number + frame.count, frame.end
        torn = self._file.seek(0, 2) - self._size
        if torn:
            _log.warning("%s: the last %d bytes were not written whole and are cut off", self.folder.name, torn)
            self._file.truncate(self._size)
            sync(self._file.fileno())
        self._file.seek(self._size)


def _tidied(folder: Path) -> None:
    """Remove what a stop in the midst of a compression left."""
    for path in folder.glob("*.new"):
        path.unlink()
    for path in folder.glob("*.log"):
        if path.with_suffix(".logz").exists():
            path.unlink()


def _compressed(segment: Segment, ahead: Thread | None) -> None:
    """One after another, so that a burst does not take every core."""
    if ahead is not None:
        ahead.join()
    try:
        compress(segment)
    except OSError as error:
        segment.path.with_suffix(".new").unlink(missing_ok=True)
        _log.warning("%s stays uncompressed: %s", segment.path, error)
