"""What feeds tell, whatever format it came in: six kinds of rows, each with its key.

A row that is told twice is one row; told again with a later `told` it is a correction, and the later one holds.
Times are UTC with their zone, positions WGS84 degrees, everything else SI. Nothing here names a person: who or what
moves is a pseudonym (`twin.feeds.pseudonyms`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from calibration import Observation


@dataclass(frozen=True, slots=True)
class Position:
    """Where something that moves was.

    Attributes:
        mover: Pseudonym, or a public vehicle's own number.
        time: When it was there, UTC.
        lon: Degrees, WGS84.
        lat: Degrees, WGS84.
        told: When it was said, UTC.
        kind: "bus", "tram", "train", "ferry", "car", "truck", "taxi", "person", ...
        speed_mps: None: not told.
        bearing_deg: Clockwise from north.
        route: The line's id.
        trip: The run's id in the timetable.
        occupancy: Share of its places that are taken, 0 to 1, or above.
        details: More, by name.
    """

    mover: str
    time: datetime
    lon: float
    lat: float
    told: datetime
    kind: str = ""
    speed_mps: float | None = None
    bearing_deg: float | None = None
    route: str = ""
    trip: str = ""
    occupancy: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a run of a line is expected at a stop, or was there.

    Attributes:
        trip: The run's id.
        day: Service day, `YYYY-MM-DD`; "" where the feed does not say.
        stop: The stop's id.
        sequence: Which stop of the run, -1 where the feed does not say.
        told: When it was said, UTC.
        scheduled: By the timetable, UTC.
        arrives: Expected or real, UTC.
        departs: Expected or real, UTC.
        delay_s: Later than the timetable; None: not told.
        status: "expected", "was there", "cancelled", "skipped", "added".
        route: The line's id.
    """

    trip: str
    day: str
    stop: str
    sequence: int
    told: datetime
    scheduled: datetime | None = None
    arrives: datetime | None = None
    departs: datetime | None = None
    delay_s: float | None = None
    status: str = "expected"
    route: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Something that happens somewhere for a while: an accident, roadworks, a warning, an event.

    Attributes:
        situation: Its id.
        part: Which record of it, "" where there is one.
        told: When this version was made, UTC.
        kind: "accident", "roadworks", "closure", "weather", "flood", "crowd", "public transport", "other", ...
        begin: UTC.
        end: UTC; None: open.
        status: "actual", "test", "exercise", "cancelled", "ended", "draft".
        severity: "extreme", "severe", "moderate", "minor", "unknown" (CAP 1.2's words).
        area: GeoJSON geometry in WGS84 degrees; None: not told.
        words: Language tag (`en`, `zh-CN`, `fi`, "" where not told) -> what it says.
        details: More, by name.
    """

    situation: str
    part: str
    told: datetime
    kind: str
    begin: datetime
    end: datetime | None = None
    status: str = "actual"
    severity: str = "unknown"
    area: Mapping[str, Any] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are measured or done: a device, a station, a stop, a car park.

    Attributes:
        place: Its id, the `sensor_id` of its observations.
        kind: "detector", "bike station", "stop", "car park", "camera", "weather station", ...
        told: When it was said, UTC.
        lon: Degrees, WGS84; None: not told.
        lat: Degrees, WGS84.
        name: As its owner calls it.
        capacity: Places, docks, persons; None: not told.
        details: More, by name.
    """

    place: str
    kind: str
    told: datetime
    lon: float | None = None
    lat: float | None = None
    name: str = ""
    capacity: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a field: a radar composite. Its bytes stay in the feed log.

    Attributes:
        series: Which series of frames.
        time: Of the picture, UTC.
        told: When it came, UTC.
        quantity: "dBZ", "mm/h".
        crs: Of its grid, as text that PROJ reads.
        rows: Cells from north to south.
        columns: Cells from west to east.
        box: West, south, east, north in `crs`.
        known: Share of cells with a value.
        highest: Largest value; None: nothing is known.
    """

    series: str
    time: datetime
    told: datetime
    quantity: str
    crs: str
    rows: int
    columns: int
    box: tuple[float, float, float, float]
    known: float
    highest: float | None


Record = Observation | Position | Arrival | Situation | Place | Frame


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of rows is kept.

    Attributes:
        row: Its class; its fields are the columns.
        key: Columns that make two rows the same.
        time: The column of event time, by which rows are filed.
        told: The column that says which of two equal keys holds: the later.
    """

    row: type[Any]
    key: tuple[str, ...]
    time: str
    told: str = "told"


KINDS: dict[str, Kind] = {
    "observations": Kind(Observation, ("sensor_id", "measure", "begin"), "begin", "result_time"),
    "positions": Kind(Position, ("mover", "time"), "time"),
    "arrivals": Kind(Arrival, ("trip", "day", "stop", "sequence", "told"), "told"),
    "situations": Kind(Situation, ("situation", "part", "told"), "told"),
    "places": Kind(Place, ("place", "kind"), "told"),
    "frames": Kind(Frame, ("series", "time"), "time"),
}
"""Table -> how it is kept."""

TABLE_OF: dict[type[Any], str] = {kind.row: name for name, kind in KINDS.items()}
"""Class of a row -> its table."""
