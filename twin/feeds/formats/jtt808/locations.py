"""JT/T 808: the body of a location report, 0x0200, and of a batch of them, 0x0704.

Source: JT/T 808-2019, the clauses "location information report" and "batch upload of positioning data" (tables of
basic location information, status bits and additional items); read in the secondary sources that `frame` names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from networks.errors import BadInput

BASIC = struct.Struct(">IIIIHHH6s")
MILEAGE = 0x01
HARMLESS = {0x01: 4, 0x02: 2, 0x03: 2, 0x30: 1, 0x31: 1}
"""Additional items that name nobody and their lengths (bytes): mileage, fuel, recorder's speed, signal, satellites."""
FIXED, SOUTH, WEST, SHIFTED = 1 << 1, 1 << 2, 1 << 3, 1 << 5
"""Bits of the status; SHIFTED: the position went through the plug-in that shifts it, so it is GCJ-02."""


@dataclass(frozen=True, slots=True)
class Located:
    """One location as it is told.

    Attributes:
        alarm: 32 bits.
        status: 32 bits.
        lat, lon: Degrees, signed.
        height_m: Above the sea.
        speed_kmh: Of the satellite receiver.
        bearing_deg: Clockwise from north.
        clock: Twelve digits YYMMDDhhmmss, UTC+8.
        items: Additional items, number and bytes.
    """

    alarm: int
    status: int
    lat: float
    lon: float
    height_m: int
    speed_kmh: float
    bearing_deg: int
    clock: str
    items: tuple[tuple[int, bytes], ...] = ()

    @property
    def mileage_km(self) -> float | None:
        """Of the terminal's own counter; None where it is not told."""
        return next((int.from_bytes(b, "big") / 10 for n, b in self.items if n == MILEAGE and len(b) == 4), None)


def read_location(body: bytes) -> Located:
    """A location from its body.

    Raises:
        BadInput: It is too short, or its additional items do not fit its length.
    """
    if len(body) < BASIC.size:
        raise BadInput(f"a location of {len(body)} bytes", place="body", expected=f"{BASIC.size} or more")
    alarm, status, lat, lon, height, speed, bearing, clock = BASIC.unpack_from(body)
    signs = -1 if status & SOUTH else 1, -1 if status & WEST else 1
    items = tuple(read_items(body[BASIC.size :]))
    place = signs[0] * lat / 1e6, signs[1] * lon / 1e6
    return Located(alarm, status, *place, height, speed / 10, bearing, clock.hex(), items)


def write_location(told: Located) -> bytes:
    """The body of a location; signs of its position are those of the status' bits."""
    status = told.status & ~(SOUTH | WEST) | (SOUTH if told.lat < 0 else 0) | (WEST if told.lon < 0 else 0)
    numbers = round(abs(told.lat) * 1e6), round(abs(told.lon) * 1e6), told.height_m, round(told.speed_kmh * 10)
    basic = BASIC.pack(told.alarm, status, *numbers, told.bearing_deg, bytes.fromhex(told.clock))
    return basic + write_items(told.items)


def read_items(rest: bytes) -> Iterator[tuple[int, bytes]]:
    """Additional items: number, length, bytes.

    Raises:
        BadInput: One is longer than what is left.
    """
    at = 0
    while at < len(rest):
        size = rest[at + 1] if at + 1 < len(rest) else 256
        if at + 2 + size > len(rest):
            raise BadInput("an additional item is cut short", place=f"item {rest[at]:#04x}", expected="all its bytes")
        yield rest[at], rest[at + 2 : at + 2 + size]
        at += 2 + size


def write_items(items: tuple[tuple[int, bytes], ...]) -> bytes:
    """Additional items as bytes."""
    return b"".join(bytes([number, len(told)]) + told for number, told in items)


def read_batch(body: bytes) -> list[bytes]:
    """Bodies of the locations in a batch.

    Raises:
        BadInput: It is cut short, or holds another number of locations than it says.
    """
    if len(body) < 3:
        raise BadInput(f"a batch of {len(body)} bytes", place="body", expected="3 or more")
    count, at, found = int.from_bytes(body[:2], "big"), 3, list[bytes]()
    while at < len(body):
        size = int.from_bytes(body[at : at + 2], "big")
        if at + 2 + size > len(body):
            raise BadInput("a location of the batch is cut short", place=f"location {len(found) + 1}")
        found.append(body[at + 2 : at + 2 + size])
        at += 2 + size
    if len(found) != count:
        raise BadInput(f"the batch holds {len(found)} locations, and says {count}", place="body", expected="equal")
    return found


def write_batch(bodies: list[bytes], kind: int = 0) -> bytes:
    """A batch of locations; `kind` 1: told later, from where no network was."""
    return struct.pack(">HB", len(bodies), kind) + b"".join(struct.pack(">H", len(one)) + one for one in bodies)
