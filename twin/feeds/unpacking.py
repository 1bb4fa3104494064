"""Gzip from strangers: unpacked as far as a limit, whatever a few bytes claim to become."""

from __future__ import annotations

import zlib

from networks.errors import BadInput

MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 64
"""Each costs a copy of what is left: a million empty ones would take hours."""


class Gunzip:
    """Unpacks piece by piece.

    Args:
        at_most_bytes: Of all that comes out.
    """

    def __init__(self, at_most_bytes: int) -> None:
        self._at_most, self._out = at_most_bytes, 0
        self._member = zlib.decompressobj(wbits=31)
        self._any, self._members = False, 1

    def take(self, piece: bytes) -> bytes:
        """What a piece becomes.

        Raises:
            BadInput: It is damaged, or more comes out than is allowed.
        """
        found = list[bytes]()
        while piece:
            self._any = True
            if self._member.eof:
                self._member, self._members = zlib.decompressobj(wbits=31), self._members + 1
            if self._members > _MOST_MEMBERS:
                raise BadInput("it is packed in too many parts", expected=f"gzip of at most {_MOST_MEMBERS}")
            try:
                out = self._member.decompress(piece, self._at_most - self._out + 1)
            except zlib.error as error:
                raise BadInput("its compression is damaged", expected="gzip") from error
            self._out += len(out)
            if self._out > self._at_most:
                raise BadInput(f"it unpacks to more than {self._at_most} bytes", expected=f"at most {self._at_most}")
            found.append(out)
            piece = self._member.unconsumed_tail or self._member.unused_data
        return b"".join(found)

    def end(self) -> None:
        """Nothing more comes.

        Raises:
            BadInput: It is cut short.
        """
        if self._any and not self._member.eof:
            raise BadInput("its compression is cut short", expected="whole gzip")


def unpacked(payload: bytes, at_most_bytes: int) -> bytes:
    """A payload unpacked where it is gzip, else as it is.

    Raises:
        BadInput: It is larger than allowed, packed or unpacked, or damaged.
    """
    if len(payload) > at_most_bytes:
        raise BadInput(f"a message of {len(payload)} bytes", place="payload", expected=f"at most {at_most_bytes}")
    if not payload.startswith(MAGIC):
        return payload
    gunzip = Gunzip(at_most_bytes)
    out = gunzip.take(payload)
    gunzip.end()
    return out
