"""What a line of detections may say: version 1, published as docs/detections.schema.json."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

CLASSES = ("car", "truck", "bus", "motorcycle", "bicycle", "person", "vehicle")
"""What moves."""
EVENTS = {
    "accident": "accident", "stopped vehicle": "obstruction", "object on road": "obstruction",
    "wrong way": "other", "person on road": "other", "queue": "congestion", "crowd": "crowd", "smoke": "fire",
    "fire": "fire", "water on road": "flood",
}  # fmt: skip
"""What happens -> the kind of the situation."""
MEASURED = (
    "vehicle_count", "bus_count", "bicycle_count", "person_count", "gate_count", "presence", "parked_vehicles",
    "speed", "occupancy", "water_level",
)  # fmt: skip
Name = Annotated[str, Field(pattern=r"^[\w.:/-]{1,64}$")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Told(BaseModel):
    """Every line: who saw it, and by which version it is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    version: Literal[1]
    camera: Name
    confidence: Share | None = None


class Count(Told):
    """How many, or how much, in a period: `value` in the unit of `calibration.MEASURES`.

    Attributes:
        line: Where in the picture: with it the sensor is `camera/line`.
        period_s: 0: a moment.
    """

    kind: Literal["count"]
    line: Name | None = None
    measure: Literal[MEASURED]  # type: ignore[valid-type]
    value: float | None
    begin: AwareDatetime
    period_s: Annotated[float, Field(ge=0.0, le=86400.0)]


class Track(Told):
    """Where one that moves was.

    Attributes:
        track: Of the video system, for as long as it follows; a pseudonym takes its place before it is written down.
    """

    kind: Literal["track"]
    track: Name
    moves: Literal[CLASSES] = Field(alias="class")  # type: ignore[valid-type]
    time: AwareDatetime
    lon: Annotated[float, Field(ge=-180.0, le=180.0)]
    lat: Annotated[float, Field(ge=-90.0, le=90.0)]
    speed_mps: Annotated[float, Field(ge=0.0, le=150.0)] | None = None
    bearing_deg: Annotated[float, Field(ge=0.0, lt=360.0)] | None = None


class Event(Told):
    """Something that happens; without words of its own, for they may name somebody."""

    kind: Literal["event"]
    event: Name
    type: Literal[tuple(EVENTS)]  # type: ignore[valid-type]
    begin: AwareDatetime
    end: datetime | None = None
    lon: Annotated[float, Field(ge=-180.0, le=180.0)] | None = None
    lat: Annotated[float, Field(ge=-90.0, le=90.0)] | None = None
    severity: Literal["extreme", "severe", "moderate", "minor", "unknown"] = "unknown"


LINE: TypeAdapter[Count | Track | Event] = TypeAdapter(Annotated[Count | Track | Event, Field(discriminator="kind")])
KINDS: dict[str, type[Told]] = {"count": Count, "track": Track, "event": Event}


def line_in(told: dict[str, Any]) -> Count | Track | Event:
    """A line, with numbers that are numbers and times that are texts.

    Raises:
        pydantic.ValidationError: It does not fit the schema.
    """
    return LINE.validate_json(json.dumps(told), strict=True)


def field_names(kind: type[Told]) -> set[str]:
    """The fields of a kind of lines, as they are written."""
    return {field.alias or name for name, field in kind.model_fields.items()}


def schema() -> dict[str, Any]:
    """The JSON schema of one line."""
    made = LINE.json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Detections of video systems, one line, version 1",
        **made,
    }
