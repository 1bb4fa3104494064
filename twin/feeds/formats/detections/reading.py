"""Lines of detections as observations, positions and situations."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from calibration import Observation
from networks.coordinates.datums import to_wgs84
from networks.errors import BadInput
from twin.feeds import format
from twin.feeds.formats.checks import Findings, moment, plausible
from twin.feeds.formats.detections.hiding import LONGEST_LINE, hidden_line
from twin.feeds.formats.detections.telling import EVENTS, Count, Event, Track, line_in
from twin.feeds.formats.json_in import json_in, shown
from twin.feeds.formats.ranges import observed
from twin.feeds.message import Message, Understood
from twin.feeds.pseudonyms import Pseudonyms
from twin.feeds.records import Position, Record, Situation

LONGEST_BYTES, MOST_LINES = 4 << 20, 50_000
_PSEUDONYM = re.compile(r"v[0-9a-f]{16}")


class DetectionsOptions(format.Options):
    """Options of detections.

    Attributes:
        datum: What positions are in.
        salt_file: Where the day's salt is kept over a restart; without it, it is kept in memory alone.
        utc_offset_h: Where it is night at three, when the salt changes (h east of UTC).
    """

    datum: Literal["wgs84", "gcj02"] = "wgs84"
    salt_file: Path | None = None
    utc_offset_h: float = 0.0


class Detections:
    """Results of video systems in our own small format (docs/detections.schema.json), one JSON object a line.

    Counts become observations, tracks positions, events situations. Pictures, faces, plates and whatever else the
    schema does not have are taken out before anything is written; that they were sent is told.
    """

    Options = DetectionsOptions

    def __init__(self, options: DetectionsOptions) -> None:
        self.options = options
        self._names = Pseudonyms(options.salt_file, utc_offset_s=options.utc_offset_h * 3600.0)

    def conceal(self, payload: bytes) -> bytes:
        """The lines with the schema's fields alone, and tracks by pseudonyms."""
        lines = payload.splitlines()
        if len(payload) > LONGEST_BYTES or len(lines) > MOST_LINES:
            return self._names.sealed(payload)
        return b"\n".join(hidden_line(line, self._names) for line in lines if line.strip())

    def understand(self, message: Message) -> Understood:
        """Rows of lines that were concealed.

        Raises:
            BadInput: No line can be used, or there are too many.
        """
        lines = message.payload.splitlines()
        if len(message.payload) > LONGEST_BYTES or len(lines) > MOST_LINES:
            what = f"{len(message.payload)} bytes in {len(lines)} lines"
            raise BadInput(what, expected=f"at most {LONGEST_BYTES} in {MOST_LINES}")
        found = Findings()
        for number, line in enumerate(lines, 1):
            if line.strip():
                with found.part(f"line {number}"):
                    self._line(line, message.received, found, number)
        if not found.records and not found.faults:
            raise BadInput("it holds no line", expected="a JSON object a line")
        return found.understood()

    def _line(self, line: bytes, received: datetime, found: Findings, number: int) -> None:
        told = json_in(line, longest_bytes=LONGEST_LINE + 1000)
        if not isinstance(told, dict):
            raise BadInput("it is no JSON object", expected="one a line")
        if "unreadable" in told:
            raise BadInput(shown(told.get("what")), place=shown(told.get("place")), expected="detections, version 1")
        for name in _refused(told.pop("refused", [])):
            found.fault(BadInput("a field that is never taken", place=name, expected="no such field"), f"line {number}")
        try:
            seen = line_in(told)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(shown(str(part)) for part in first["loc"][1:])
            raise BadInput(shown(first["msg"], 200), place=place) from error
        found.records.append(self._record(seen, received))

    def _record(self, seen: Count | Track | Event, received: datetime) -> Record:
        more: dict[str, str | float] = {} if seen.confidence is None else {"confidence": seen.confidence}
        if isinstance(seen, Count):
            begin = plausible(_utc(seen.begin, "begin", received), "begin", received)
            sensor = f"{seen.camera}/{seen.line}" if seen.line else seen.camera
            value = None if seen.value is None else observed(seen.measure, seen.value, "value")
            quality = "missing" if value is None else "good"
            return Observation(
                sensor, seen.measure, begin, seen.period_s, value, quality, received, False, more
            )  # fmt: skip
        if isinstance(seen, Track):
            if not _PSEUDONYM.fullmatch(seen.track):
                raise BadInput("the track is in clear", place="track", expected="a message that was concealed")
            time = _utc(seen.time, "time", received)
            lon, lat = self._place(seen.lon, seen.lat)
            more |= {"camera": seen.camera}
            return Position(
                seen.track, time, lon, lat, received, seen.moves, seen.speed_mps, seen.bearing_deg, details=more
            )
        begin = _utc(seen.begin, "begin", received)
        end = None if seen.end is None else _utc(seen.end, "end", received)
        if end is not None and end < begin:
            raise BadInput("it ends before it begins", place="end", expected="a later time")
        area = None
        if seen.lon is not None and seen.lat is not None:
            area = {"type": "Point", "coordinates": list(self._place(seen.lon, seen.lat))}
        more |= {"camera": seen.camera, "type": seen.type}
        kind, severity = EVENTS[seen.type], seen.severity
        return Situation(
            f"{seen.camera}/{seen.event}", "", received, kind, begin, end, severity=severity, area=area, details=more
        )

    def _place(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = to_wgs84(lon, lat, self.options.datum)
        return float(x), float(y)


def _refused(told: Any) -> list[str]:
    if not isinstance(told, list) or len(told) > 1000:
        raise BadInput("it is no list of names", place="refused")
    return [shown(name) for name in told]


def _utc(time: datetime, place: str, received: datetime) -> datetime:
    return moment(time.isoformat(), place, received)
