"""GA/T 1049: what a city's signal systems tell its platform of traffic.

What is known of the standard is second hand. The envelope is that of GA/T 1049.1 (`networks.protocols.gat1049`). The
traffic data are the objects that signal systems push, CrossTrafficData (lanes in an interval) and StageTrafficData
(lanes in a stage), as a Java implementation of the edition of 2024 has them (github.com/MartinMeng001/ga-t1049-parent).
GA/T 1049.4-2013 itself, for systems that collect traffic data, uses the same envelope; its own objects could not be
read, so none are taken, and no message of a real system was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from xml.etree.ElementTree import Element, tostring

from calibration import Observation
from networks.errors import BadInput
from networks.protocols.gat1049.message import message_in
from networks.safe_xml import xml_in
from twin.feeds.formats import markup
from twin.feeds.formats.checks import Findings, plausible, text
from twin.feeds.formats.ranges import observed
from twin.feeds.message import Message, Understood

_SECRETS = ("Token", "Pwd", "UserName")
_SECRET = re.compile(rb"<(Token|Pwd|UserName)>[^<]{0,10000}")
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(\.\d{1,6})?)")
_LONGEST_S = 86400.0
_MORE = (("QueueLength", "queue_m", 1.0), ("Saturation", "saturation", 0.01), ("HeadTime", "headway_s", 1.0))
_TAKEN = ("CrossTrafficData", "StageTrafficData")


class Gat1049Options(markup.MarkupOptions):
    """Options of GA/T 1049.

    Attributes:
        zone: Of all times; the standard tells none.
        volume: What `Volume` is: vehicles per hour, or vehicles that were counted in the interval.
    """

    largest_mb: float = 4
    zone: str = "Asia/Shanghai"
    volume: Literal["per hour", "counted"] = "per hour"


class Gat1049:
    """Vehicles, speed and occupancy of lanes: sensor `CROSSING/LANE`, and `CROSSING/LANE/STAGE` for a stage's counts.

    Queue (m), saturation and headway (s) stand in a count's details. All other objects (signal states, stages, plans,
    faults) are counted as left out. Tokens, users and passwords are taken out before a message is written.
    """

    Options = Gat1049Options

    def __init__(self, options: Gat1049Options) -> None:
        self.options = options

    def conceal(self, payload: bytes) -> bytes:
        """The message without tokens, users and passwords."""
        try:
            plain = markup.plain_bytes(Message(payload, "", datetime.now(UTC)), self.options)
            root = xml_in(plain, name="GA/T 1049")
        except BadInput:
            return _SECRET.sub(rb"<\1>", payload)
        secrets = [one for one in root.iter() if str(one.tag).rpartition("}")[2] in _SECRETS and (one.text or len(one))]
        for one in secrets:
            one.clear()
        return tostring(root, encoding="utf-8") if secrets else payload

    def understand(self, message: Message) -> Understood:
        """Observations of a message.

        Raises:
            BadInput: It is no message of GA/T 1049, or nothing in it can be used.
        """
        root, _ = markup.opened(message, self.options, ())
        if root.tag != "Message":
            raise BadInput(f"its first element is <{str(root.tag)[:40]}>", place="Message", expected="<Message>")
        found = Findings()
        told = message_in(root, name="GA/T 1049")
        for operation in told.operations:
            for number, one in enumerate(operation.objects, 1):
                if one.tag not in _TAKEN:
                    found.left_out[str(one.tag)[:60]] += 1
                    continue
                with found.part(f"{one.tag} {number}"):
                    self._traffic(one, message, found, f"{one.tag} {number}")
        if not found.records and not found.faults and not found.left_out:
            raise BadInput("it holds no object", place="Body", expected=" or ".join(_TAKEN))
        return found.understood()

    def _traffic(self, one: Element, message: Message, found: Findings, place: str) -> None:
        cross = text((one.findtext("CrossID") or "").strip(), "CrossID", 60)
        end = self._time(one, "EndTime", message)
        stage = ""
        if one.tag == "StageTrafficData":
            stage = f"/{_number(one, 'StageNo', whole=True):.0f}"
            period_s = (end - self._time(one, "StartTime", message)).total_seconds()
        else:
            period_s = _number(one, "Interval")
        if not 0.0 < period_s <= _LONGEST_S:
            raise BadInput(
                f"a period of {period_s:g} s", place="EndTime", expected=f"more than 0, at most {_LONGEST_S:g}"
            )
        begin = plausible(end - timedelta(seconds=period_s), "EndTime", message.received)
        for lane in one.iterfind("DataList/Data"):
            with found.part(place):
                sensor = f"{cross}/{_number(lane, 'LaneNo', whole=True):.0f}{stage}"
                for measure, value, details in self._lane(lane, period_s, found, place):
                    found.records.append(
                        Observation(
                            sensor, measure, begin, period_s, value, "good", message.received, False, details
                        )
                    )  # fmt: skip

    def _lane(
        self, lane: Element, period_s: float, found: Findings, place: str
    ) -> Iterator[tuple[str, float, dict[str, float]]]:
        """Measures of a lane; each that is wrong is a fault of its own."""
        counted = lane.find("VehicleNum") is not None or self.options.volume == "counted"
        tag = "VehicleNum" if lane.find("VehicleNum") is not None else "Volume"
        details: dict[str, float] = {}
        for name, key, factor in _MORE:
            with found.part(place):
                if (lane.findtext(name) or "").strip():
                    details[key] = _number(lane, name) * factor
        parts: tuple[tuple[str, str, float, dict[str, float]], ...] = (
            ("vehicle_count", tag, 1.0 if counted else period_s / 3600.0, details),
            ("speed", "Speed", 1 / 3.6, {}),
            ("occupancy", "Occupancy", 0.01, {}),
        )
        for measure, name, factor, more in parts:
            with found.part(place):
                if measure == "vehicle_count" or (lane.findtext(name) or "").strip():
                    yield measure, observed(measure, _number(lane, name) * factor, name), more

    def _time(self, one: Element, name: str, message: Message) -> datetime:
        told = (one.findtext(name) or "").strip()
        written = _ZONED.fullmatch(told)
        try:
            time = markup.moment(f"{written[1]}T{written[2]}" if written else told, self.options.zone)
        except ValueError as error:
            raise BadInput(str(error), place=name, expected="YYYY-MM-DD hh:mm:ss") from error
        return plausible(time, name, message.received)


def _number(one: Element, name: str, *, whole: bool = False) -> float:
    try:
        return markup.number((one.findtext(name) or "").strip(), 0.0, 1e6, whole=whole)
    except ValueError as error:
        raise BadInput(str(error), place=name, expected="a number, 0 or more") from error
