"""JT/T 808: frames of terminals as positions."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from networks.coordinates.datums import to_wgs84
from networks.errors import BadInput
from twin.feeds import format
from twin.feeds.formats.jtt808.frame import (
    BATCH,
    HEARTBEAT,
    LOCATION,
    REGISTRATION,
    Frame,
    frames,
    read_frame,
    write_frame,
)
from twin.feeds.formats.jtt808.hiding import hidden, is_hidden
from twin.feeds.formats.jtt808.locations import FIXED, HARMLESS, SHIFTED, Located, read_batch, read_location
from twin.feeds.message import Fault, Message, Understood
from twin.feeds.pseudonyms import Pseudonyms
from twin.feeds.records import Position

BEIJING = timezone(timedelta(hours=8))
LONGEST_BYTES = 1 << 20
FASTEST_KMH = 400.0
_SEALED = re.compile(rb"unreadable: \d{1,7} bytes, salted hash [0-9a-f]{16}")


class Jtt808Options(format.Options):
    """Options of JT/T 808.

    Attributes:
        datum: What positions are in: "told" goes by bit 5 of each status (shifted: GCJ-02); or one for all.
        vehicles: What they are: "bus", "taxi", "truck", ...
        salt_file: Where the day's salt is kept over a restart; without it, it is kept in memory alone.
    """

    datum: Literal["told", "wgs84", "gcj02"] = "told"
    vehicles: str = ""
    salt_file: Path | None = None


class Jtt808:
    """JT/T 808-2013 and -2019, a subset: location reports (0x0200) and batches of them (0x0704) become positions;
    heartbeats (0x0002), registrations (0x0100) and all other messages are counted. A message is one frame, or several.

    Not taken: messages in parts, encrypted ones, alarms' meanings beyond their bits. Times are UTC+8 as the standard
    has it. What the subset is made from: see `frame`.
    """

    Options = Jtt808Options

    def __init__(self, options: Jtt808Options) -> None:
        self.options = options
        self._names = Pseudonyms(options.salt_file, utc_offset_s=8 * 3600.0)

    def conceal(self, payload: bytes) -> bytes:
        """Frames without phone numbers, plates, cards and what else names a terminal's owner."""
        if len(payload) > LONGEST_BYTES:
            return self._names.sealed(payload)
        found = [self._concealed(one) for one in frames(payload)]
        return b"\x7e".join([b"", *found, b""]) if found else self._names.sealed(payload)

    def _concealed(self, between: bytes) -> bytes:
        try:
            return write_frame(hidden(read_frame(between), self._names))[1:-1]
        except BadInput:
            return between if _SEALED.fullmatch(between) else self._names.sealed(between)

    def understand(self, message: Message) -> Understood:
        """Positions of a message that was concealed.

        Raises:
            BadInput: No frame can be read, or one tells a terminal's number in clear.
        """
        if len(message.payload) > LONGEST_BYTES:
            raise BadInput(f"a message of {len(message.payload)} bytes", expected=f"at most {LONGEST_BYTES}")
        rows, faults, left_out = list[Position](), list[Fault](), Counter[str]()
        for number, between in enumerate(frames(message.payload), 1):
            try:
                self._frame(between, message.received, rows, faults, left_out)
            except BadInput as error:
                faults.append(Fault(f"frame {number}: {error.place}", error.what, error.expected or ""))
        if faults and not rows and not left_out:
            raise BadInput(faults[0].what, place=faults[0].place, expected=faults[0].expected)
        if not faults and not rows and not left_out:
            raise BadInput("it holds no frame", expected="0x7e, header, body, XOR of all before, 0x7e")
        return Understood(tuple(rows), tuple(faults), dict(left_out))

    def _frame(
        self, between: bytes, received: datetime, rows: list[Position], faults: list[Fault], left_out: Counter[str]
    ) -> None:
        if _SEALED.fullmatch(between):
            raise BadInput("it could not be read when it came", place="frame", expected="a whole frame")
        frame = read_frame(between)
        if not is_hidden(frame.terminal):
            raise BadInput("the terminal's number is in clear", place="header", expected="a message that was concealed")
        if (why := _not_taken(frame)) is not None:
            left_out[why] += 1
            return
        for place, body in _bodies(frame):
            try:
                told = read_location(body)
                left_out.update(f"item {number:#04x}" for number, _ in told.items if number not in HARMLESS)
                if not told.status & FIXED:
                    left_out["position without a fix"] += 1
                    continue
                rows.append(self._position(told, frame, received, place, faults))
            except BadInput as error:
                faults.append(Fault(f"{place}: {error.place}", error.what, error.expected or ""))

    def _position(
        self, told: Located, frame: Frame, received: datetime, place: str, faults: list[Fault]
    ) -> Position:  # fmt: skip
        datum = self.options.datum
        if datum == "told":
            datum = "gcj02" if told.status & SHIFTED else "wgs84"
        if abs(told.lat) > 90 or abs(told.lon) > 180:
            raise BadInput(f"{told.lat}, {told.lon} is nowhere on Earth", place="position", expected="90, 180 at most")
        lon, lat = (float(one) for one in to_wgs84(told.lon, told.lat, datum))
        if math.isnan(lon) or abs(lat) > 90 or abs(lon) > 180:
            raise BadInput(f"{told.lat}, {told.lon} is nowhere in {datum}", place="position")
        speed, bearing = told.speed_kmh / 3.6, float(told.bearing_deg)
        if told.speed_kmh > FASTEST_KMH:
            faults.append(Fault(f"{place}: speed", f"{told.speed_kmh} km/h", f"at most {FASTEST_KMH:g}"))
        if bearing >= 360:
            faults.append(Fault(f"{place}: direction", f"{bearing:g} degrees", "0 to 359"))
        return Position(
            frame.terminal[1:].lstrip("0") or "0",
            _time(told.clock, received),
            lon,
            lat,
            received,
            self.options.vehicles,
            speed if told.speed_kmh <= FASTEST_KMH else None,
            bearing if bearing < 360 else None,
            details=_details(told),
        )


def _not_taken(frame: Frame) -> str | None:
    """What a frame is counted as, when it is no location that can be read."""
    named = {HEARTBEAT: "heartbeat", REGISTRATION: "registration"}.get(frame.message, f"message {frame.message:#06x}")
    if frame.part is not None:
        return f"part of a split {named}"
    if frame.encrypted:
        return f"encrypted {named}"
    return None if frame.message in (LOCATION, BATCH) else named


def _bodies(frame: Frame) -> Iterator[tuple[str, bytes]]:
    if frame.message == LOCATION:
        yield "location", frame.body
        return
    for number, body in enumerate(read_batch(frame.body), 1):
        yield f"location {number}", body


def _details(told: Located) -> dict[str, float | int]:
    more: dict[str, float | int] = {"alarm_bits": told.alarm, "status_bits": told.status, "height_m": told.height_m}
    return more if told.mileage_km is None else {**more, "mileage_km": told.mileage_km}


def _time(clock: str, received: datetime) -> datetime:
    try:
        if not clock.isdecimal():
            raise ValueError
        at = datetime.strptime("20" + clock, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        raise BadInput(f"the time is {clock}", place="time", expected="YYMMDDhhmmss, UTC+8") from None
    if at > received + timedelta(days=1):
        raise BadInput(f"{at.isoformat()} is in the future", place="time", expected=f"before {received.isoformat()}")
    return at.astimezone(UTC)
