"""Segments: the files of a log, each named by its first number; closed ones are compressed.

A segment begins with `MARK` and eight random bytes (its salt). While it grows it is called `NUMBER.log`; closed it
becomes `NUMBER.logz`, the same frames in blocks of about a megabyte, compressed by Zstandard with its checksum.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from twin.feeds.log.frame import BLOCK, MESSAGE, Frame, frames, packed

MARK = b"citytwin log 1\n\0"
SALT_SIZE = 8
FIRST_FRAME = len(MARK) + SALT_SIZE
_BLOCK_SIZE = 1 << 20
_SIZE = struct.Struct("<I")


@dataclass(frozen=True, slots=True)
class Segment:
    """One file.

    Attributes:
        first: Number of its first message.
        path: The file.
    """

    first: int
    path: Path

    @property
    def closed(self) -> bool:
        """Whether it is compressed; nothing is appended to it any more."""
        return self.path.suffix == ".logz"


def folder_of(store: Path, feed: str) -> Path:
    """Where the log of a feed is kept under a store's folder."""
    return store / "log" / feed


def segments(folder: Path) -> list[Segment]:
    """All of a log's segments, in order; where one was compressed and its raw twin is still there, the first."""
    found: dict[int, Segment] = {}
    for path in sorted(folder.glob("*.log*")) if folder.is_dir() else []:
        if path.suffix in (".log", ".logz") and path.stem.isdecimal():
            found[int(path.stem)] = Segment(int(path.stem), path)  # .logz comes after .log
    return [found[first] for first in sorted(found)]


def begun(folder: Path, first: int) -> Segment:
    """A new segment, empty and on the disk."""
    path = folder / f"{first:020d}.log"
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(MARK + secrets.token_bytes(SALT_SIZE))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(folder)
    return Segment(first, path)


def salt_of(file: BinaryIO) -> bytes | None:
    """The salt of a segment; None: this is no segment."""
    file.seek(0)
    head = file.read(FIRST_FRAME)
    return head[len(MARK) :] if len(head) == FIRST_FRAME and head.startswith(MARK) else None


def messages_in(frame: Frame) -> Iterator[tuple[int, bytes | None]]:
    """Number and bytes of each message of a frame; None: damaged."""
    if frame.sort == MESSAGE or frame.body is None:
        yield from ((frame.number + k, frame.body) for k in range(frame.count))
        return
    inside = _decompressed(frame.body)
    if inside is None:
        yield from ((frame.number + k, None) for k in range(frame.count))
        return
    at = 0
    for k in range(frame.count):
        (size,) = _SIZE.unpack_from(inside, at)
        at += _SIZE.size
        yield frame.number + k, inside[at : at + size]
        at += size


def compress(segment: Segment) -> Segment:
    """Compress a segment that nobody appends to any more: written beside, renamed, then the raw one is removed."""
    path = segment.path.with_suffix(".logz")
    beside = segment.path.with_suffix(".new")
    with segment.path.open("rb") as raw, beside.open("wb") as file:
        salt = salt_of(raw) or secrets.token_bytes(SALT_SIZE)
        file.write(MARK + salt)
        block: list[tuple[int, bytes]] = []
        size = 0
        for frame in frames(raw, FIRST_FRAME, salt):
            for number, body in messages_in(frame):
                if block and (size >= _BLOCK_SIZE or body is None or number != block[-1][0] + 1):
                    file.write(_block(block, salt))
                    block, size = [], 0
                if body is not None:
                    block.append((number, body))
                    size += len(body)
        if block:
            file.write(_block(block, salt))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
    if segment.path != path:
        segment.path.unlink()
    return Segment(segment.first, path)


def sync(handle: int) -> None:
    """The disk has what was written to a file."""
    if hasattr(os, "fdatasync"):
        os.fdatasync(handle)
    else:
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Names in a folder reach the disk too; where a system knows no such thing, nothing."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _block(messages: list[tuple[int, bytes]], salt: bytes) -> bytes:
    import pyarrow

    inside = b"".join(part for _, body in messages for part in (_SIZE.pack(len(body)), body))
    body = _SIZE.pack(len(inside)) + pyarrow.Codec("zstd", compression_level=3).compress(inside, asbytes=True)
    return packed(BLOCK, messages[0][0], len(messages), body, salt)


def _decompressed(body: bytes) -> bytes | None:
    import pyarrow

    (size,) = _SIZE.unpack_from(body)
    try:
        inside: bytes = pyarrow.Codec("zstd").decompress(body[_SIZE.size :], decompressed_size=size, asbytes=True)
    except OSError:
        return None
    return inside
