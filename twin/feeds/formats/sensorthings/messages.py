"""Observations as OGC SensorThings 1.1 (OGC 18-088): one entity, an array of them, or the dataArray extension.

A message is an Observation (8.2.6), an array of them, an answer with `value`, or CreateObservations (13.3): blocks of a
Datastream, `components` and a `dataArray` with one row an observation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

import twin.feeds.format
from calibration import MEASURES
from networks.errors import BadInput
from twin.feeds.formats.checks import Findings, items, members, text
from twin.feeds.formats.json_in import json_in, shown
from twin.feeds.formats.sensorthings.wire import (
    Stream,
    needed,
    observation_of,
    other_topic,
    sensor_of,
    stream_of,
)
from twin.feeds.message import Message, Understood

LONGEST_BYTES = 4 << 20
_MOST = 100_000


class Datastream(BaseModel):
    """What a datastream of another server is.

    Attributes:
        sensor: Its id here; the datastream's own where it is not said.
        measure: A key of `calibration.MEASURES`.
        factor: What one of its units is in the measure's (km/h: 0.277778).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    sensor: str = ""
    factor: float = Field(default=1.0, gt=0, allow_inf_nan=False)

    @field_validator("measure")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in MEASURES:
            raise ValueError(f"unknown measure {value!r}; expected one of {', '.join(MEASURES)}")
        return value


class SensorThings:
    """Understands what `twin` sends, and the datastreams of other servers that the options name."""

    class Options(twin.feeds.format.Options):
        """`datastreams`: id on the other server -> what it is."""

        datastreams: dict[str, Datastream] = Field(default_factory=dict)

    def __init__(self, options: Options) -> None:
        self._known = options.datastreams

    def understand(self, message: Message) -> Understood:
        """Rows of a message; raises `BadInput` where nothing of it can be used."""
        document = json_in(message.payload, longest_bytes=LONGEST_BYTES)
        found = Findings()
        if isinstance(document, dict) and "value" in document:
            document = items(document["value"], "value", _MOST)
        entities = items(document, "payload", _MOST) if isinstance(document, list) else [document]
        topic = sensor_of(message.topic)
        for number, entity in enumerate(entities):
            place = f"[{number}]" if isinstance(document, list) else ""
            try:
                if isinstance(entity, dict) and "dataArray" in entity:
                    self._block(entity, place, message, found)
                else:
                    self._entity(members(entity, ""), topic, message, found)
            except BadInput as error:
                found.fault(error, place)
        return found.understood()

    def _entity(self, entity: Mapping[str, Any], topic: str | None, message: Message, found: Findings) -> None:
        stream, factor = self._stream(entity.get("Datastream"), topic)
        found.records.append(observation_of(entity, stream, message.received, in_si=factor))

    def _block(self, block: Mapping[str, Any], place: str, message: Message, found: Findings) -> None:
        """One Datastream's rows: `components` names the columns."""
        stream, factor = self._stream(needed(block, "Datastream"), None)
        names = [text(name, "components") for name in items(needed(block, "components"), "components", 20)]
        if len(set(names)) < len(names):
            raise BadInput("a component is named twice", place="components")
        rows = items(block["dataArray"], "dataArray", _MOST - len(found.records))
        for number, row in enumerate(rows):
            at = f"{place}.dataArray[{number}]".lstrip(".")
            with found.part(at):
                cells = items(row, "")
                if len(cells) != len(names):
                    raise BadInput(f"{len(cells)} values", expected=f"{len(names)}, as in components")
                entity = dict(zip(names, cells, strict=True))
                found.records.append(observation_of(entity, stream, message.received, in_si=factor))

    def _stream(self, datastream: object, topic: str | None) -> tuple[Stream, Any]:
        """Sensor and measure, and what brings a result into the measure's unit (None: nothing has to)."""
        told = members(datastream, "Datastream") if datastream is not None else {}
        if told and topic is not None and str(told.get("@iot.id")) != topic:
            raise other_topic(topic, str(told.get("@iot.id")))
        name = str(told.get("@iot.id", topic if topic is not None else ""))
        known = self._known.get(name)
        if known is None:
            if datastream is None:
                expected = "the member Datastream, or the datastream under `options: datastreams:` of the feed"
                raise BadInput(
                    f"nothing says what is observed by {shown(name)!r}", place="Datastream", expected=expected
                )
            return stream_of(datastream), None
        return (known.sensor or name, known.measure), None if known.factor == 1.0 else known.factor.__mul__
