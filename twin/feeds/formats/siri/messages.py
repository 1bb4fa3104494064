"""The format `siri`: deliveries wherever they stand in a message."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from xml.etree.ElementTree import Element

from networks.errors import BadInput
from twin.feeds.formats.markup import BYTES_OF_AN_ELEMENT, MarkupOptions, Part, Reading, opened, plain_bytes
from twin.feeds.formats.siri.lite import element_in
from twin.feeds.formats.siri.services import read_stops, read_timetable, read_vehicles
from twin.feeds.formats.siri.situations import ELEMENTS, read_situation, read_situations
from twin.feeds.formats.siri.words import SPACE
from twin.feeds.message import Message, Understood

_READERS: dict[str, tuple[Callable[[Part, datetime], None], frozenset[str]]] = {
    "EstimatedTimetableDelivery": (read_timetable, frozenset({"EstimatedJourneyVersionFrame"})),
    "VehicleMonitoringDelivery": (read_vehicles, frozenset({"VehicleActivity"})),
    "StopMonitoringDelivery": (read_stops, frozenset({"MonitoredStopVisit"})),
    "SituationExchangeDelivery": (read_situations, frozenset({"Situations", *ELEMENTS})),
}
"""Delivery -> its reader, and the children that it reads."""
_HEADER = frozenset(
    {
        *("ResponseTimestamp", "ProducerRef", "Address", "ResponseMessageIdentifier", "RequestMessageRef", "Status"),
        *("MoreData", "SubscriberRef", "SubscriptionRef", "SubscriptionFilterRef", "ValidUntil", "Note"),
        *("ShortestPossibleCycle", "MonitoringRef", "MonitoringName", "ErrorCondition", "VehicleActivityNote"),
        *("DefaultLanguage", "DelegatorAddress", "DelegatorRef", "RequestMessageIdentifier", "Extensions"),
    }
)
_DRIVER = re.compile(rb"(<(?:[\w.-]{1,40}:)?Driver(?:Ref|Name)\b[^>]{0,200}>)[^<]+")
_DRIVER_LITE = re.compile(rb'("Driver(?:Ref|Name)"\s{0,20}:\s{0,20})(?:"(?:[^"\\]|\\.)*"|\{[^{}]*\}|[\w.+-]+)')


class SiriOptions(MarkupOptions):
    """What the format `siri` may be told.

    Attributes:
        largest_mb: As in all XML; also of lite JSON.
        zone: As in all XML.
    """


class Siri:
    """SIRI 2.0 and 2.1 (CEN/TS 15531), XML and lite JSON: arrivals, positions, situations.

    EstimatedTimetable, VehicleMonitoring and StopMonitoring: each call is an arrival, each located vehicle a position.
    A cancelled run without calls is one arrival with stop "" and status "cancelled", which holds for all its stops.
    A call's number in its run is its Order, else its VisitNumber. SituationExchange: each element is a situation.
    Everything may stand in an envelope (SOAP). Drivers are taken out before anything is written down.
    """

    Options = SiriOptions

    def __init__(self, options: SiriOptions) -> None:
        self.options = options

    def conceal(self, payload: bytes) -> bytes:
        """The message without references to drivers and their names."""
        if b"Driver" not in payload.replace(b"\0", b"") and payload[:2] != b"\x1f\x8b":
            return payload
        try:
            data = plain_bytes(Message(payload, "", datetime.min), self.options)
        except BadInput:
            return payload  # no whole gzip: nobody can read it
        wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2])
        if wide is not None:
            text = data.decode(wide, "replace").encode()
            found = _DRIVER_LITE.sub(rb'\1""', _DRIVER.sub(rb"\1", text))
            return found.decode().encode(wide) if found != text else payload
        found = _DRIVER_LITE.sub(rb'\1""', _DRIVER.sub(rb"\1", data))
        return found if found != data else payload

    def understand(self, message: Message) -> Understood:
        """Rows of a message.

        Raises:
            BadInput: It is neither XML nor JSON that can be read, or nothing of SIRI.
        """
        data = plain_bytes(message, self.options)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            most = max(self.options.largest_bytes // BYTES_OF_AN_ELEMENT, 10_000)
            root, spaces = element_in(data, message.topic, most), {SPACE}
        else:
            root, spaces = opened(message, self.options, (SPACE,))
        reading = Reading(message.received, self.options.zone)
        deliveries = [one for one in root.iter() if one.tag.endswith("Delivery") and one.tag != "ServiceDelivery"]
        alone = [one for name in ELEMENTS for one in root.iter(name)] if not deliveries else []
        if SPACE not in spaces or not (deliveries or alone or any(True for _ in root.iter("Siri"))):
            raise BadInput(
                f"its <{root.tag.rpartition('}')[2]}> holds nothing of SIRI",
                file=message.topic,
                expected=f"a <Siri> in {SPACE}, alone or in an envelope, or lite JSON",
            )
        said = _service(root, reading)
        for number, element in enumerate(deliveries, start=1):
            label = element.tag if len(deliveries) == 1 else f"{element.tag}[{number}]"
            _read(Part(element, reading, label), said)
        for number, element in enumerate(alone, start=1):
            read_situation(Part(element, reading, f"{element.tag}[{number}]"), said)
        if not deliveries and not alone:
            for child in next(root.iter("Siri")):
                if child.tag != "ServiceDelivery":
                    reading.left_out[child.tag.rpartition("}")[2]] += 1
        return reading.understood()


def _service(root: Element, reading: Reading) -> datetime:
    """When the whole was said; what its producer says of itself is noted."""
    said = None
    for service in (Part(one, reading) for one in root.iter("ServiceDelivery")):
        said = service.told("ResponseTimestamp") if service.one("ResponseTimestamp") is not None else None
        if service.flag("MoreData"):
            reading.left_out["more data that wait at the producer"] += 1
        _own_word(service)
    return said or reading.received


def _own_word(part: Part) -> None:
    if part.flag("Status") is False or part.one("ErrorCondition") is not None:
        error = part.one("ErrorCondition")
        texts = [child.own_text for child in error.deep("Description")] if error is not None else []
        part.fault(
            f"its producer says that it failed{': ' + texts[0][:200] if texts and texts[0] else ''}", "Status true"
        )


def _read(delivery: Part, said: datetime) -> None:
    _own_word(delivery)
    reader, read = _READERS.get(delivery.name, (None, frozenset[str]()))
    for child in delivery.element:
        if child.tag not in _HEADER and child.tag not in read:
            delivery.reading.left_out[child.tag.rpartition("}")[2]] += 1
    told = delivery.told("ResponseTimestamp") if delivery.one("ResponseTimestamp") is not None else said
    if reader is not None:
        reader(delivery, told or said)
