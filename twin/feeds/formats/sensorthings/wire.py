"""One observation on the wire: JSON in the words of OGC SensorThings 1.1 (OGC 18-088, 8.2.6 Observation).

Topic: `v1.1/Datastreams(<sensor id, percent-encoded>)/Observations` (14.2.1). Between twins the Datastream says what is
observed and in which unit, so that a message can be understood alone; elsewhere a feed's options say so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from calibration import MEASURES, QUALITIES, Observation
from networks.errors import BadInput
from twin.feeds.formats.checks import members, moment, number, text
from twin.feeds.formats.json_in import json_in, shown
from twin.feeds.formats.ranges import observed

SUBSCRIPTION = "v1.1/+/Observations"
LONGEST_BYTES = 64_000
_NEVER = datetime(9990, 1, 1, tzinfo=UTC)
_LONGEST_PERIOD = timedelta(days=1)
_TOLD = frozenset({"Datastream", "phenomenonTime", "resultTime", "result", "resultQuality", "parameters"})
_NOT_KEPT = frozenset(
    {"@iot.id", "@iot.selfLink", "Datastream@iot.navigationLink", "FeatureOfInterest@iot.navigationLink",
     "FeatureOfInterest", "validTime"}
)  # fmt: skip
_TOPIC = re.compile(r"Datastreams\(([^()]{1,600})\)/Observations$")

Stream = tuple[str, str]
"""Sensor and measure."""


def topic_of(sensor_id: str) -> str:
    """The MQTT topic of a sensor's observations."""
    return f"v1.1/Datastreams({quote(sensor_id, safe='')})/Observations"


def sensor_of(topic: str) -> str | None:
    """The sensor that a topic is of, None where it does not say."""
    found = _TOPIC.search(topic)
    return unquote(found[1]).strip("'") if found else None


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
    entity = members(json_in(payload, longest_bytes=LONGEST_BYTES), "payload")
    stream = stream_of(needed(entity, "Datastream"))
    if topic is not None and topic != topic_of(stream[0]):
        raise other_topic(sensor_of(topic) or topic, stream[0])
    return observation_of(entity, stream, _NEVER, told=False)


def other_topic(topics: str, messages: str) -> BadInput:
    """The error of a message that speaks of another sensor than its topic."""
    what = f"the topic is {shown(topics)!r}'s, the message is {shown(messages)!r}'s"
    return BadInput(what, place="Datastream.@iot.id")


def stream_of(datastream: object) -> Stream:
    """What a Datastream says that is understood alone.

    Raises:
        BadInput: It does not say what is observed in which unit, or this twin does not know it.
    """
    told = members(datastream, "Datastream")
    if len(told) == 3:
        three = told.get("@iot.id"), told.get("observedProperty"), told.get("unitOfMeasurement")
        if type(three[0]) is type(three[1]) is type(three[2]) is str:
            return _stream(*three)
    return _stream_told(told)


@lru_cache(1 << 16)  # a city's sensors, which say what they are with each observation
def _stream(sensor: str, measure: str, unit: str) -> Stream:
    return _stream_told({"@iot.id": sensor, "observedProperty": measure, "unitOfMeasurement": unit})


def _stream_told(told: Mapping[str, Any]) -> Stream:
    extra = next((name for name in told if name not in ("@iot.id", "observedProperty", "unitOfMeasurement")), None)
    if extra is not None:
        raise BadInput("the member is not known", place=f"Datastream.{shown(extra)}", expected="no more members")
    sensor = text(needed(told, "@iot.id", "Datastream."), "Datastream.@iot.id")
    measure = needed(told, "observedProperty", "Datastream.")
    if not isinstance(measure, str) or measure not in MEASURES:
        what = f"unknown property {shown(measure)!r}"
        raise BadInput(what, place="Datastream.observedProperty", expected=", ".join(MEASURES))
    unit = needed(told, "unitOfMeasurement", "Datastream.")
    if unit != MEASURES[measure][0]:
        what = f"the unit is {shown(unit)!r}"
        raise BadInput(what, place="Datastream.unitOfMeasurement", expected=MEASURES[measure][0])
    return sensor, measure


def observation_of(
    entity: Mapping[str, Any],
    stream: Stream,
    received: datetime,
    *,
    told: bool = True,
    in_si: Callable[[float], float] | None = None,
) -> Observation:
    """The observation that an Observation entity tells.

    Args:
        entity: Members of the entity.
        stream: What its Datastream is of.
        received: When the message came.
        told: Whether an entity without a result time is taken as said when it was received.
        in_si: From the unit of the datastream to that of the measure.

    Raises:
        BadInput: Names the member and what was expected.
    """
    if not _TOLD.issuperset(entity):
        for name in entity:
            if name not in _TOLD and name not in _NOT_KEPT:
                raise BadInput("the member is not known", place=shown(name), expected=", ".join(sorted(_TOLD)))
    begin, period_s = _phenomenon(needed(entity, "phenomenonTime"), received)
    said = entity.get("resultTime")
    result_time = received if said is None and told else moment(said, "resultTime", received)
    result = needed(entity, "result")
    if result is not None:
        result = number(result, "result")
        result = observed(stream[1], in_si(result) if in_si else result, "result")
    quality = entity.get("resultQuality", "good")
    if quality not in QUALITIES:
        raise BadInput(f"unknown quality {shown(quality)!r}", place="resultQuality", expected=", ".join(QUALITIES))
    said_more = entity.get("parameters")
    synthetic, parameters = _parameters(said_more) if said_more else (False, {})
    good = quality if result is not None else "missing"
    return Observation(*stream, begin, period_s, result, good, result_time, synthetic, parameters)


def needed(entity: Mapping[str, Any], name: str, place: str = "") -> Any:
    """A member that has to be there.

    Raises:
        BadInput: It is not.
    """
    try:
        return entity[name]
    except KeyError:
        raise BadInput("it is missing", place=f"{place}{name}", expected=f"the member {name}") from None


def _parameters(value: object) -> tuple[bool, dict[str, Any]]:
    told = dict(members(value, "parameters"))
    for name, one in told.items():
        if isinstance(one, float | int):
            number(one + 0.0, f"parameters.{shown(name)}")
        elif not (one is None or isinstance(one, str)):
            raise BadInput(f"{shown(one)} is no plain value", place=f"parameters.{shown(name)}", expected="a value")
    return told.pop("synthetic", False) is True, told


def _phenomenon(value: object, received: datetime) -> tuple[datetime, float]:
    """Begin (UTC) and length (s) of a moment or an interval."""
    expected = "ISO 8601 with a zone, or begin/end"
    if not isinstance(value, str):
        raise BadInput(f"{shown(value)} is no time", place="phenomenonTime", expected=expected)
    parts = value.split("/", 2)
    if len(parts) > 2:
        raise BadInput(f"{shown(value)!r} is no time", place="phenomenonTime", expected=expected)
    begin = moment(parts[0], "phenomenonTime", received)
    if len(parts) == 1:
        return begin, 0.0
    length = moment(parts[1], "phenomenonTime", received) - begin
    if not timedelta(0) <= length <= _LONGEST_PERIOD:
        raise BadInput(f"an interval of {length}", place="phenomenonTime", expected="0 s to 1 day")
    return begin, length.total_seconds()


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
