"""Frames of a segment: a message, or a block of compressed ones, with checksums of its own.

A header is: sort (4 bytes), number of the first message (u64), how many messages (u32), size of the body (u32), CRC-32
of the body, CRC-32 of the header itself, all little-endian. The header's sum begins with the segment's random salt, so
that no payload can pass for a frame where a reader looks for the next whole one after damage.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zlib import crc32

MESSAGE, BLOCK = b"ctm1", b"ctz1"
LARGEST_BODY = 96 * 2**20

_HEAD = struct.Struct("<4sQIII")
_SUM = struct.Struct("<I")
HEADER_SIZE = _HEAD.size + _SUM.size
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands in one place of a segment.

    Attributes:
        sort: MESSAGE or BLOCK.
        number: Of its first message.
        count: How many messages.
        size: Of its body (bytes).
        body: None: its checksum is wrong, or nobody asked for it.
        begin: Where its header begins in the file.
    """

    sort: bytes
    number: int
    count: int
    size: int
    body: bytes | None
    begin: int

    @property
    def end(self) -> int:
        """Where the next frame begins."""
        return self.begin + HEADER_SIZE + self.size


def packed(sort: bytes, number: int, count: int, body: bytes, salt: bytes) -> bytes:
    """A frame's bytes."""
    head = _HEAD.pack(sort, number, count, len(body), crc32(body))
    return b"".join((head, _SUM.pack(crc32(head, crc32(salt))), body))


def frames(file: BinaryIO, begin: int, salt: bytes, *, bodies_from: int = 0) -> Iterator[Frame]:
    """Whole frames from a place on; damaged stretches are passed over, the rest of a torn one ends it.

    Args:
        file: A segment.
        begin: Where a frame begins.
        salt: The segment's.
        bodies_from: Frames that end before this number are given without body, unread.
    """
    seed, size = crc32(salt), file.seek(0, 2)
    while begin + HEADER_SIZE <= size:
        file.seek(begin)
        frame = _at(file, begin, size, seed, bodies_from)
        if frame is None:
            found = _next_header(file, begin + 1, size, seed)
            if found is None:
                return
            begin = found
            continue
        yield frame
        begin = frame.end


def _at(file: BinaryIO, begin: int, size: int, seed: int, bodies_from: int) -> Frame | None:
    """The frame at the file's place; None where there is none, or not all of it."""
    head = file.read(HEADER_SIZE)
    if not _is_header(head, seed):
        return None
    sort, number, count, body_size, checksum = _HEAD.unpack_from(head)
    if begin + HEADER_SIZE + body_size > size:
        return None
    if number + count <= bodies_from:
        return Frame(sort, number, count, body_size, None, begin)
    body = file.read(body_size)
    return Frame(sort, number, count, body_size, body if crc32(body) == checksum else None, begin)


def _is_header(head: bytes, seed: int) -> bool:
    if len(head) < HEADER_SIZE or head[:4] not in (MESSAGE, BLOCK):
        return False
    (told,) = _SUM.unpack_from(head, _HEAD.size)
    size = _HEAD.unpack_from(head)[3]
    return crc32(head[: _HEAD.size], seed) == told and size <= LARGEST_BODY


def _next_header(file: BinaryIO, begin: int, size: int, seed: int) -> int | None:
    """Where the next whole header stands, at `begin` or after it."""
    while begin < size:
        file.seek(begin)
        chunk = file.read(_CHUNK + HEADER_SIZE)
        at = -1
        while (at := _first(chunk, at + 1)) >= 0:
            if _is_header(chunk[at : at + HEADER_SIZE], seed):
                return begin + at
        begin += _CHUNK
    return None


def _first(chunk: bytes, begin: int) -> int:
    found = [at for sort in (MESSAGE, BLOCK) if (at := chunk.find(sort, begin)) >= 0]
    return min(found, default=-1)
