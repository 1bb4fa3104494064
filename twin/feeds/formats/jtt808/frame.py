"""JT/T 808's frame: 0x7e, header, body, check byte, 0x7e, with 0x7e and 0x7d escaped in between.

Source: JT/T 808-2019 "Terminal communication protocol and data format of road transport vehicle satellite positioning
system", clause 4.4 (composition of a message), and the same clause of the edition of 2013. The standard's own text was
not read; secondary sources: the documentation of EMQX's gateway for both editions and a supplier's protocol (G10LS).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from functools import reduce
from operator import xor

from networks.errors import BadInput

MARK = 0x7E
LONGEST_BODY = 0x3FF
"""Ten bits hold the body's length (bytes)."""
LONGEST = 2 * (LONGEST_BODY + 22) + 2
"""A frame in which every byte is escaped (bytes)."""
HEARTBEAT, REGISTRATION, LOCATION, BATCH = 0x0002, 0x0100, 0x0200, 0x0704
_EXPECTED = "0x7e, header, body, XOR of all before, 0x7e"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a terminal.

    Attributes:
        message: Its number, 0x0200 for a location.
        terminal: The terminal's phone number as 12 (2013) or 20 (2019) digits; after `hidden`, "f" and hexadecimal
            digits of a pseudonym.
        serial: Number of the message, 0 to 65535, round and round.
        body: Without escapes.
        edition: 2013 or 2019.
        encrypted: Three bits; 0: plain.
        part: Of how many parts this is which, from 1; None: whole.
        version: Of the protocol, in the edition of 2019.
    """

    message: int
    terminal: str
    serial: int
    body: bytes
    edition: int = 2019
    encrypted: int = 0
    part: tuple[int, int] | None = None
    version: int = 1

    def with_body(self, body: bytes) -> Frame:
        """The same with another body."""
        return replace(self, body=body)


def frames(payload: bytes) -> list[bytes]:
    """What stands between the marks, still escaped; nothing between two marks is nothing."""
    return [one for one in payload.split(bytes([MARK])) if one]


def read_frame(between: bytes) -> Frame:
    """A frame from what stands between its marks.

    Raises:
        BadInput: A wrong escape, check byte or length; names which.
    """
    plain = _unescaped(between)
    if len(plain) < 13:
        raise BadInput(f"a frame of {len(plain)} bytes", place="frame", expected="13 or more")
    if reduce(xor, plain) != 0:
        told, right = plain[-1], reduce(xor, plain[:-1])
        raise BadInput(f"the check byte is {told:#04x}", place="check byte", expected=f"{right:#04x}, the XOR of all")
    message, properties = struct.unpack_from(">HH", plain)
    edition, at = (2019, 5) if properties & 0x4000 else (2013, 4)
    digits = 10 if edition == 2019 else 6
    part, head = None, at + digits + 2 + (4 if properties & 0x2000 else 0)
    length = properties & LONGEST_BODY
    if len(plain) != head + length + 1:
        what = f"the body has {len(plain) - head - 1} bytes, the header says {length}"
        raise BadInput(what, place="header", expected="equal lengths")
    if properties & 0x2000:
        total, number = struct.unpack_from(">HH", plain, at + digits + 2)
        part = (number, total)
    terminal, (serial,) = plain[at : at + digits].hex(), struct.unpack_from(">H", plain, at + digits)
    version = plain[4] if edition == 2019 else 0
    return Frame(message, terminal, serial, plain[head:-1], edition, (properties >> 10) & 7, part, version)


def write_frame(frame: Frame) -> bytes:
    """The frame with its marks.

    Raises:
        ValueError: A body that is longer than ten bits can tell, or a terminal of other than 12 or 20 digits.
    """
    digits = 20 if frame.edition == 2019 else 12
    if len(frame.body) > LONGEST_BODY or len(frame.terminal) != digits:
        raise ValueError(f"a body of {len(frame.body)} bytes and a terminal of {len(frame.terminal)} digits")
    properties = len(frame.body) | (frame.encrypted << 10) | (0x2000 if frame.part else 0)
    head = struct.pack(">HH", frame.message, properties | (0x4000 if frame.edition == 2019 else 0))
    head += bytes([frame.version]) if frame.edition == 2019 else b""
    head += bytes.fromhex(frame.terminal) + struct.pack(">H", frame.serial)
    head += struct.pack(">HH", frame.part[1], frame.part[0]) if frame.part else b""
    plain = head + frame.body
    plain += bytes([reduce(xor, plain)])
    return b"\x7e" + plain.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02") + b"\x7e"


def _unescaped(between: bytes) -> bytes:
    first, *rest = between.split(b"\x7d")
    for one in rest:
        if one[:1] not in (b"\x01", b"\x02"):
            raise BadInput("0x7d stands alone", place="escape", expected="0x7d 0x01 or 0x7d 0x02")
    return b"".join([first, *((b"\x7d" if one[0] == 1 else b"\x7e") + one[1:] for one in rest)])
