"""A drop folder: files that others put there, each one message."""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from networks.errors import why_unread
from twin.feeds import source
from twin.feeds.message import Message
from twin.feeds.source import Delivery

TAKEN, ASIDE = "taken", "set-aside"
UNFINISHED = (".part", ".tmp", ".partial", ".filepart", ".crdownload", "~")
_log = logging.getLogger(__name__)


class FolderConnection(source.Connection):
    """Where files are dropped.

    Attributes:
        path: The folder; its subfolders are not looked into.
        pattern: Which names are taken, with * and ?.
        settle_s: A file is whole when nothing was written to it for so long (s). Names that begin with a dot or end in
            .part, .tmp and the like are never taken: write to such a name and rename.
        every_s: Pause between two looks (s).
        once: Read what is there now, in order of names, then end; nothing is moved.
        at_most_bytes: Larger files are set aside.
        after: What becomes of a file that is safe in the feed log: moved to `taken/`, or deleted (where it names
            persons: the log keeps pseudonyms, the file would not).
    """

    path: Path
    pattern: str = "*"
    settle_s: Annotated[float, Field(ge=0.0, le=86400.0)] = 2.0
    every_s: Annotated[float, Field(gt=0.0, le=86400.0)] = 1.0
    once: bool = False
    at_most_bytes: Annotated[int, Field(gt=0)] = 64 << 20
    after: Literal["move", "delete"] = "move"


@dataclass(frozen=True, slots=True)
class _Version:
    """Which content a name has: another file under the same name is another version."""

    inode: int
    size: int
    written_ns: int

    @classmethod
    def of(cls, found: os.stat_result) -> _Version:
        return cls(found.st_ino, found.st_size, found.st_mtime_ns)


class Folder:
    """Delivers whole files and moves them to `taken/` once they are safe.

    What cannot be taken (too large, no permission, a link, a pipe) is told once and moved to `set-aside/` with a note
    beside it that says why; it is never tried again unless it changes.
    """

    Connection = FolderConnection

    def __init__(self, connection: FolderConnection, feed_id: str) -> None:
        self._of, self._feed = connection, feed_id
        self._seen: dict[str, tuple[_Version, float]] = {}
        self._out: dict[str, _Version] = {}
        self._refused: dict[str, _Version] = {}

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Whole files in order of their names.

        Raises:
            ConnectionError: The folder is not there.
        """
        self._out.clear()
        while True:
            for name, version in await asyncio.to_thread(self._whole):
                delivery = await asyncio.to_thread(self._read, name, version)
                if delivery is not None:
                    yield delivery
            if self._of.once:
                return
            await asyncio.sleep(self._of.every_s)

    def _whole(self) -> list[tuple[str, _Version]]:
        """Names that nobody writes to any more and that were not delivered or refused as they are."""
        try:
            with os.scandir(self._of.path) as entries:
                found = {e.name: e.stat(follow_symlinks=False) for e in entries if self._wanted(e)}
        except FileNotFoundError:
            if self._of.path.is_dir():
                return []
            raise ConnectionError(f"there is no folder {self._of.path}") from None
        except OSError as error:
            raise ConnectionError(f"the folder {self._of.path} cannot be read: {error.strerror}") from error
        versions = {name: _Version.of(status) for name, status in sorted(found.items())}
        self._seen = {name: self._since(name, version) for name, version in versions.items()}
        for known in (self._out, self._refused):
            for name in [name for name in known if known[name] != versions.get(name)]:
                del known[name]
        return [(n, v) for n, v in versions.items() if n not in self._out and n not in self._refused and self._calm(n)]

    def _wanted(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        if name.startswith(".") or name.endswith(UNFINISHED) or not fnmatch(name, self._of.pattern):
            return False
        return not entry.is_dir(follow_symlinks=False)

    def _since(self, name: str, version: _Version) -> tuple[_Version, float]:
        known = self._seen.get(name)
        return known if known is not None and known[0] == version else (version, time.monotonic())

    def _calm(self, name: str) -> bool:
        """By the file's own clock, or by ours where that one stands wrong."""
        version, since = self._seen[name]
        settle_s = 0.0 if self._of.once else self._of.settle_s
        return time.time() - version.written_ns / 1e9 >= settle_s or time.monotonic() - since >= settle_s

    def _read(self, name: str, version: _Version) -> Delivery | None:
        file, at_most = self._of.path / name, self._of.at_most_bytes
        try:
            handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as stream:
                found = os.fstat(handle)
                payload = b"" if (why := _refusal(found, at_most)) else stream.read(at_most + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = "it is a link to another file" if file.is_symlink() else f"it cannot be read: {why_unread(error)}"
        if why:
            self._set_aside(name, version, why)
            return None
        if len(payload) != version.size or _Version.of(found) != version:
            return None
        self._out[name] = version
        written = datetime.fromtimestamp(version.written_ns / 1e9, UTC)
        message = Message(payload, name, datetime.now(UTC), {"last-modified": written.isoformat()})
        return Delivery(message) if self._of.once else Delivery(message, lambda: self._done(name, version))

    async def _done(self, name: str, version: _Version) -> None:
        await asyncio.to_thread(self._away, name, version)

    def _away(self, name: str, version: _Version) -> None:
        """Away with what was taken; a newer file of the same name stays and is delivered in its turn."""
        file = self._of.path / name
        try:
            if _Version.of(file.lstat()) == version:
                file.unlink() if self._of.after == "delete" else self._move(file, TAKEN)
        except FileNotFoundError:
            return

    def _set_aside(self, name: str, version: _Version, why: str) -> None:
        self._refused[name] = version
        _log.warning("feed %s: %s is set aside: %s", self._feed, self._of.path / name, why)
        if self._of.once:
            return
        try:
            moved = self._move(self._of.path / name, ASIDE)
            moved.with_name(moved.name + ".why").write_text(why + "\n", encoding="utf-8")
        except OSError as error:
            _log.warning("feed %s: %s cannot be moved and stays: %s", self._feed, name, why_unread(error))

    def _move(self, file: Path, to: str) -> Path:
        folder = self._of.path / to
        folder.mkdir(exist_ok=True)
        target = folder / file.name
        if target.exists() or target.is_symlink():
            target = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{file.name}"
        return file.rename(target)


def _refusal(found: os.stat_result, at_most: int) -> str:
    if not stat.S_ISREG(found.st_mode):
        return "it is no file, but a folder, a pipe or a device"
    return f"it has {found.st_size} bytes, at most {at_most} are taken" if found.st_size > at_most else ""
