"""One observation on the wire: JSON in the words of OGC SensorThings 1.1, checked field by field.

Topic: `v1.1/Datastreams(<sensor id, percent-encoded>)/Observations`.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from calibration import MEASURES, QUALITIES, Observation
from networks.errors import BadInput

SUBSCRIPTION = "v1.1/+/Observations"
LONGEST_BYTES = 64_000


class Datastream(BaseModel):
    """Which sensor, what it observes and in which unit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(alias="@iot.id", min_length=1, max_length=200)
    observed_property: str = Field(alias="observedProperty")
    unit: str = Field(alias="unitOfMeasurement")


class ObservationMessage(BaseModel):
    """One Observation entity; `phenomenonTime` is a moment or an interval `begin/end`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    datastream: Datastream = Field(alias="Datastream")
    phenomenon_time: str = Field(alias="phenomenonTime", max_length=80)
    result_time: datetime = Field(alias="resultTime")
    result: float | None
    quality: str = Field(alias="resultQuality", default="good")
    parameters: dict[str, str | float | int | bool | None] = Field(default_factory=dict)

    @field_validator("result")
    @classmethod
    def _possible(cls, value: float | None) -> float | None:
        if value is not None and (not math.isfinite(value) or value < 0):
            raise ValueError("a result is a number of at least 0, or null")
        return value

    @field_validator("result_time")
    @classmethod
    def _zoned(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError("a time needs a zone")
        return value.astimezone(UTC)


def topic_of(sensor_id: str) -> str:
    """The MQTT topic of a sensor's observations."""
    return f"v1.1/Datastreams({quote(sensor_id, safe='')})/Observations"


def to_wire(observation: Observation) -> bytes:
    """An observation as a JSON message (UTF-8)."""
    begin = _stamp(observation.begin)
    parameters: dict[str, Any] = dict(observation.details)
    if observation.synthetic:
        parameters["synthetic"] = True
    document = {
        "Datastream": {
            "@iot.id": observation.sensor_id,
            "observedProperty": observation.measure,
            "unitOfMeasurement": MEASURES[observation.measure][0],
        },
        "phenomenonTime": f"{begin}/{_stamp(observation.end)}" if observation.period_s else begin,
        "resultTime": _stamp(observation.result_time),
        "result": observation.result,
        "resultQuality": observation.quality,
        "parameters": parameters,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def from_wire(payload: bytes, *, topic: str | None = None) -> Observation:
    """An observation from a JSON message.

    Args:
        payload: UTF-8 JSON.
        topic: Where it came from; when given, it must name the same sensor.

    Raises:
        BadInput: Names the field and what was expected.
    """
    if len(payload) > LONGEST_BYTES:
        raise BadInput(f"a message of {len(payload)} bytes", expected=f"at most {LONGEST_BYTES}")
    try:
        message = ObservationMessage.model_validate_json(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput(first["msg"], place=".".join(str(part) for part in first["loc"]) or "payload") from error
    stream = message.datastream
    if topic is not None and topic != topic_of(stream.id):
        named = unquote(topic.partition("(")[2].rpartition(")")[0]) or topic
        raise BadInput(f"the topic is {named!r}'s, the message is {stream.id!r}'s", place="Datastream.@iot.id")
    if stream.observed_property not in MEASURES:
        raise BadInput(
            f"unknown property {stream.observed_property!r}", place="observedProperty", expected=", ".join(MEASURES)
        )
    unit = MEASURES[stream.observed_property][0]
    if stream.unit != unit:
        raise BadInput(f"the unit is {stream.unit!r}", place="unitOfMeasurement", expected=unit)
    if message.quality not in QUALITIES:
        raise BadInput(f"unknown quality {message.quality!r}", place="resultQuality", expected=", ".join(QUALITIES))
    begin, period_s = _phenomenon(message.phenomenon_time)
    parameters = dict(message.parameters)
    synthetic = parameters.pop("synthetic", False) is True
    return Observation(
        stream.id,
        stream.observed_property,
        begin,
        period_s,
        message.result,
        message.quality if message.result is not None else "missing",
        message.result_time,
        synthetic,
        parameters,
    )


def _phenomenon(text: str) -> tuple[datetime, float]:
    """Begin (UTC) and length (s) of a moment or an interval."""
    try:
        times = [datetime.fromisoformat(part) for part in text.split("/")]
    except ValueError as error:
        raise BadInput(f"no time: {text!r}", place="phenomenonTime", expected="ISO 8601, or begin/end") from error
    if len(times) > 2 or any(time.tzinfo is None for time in times):
        raise BadInput(
            f"no zoned time: {text!r}", place="phenomenonTime", expected="ISO 8601 with a zone, or begin/end"
        )
    length = times[-1] - times[0]
    if not timedelta(0) <= length <= timedelta(days=1):
        raise BadInput(f"an interval of {length}", place="phenomenonTime", expected="0 s to 1 day")
    return times[0].astimezone(UTC), length.total_seconds()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
