"""A message as it came, and what was understood of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from networks.errors import BadInput
from twin.feeds.records import Record


@dataclass(frozen=True, slots=True)
class Message:
    """Bytes that somebody sent, and the circumstances.

    Attributes:
        payload: As it came.
        topic: An MQTT or Kafka topic, a URL, a file's name.
        received: When it came, UTC.
        headers: What else the transport told (content type, last modified, key).
    """

    payload: bytes
    topic: str
    received: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a message that could not be used.

    Attributes:
        place: Where in the message: an element, a field, a line.
        what: What is wrong.
        expected: What would have been right.
    """

    place: str
    what: str
    expected: str = ""

    @classmethod
    def of(cls, error: BadInput, place: str = "") -> Fault:
        """The same, from an error."""
        return cls(error.place or place, error.what, error.expected or "")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a format made of one message.

    Attributes:
        records: Good rows; they are kept whatever else is wrong with the message.
        faults: Parts that could not be used. Any: the message becomes a dead letter too, with these reasons.
        left_out: What -> how many parts are fine, but nothing that this twin keeps ("AirTemperatureForecast" -> 3).
    """

    records: tuple[Record, ...]
    faults: tuple[Fault, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
