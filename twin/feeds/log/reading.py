"""Reading a log from any number on; may be done beside its writer, also in another process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from networks.errors import NotThere
from twin.feeds.log.entry import from_bytes
from twin.feeds.log.frame import frames
from twin.feeds.log.segments import FIRST_FRAME, Segment, messages_in, salt_of, segments
from twin.feeds.message import Message


@dataclass(frozen=True, slots=True)
class Lost:
    """Messages that the log had and cannot give any more.

    Attributes:
        first: The first of them.
        end: The number after the last.
        why: A damaged file, or one that is gone.
    """

    first: int
    end: int
    why: str


class LogReader:
    """Reads one log. It remembers where it stopped, so that going on from there costs nothing.

    Args:
        folder: Of the log; may be empty, or not there yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stopped: tuple[int, Path, int] | None = None  # number, file, and where in it

    def read(self, first: int = 0, end: int | None = None) -> Iterator[tuple[int, Message | Lost]]:
        """Messages from a number on, in order, each with its number; what is lost is given as one `Lost` a stretch.

        Args:
            first: The first that is wanted.
            end: The number after the last; None: all that is whole now.
        """
        wanted = first
        for number, message in self._whole(first, end):
            if number > wanted:
                yield wanted, Lost(wanted, number, "damaged, or a file of the log is missing")
            wanted = number + 1
            yield number, message
        if end is not None and wanted < end:
            yield wanted, Lost(wanted, end, "damaged, or a file of the log is missing")

    def message(self, number: int) -> Message:
        """One message.

        Raises:
            NotThere: It was never written, was removed, or is damaged.
        """
        for _, found in self.read(number, number + 1):
            if isinstance(found, Message):
                return found
        raise NotThere(f"the log has no message {number}", file=self.folder, expected=f"0 to {self.end() - 1}")

    def end(self) -> int:
        """The number after the last whole message; 0 of an empty log."""
        last = self.last()
        return last[0] + 1 if last else next((one.first for one in reversed(segments(self.folder))), 0)

    def last(self) -> tuple[int, Message] | None:
        """The last whole message and its number."""
        for segment in reversed(segments(self.folder)):
            found = _last_in(segment)
            if found is not None:
                return found
        return None

    def first(self) -> tuple[int, Message] | None:
        """The oldest message that is kept."""
        return next(self._whole(0, None), None)

    def began(self, segment: Segment) -> datetime | None:
        """When the first message of a segment was received."""
        found = next(_read_in(segment, FIRST_FRAME, 0), None)
        return found[1].received if found else None

    def _whole(self, first: int, end: int | None) -> Iterator[tuple[int, Message]]:
        """Whole messages from a number on."""
        files = segments(self.folder)
        behind = [segment for segment in files if segment.first <= first]
        for segment in [*behind[-1:], *(one for one in files if one.first > first)]:
            if end is not None and segment.first >= end:
                return
            begin = FIRST_FRAME
            if self._stopped is not None and self._stopped[:2] == (first, segment.path):
                begin = self._stopped[2]
            for number, message, behind_it in _read_in(segment, begin, first):
                if end is not None and number >= end:
                    return
                self._stopped = (number + 1, segment.path, behind_it)
                yield number, message


def _read_in(segment: Segment, begin: int, first: int) -> Iterator[tuple[int, Message, int]]:
    """Number, message and where its frame ends (in a block: begins, since more may be asked of it)."""
    try:
        file = segment.path.open("rb", buffering=1 << 18)
    except FileNotFoundError:  # compressed since it was listed
        closed = Segment(segment.first, segment.path.with_suffix(".logz"))
        if segment.closed or not closed.path.exists():
            return
        yield from _read_in(closed, FIRST_FRAME, first)
        return
    with file:
        salt = salt_of(file)
        for frame in frames(file, begin, salt, bodies_from=first) if salt is not None else ():
            if frame.number + frame.count <= first:
                continue
            for number, body in messages_in(frame):
                message = _message(body) if number >= first and body is not None else None
                if message is not None:
                    last = number + 1 == frame.number + frame.count
                    yield number, message, frame.end if last else frame.begin


def _message(body: bytes) -> Message | None:
    try:
        return from_bytes(body)
    except ValueError:
        return None


def _last_in(segment: Segment) -> tuple[int, Message] | None:
    found = None
    with segment.path.open("rb") as file:
        salt = salt_of(file)
        begins = (
            [(f.number, f.count, f.begin) for f in frames(file, FIRST_FRAME, salt, bodies_from=2**64)] if salt else []
        )
    for number, count, begin in reversed(begins):
        for found in _read_in(segment, begin, number):
            if found[0] == number + count - 1:
                return found[0], found[1]
    return None
