"""GB/T 20999-2017: frames between a signal controller and its centre.

The standard could not be read. Secondary sources: a C++ program that quotes its rules of frames and its list of
identifiers (SignalControlCom.h, found by code search), a Python tool with requests and answers recorded from a
controller (github.com/673879047-dev/20999-test-first), a Java kit (github.com/ahiose/signal-protocol-core). They agree
on start, end, escapes, header and items. They do not on the check: the polynomial is x^16 + x^12 + x^2 + 1, 0x1005,
begun with 0, in the recorded frames and in the text that the first quotes, and 0x1021 begun with 0xFFFF in the Java
kit, whose own comment names the former; the recorded frames decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from networks.errors import BadInput

START, END, ESCAPE = 0x7E, 0x7D, 0x5C
VERSION = 0x0100
MOST_VALUE_BYTES = 251
MOST_FRAME_BYTES = 0xFFFF
_POLYNOMIAL = 0x1005
_HEAD, _CRC = 13, 2
"""Bytes from the length to the count of items, and of the check."""


class Kind(IntEnum):
    """What a frame is."""

    QUERY = 0x10
    ANSWER = 0x20
    QUERY_REFUSED = 0x21
    SET = 0x30
    SET_DONE = 0x40
    SET_REFUSED = 0x41
    BROADCAST = 0x50
    REPORT = 0x60
    HEARTBEAT = 0x70
    HEARTBEAT_ANSWER = 0x80


class Status(IntEnum):
    """Why an item is refused (secondary source: the Java kit, after annex A.2.5)."""

    BAD_VALUE = 0x10
    WRONG_LENGTH = 0x11
    OUT_OF_RANGE = 0x12
    READ_ONLY = 0x20
    NOT_THERE = 0x30
    GENERAL = 0x40
    CONTROL_FAILED = 0x50


Address = tuple[int, int, int, int]
"""Class, object, attribute, element."""


@dataclass(frozen=True)
class Item:
    """A value, or the address of one that is asked for.

    Attributes:
        address: Class, object, attribute, element.
        value: Big-endian bytes; empty in a query.
    """

    address: Address
    value: bytes = b""


@dataclass(frozen=True)
class Frame:
    """One frame.

    Attributes:
        kind: What it is.
        items: At most 255.
        signal_id: Of the controller.
        sequence: The answer has that of the question.
        crossing: Where a controller has several.
        centre_id: Of the centre.
        version: As written.
    """

    kind: Kind
    items: tuple[Item, ...] = ()
    signal_id: int = 1
    sequence: int = 0
    crossing: int = 0
    centre_id: int = 1
    version: int = VERSION


def crc16(data: bytes) -> int:
    """The check over everything between start and check, without escapes."""
    crc = 0
    for byte in data:
        crc = (crc << 8 & 0xFFFF) ^ _TABLE[crc >> 8 ^ byte]
    return crc


def _of_byte(byte: int) -> int:
    crc = byte << 8
    for _ in range(8):
        crc = (crc << 1 ^ _POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


_TABLE = tuple(map(_of_byte, range(256)))


def write_frame(frame: Frame, *, escaped: bool = True) -> bytes:
    """The bytes of a frame: escaped for serial lines and TCP, not for UDP.

    Raises:
        ValueError: A value or the frame is too long.
    """
    items = bytearray()
    for index, item in enumerate(frame.items, 1):
        if len(item.value) > MOST_VALUE_BYTES or index > 255:
            raise ValueError(f"item {index} has {len(item.value)} bytes")
        items += bytes([index, 4 + len(item.value), *item.address]) + item.value
    head = frame.version.to_bytes(2, "big") + bytes([frame.centre_id]) + frame.signal_id.to_bytes(4, "big")
    head += bytes([frame.crossing, frame.sequence, frame.kind, len(frame.items)])
    length = len(head) + len(items) + _CRC
    if length > MOST_FRAME_BYTES:
        raise ValueError(f"a frame of {length} bytes")
    body = length.to_bytes(2, "big") + head + bytes(items)
    body += crc16(body).to_bytes(2, "big")
    if escaped:
        body = b"".join(bytes([ESCAPE, byte]) if byte in (START, END, ESCAPE) else bytes([byte]) for byte in body)
    return bytes([START]) + body + bytes([END])


def read_body(body: bytes) -> Frame:
    """The frame whose bytes stood between start and end, escapes taken off.

    Raises:
        BadInput: It is too short, its check or a length is wrong, or its kind is unknown.
    """
    if len(body) < _HEAD + _CRC:
        raise _wrong(f"it has {len(body)} bytes", f"at least {_HEAD + _CRC} between start and end")
    data, check = body[:-_CRC], int.from_bytes(body[-_CRC:], "big")
    if crc16(data) != check:
        raise _wrong(f"its check is {check:04X}", f"{crc16(data):04X}")
    if int.from_bytes(data[:2], "big") != len(body) - 2:
        raise _wrong(f"its length says {int.from_bytes(data[:2], 'big')}", f"{len(body) - 2}")
    if data[11] not in set(Kind):
        raise _wrong(f"its kind is {data[11]:02X}", "one of " + ", ".join(f"{kind:02X}" for kind in Kind))
    return Frame(
        Kind(data[11]),
        _items(data[_HEAD:], data[12]),
        int.from_bytes(data[5:9], "big"),
        data[10],
        data[9],
        data[4],
        int.from_bytes(data[2:4], "big"),
    )


def _items(data: bytes, count: int) -> tuple[Item, ...]:
    found, at = [], 0
    for number in range(1, count + 1):
        if at + 2 > len(data) or data[at + 1] < 4 or at + 2 + data[at + 1] > len(data):
            raise _wrong(f"item {number} of {count} breaks off", "an index, a length from 4 on, and as many bytes")
        own = data[at + 2 : at + 2 + data[at + 1]]
        found.append(Item((own[0], own[1], own[2], own[3]), own[4:]))
        at += 2 + data[at + 1]
    if at != len(data):
        raise _wrong(f"{len(data) - at} bytes follow its {count} items", "nothing behind them")
    return tuple(found)


class FrameStream:
    """Frames out of a stream of bytes."""

    def __init__(self) -> None:
        self._body: bytearray | None = None
        self._escaped, self._strays = False, 0

    def feed(self, data: bytes) -> list[Frame | BadInput]:
        """The frames that end in these bytes, and in their place errors where one is broken or bytes belong to none."""
        found = list[Frame | BadInput]()
        for byte in data:
            if self._body is None:
                if byte != START:
                    self._strays += 1
                    continue
                if self._strays:
                    found.append(_wrong(f"{self._strays} bytes belong to no frame", f"a start {START:02X}"))
                self._body, self._escaped, self._strays = bytearray(), False, 0
            elif self._escaped:
                self._body.append(byte)
                self._escaped = False
            elif byte == ESCAPE:
                self._escaped = True
            elif byte == START:
                found.append(_wrong(f"a frame breaks off after {len(self._body)} bytes", f"its end {END:02X}"))
                self._body = bytearray()
            elif byte == END:
                found.append(self._whole(bytes(self._body)))
                self._body = None
            else:
                self._body.append(byte)
            if self._body is not None and len(self._body) > MOST_FRAME_BYTES + 2:
                found.append(_wrong(f"a frame of more than {MOST_FRAME_BYTES} bytes", f"its end {END:02X}"))
                self._body = None
        return found

    def _whole(self, body: bytes) -> Frame | BadInput:
        try:
            return read_body(body)
        except BadInput as error:
            return error


def _wrong(what: str, expected: str) -> BadInput:
    return BadInput(what, place="GB/T 20999 frame", expected=expected)
