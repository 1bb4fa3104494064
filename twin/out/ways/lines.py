"""A file of JSON lines: whole lines only, each once."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from pathlib import Path
from typing import Any

from networks.errors import StorageFailed
from twin.out.message import Acknowledged, OutMessage
from twin.out.words.written import Writing


class LinesChannel:
    """A file that somebody reads.

    Args:
        name: Of the receiver.
        file: Grows by a line a message.
        writing: Words a message; JSON.
    """

    done_within_s: float | None = None

    def __init__(self, name: str, file: Path, writing: Writing) -> None:
        self.name, self._file, self._writing = name, file, writing

    def send(self, message: OutMessage) -> Acknowledged:
        """Add its line, unless it is there."""
        line = self._writing.written(message).payload.decode()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if json.loads(line) not in read_lines(self._file):
                append_line(self._file, line)
        except (OSError, StorageFailed) as error:
            return Acknowledged("unknown", str(error))
        return Acknowledged("taken", f"a line of {self._file.name}")


def append_line(path: Path, line: str) -> None:
    """Add one whole line and see it onto the disk; a torn last line of a crash before is set aside.

    Raises:
        StorageFailed: The disk is full or may not be written; the file is as it was.
    """
    handle = -1
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = _cut_torn_tail(handle)
        data = line.encode() + b"\n"
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, size)
            raise OSError(errno.ENOSPC, "no space left")
        os.fsync(handle)
    except OSError as error:
        raise StorageFailed(f"a line could not be written: {error.strerror}", file=path) from error
    finally:
        if handle >= 0:
            os.close(handle)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines; a last line without an end is a crash's and not there."""
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8", errors="replace")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def _cut_torn_tail(handle: int) -> int:
    """Drop what stands after the last line's end; the size that is left."""
    size = os.fstat(handle).st_size
    whole = size
    while whole > 0 and os.pread(handle, 1, whole - 1) != b"\n":
        whole -= 1
    if whole != size:
        os.ftruncate(handle, whole)
    return whole
