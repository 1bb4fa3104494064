"""Helsinki's high-frequency positioning (HSL, digitransit.fi, "High-frequency positioning" v2): JSON over MQTT.

A payload has one member, the event (VP, ARR, DEP, PAS, TLR, APC, ...), the topic names the vehicle's kind, number and
line. `spd` is m/s, `hdg` degrees clockwise from north, `dl` seconds ahead of the timetable (behind: negative), `occu`
percent, `acc` m/s2, `odo` m; `oday` and `start` are the service day and start in local time, which with route and
direction name the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import twin.feeds.format
from networks.errors import BadInput
from twin.feeds.formats.checks import FASTEST_MPS, Findings, members, moment, number, position, text
from twin.feeds.formats.hfp.passengers import counted
from twin.feeds.formats.json_in import json_in, shown
from twin.feeds.message import Message, Understood
from twin.feeds.records import Arrival, Position

LONGEST_BYTES = 64_000
_EVENTS = frozenset(
    {"VP", "DUE", "ARR", "ARS", "PDE", "DEP", "PAS", "WAIT", "DOO", "DOC", "TLR", "TLA", "DA", "DOUT", "BA", "BOUT",
     "VJA", "VJOUT", "APC"}
)  # fmt: skip
_STATUS = {"DUE": "expected", "ARR": "was there", "ARS": "was there", "DEP": "was there", "PAS": "skipped"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_START = re.compile(r"[0-9]{2}:[0-9]{2}")
_TRAFFIC_LIGHT = {
    "sid": "junction", "signal-groupid": "signal_group", "tlp-signalgroupnbr": "signal_group_number",
    "tlp-requestid": "request", "tlp-requesttype": "request_type", "tlp-prioritylevel": "priority",
    "tlp-att-seq": "attempt", "tlp-reason": "reason", "tlp-decision": "decision", "tlp-protocol": "protocol",
}  # fmt: skip
_KEPT = {
    "desi": "line", "dir": "direction", "drst": "doors_open", "stop": "stop", "odo": "odometer_m", "loc": "fix",
    "acc": "acceleration_mps2",
}  # fmt: skip
_READ = frozenset(
    {"oper", "veh", "tst", "tsi", "spd", "hdg", "lat", "long", "dl", "oday", "start", "route", "occu", "ttarr", "ttdep",
     "vehiclecounts", *_KEPT, *_TRAFFIC_LIGHT}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """What the topic of a message says: .../journey/ongoing/vp/bus/OPERATOR/VEHICLE/ROUTE/DIRECTION/..."""

    kind: str = ""
    route: str = ""
    direction: str = ""

    @classmethod
    def read(cls, topic: str) -> Topic:
        """From the words of a topic; nothing where it is another."""
        words = topic.strip("/").split("/")
        if len(words) < 8 or words[0] != "hfp":
            return cls()
        route, direction = (words[8], words[9]) if len(words) > 9 else ("", "")
        return cls(shown(words[5], 40), shown(route, 40), shown(direction, 2))


class Hfp:
    """Understands vehicles' events."""

    class Options(twin.feeds.format.Options):
        """`within`: west, south, east, north; positions outside are faults (say it: some devices swap lat and long)."""

        within: tuple[float, float, float, float] | None = None

    def __init__(self, options: Options) -> None:
        self._within = options.within

    def understand(self, message: Message) -> Understood:
        """Rows of a message; raises `BadInput` where nothing of it can be used."""
        document = members(json_in(message.payload, longest_bytes=LONGEST_BYTES), "payload")
        found, topic = Findings(), Topic.read(message.topic)
        for event, said in document.items():
            if event not in _EVENTS:
                found.left_out[f"event {shown(event)}"] += 1
                continue
            with found.part(event):
                self._event(event, members(said, ""), topic, message.received, found)
        return found.understood()

    def _event(self, event: str, said: Mapping[str, Any], topic: Topic, received: datetime, found: Findings) -> None:
        time = moment(_told(said, "tst"), "tst", received)
        mover = f"{_id(said, 'oper')}/{_id(said, 'veh')}"
        route = trip = day = ""
        with found.part(event):
            route, trip, day = _run(said, topic)
            found.records.extend(_arrivals(event, said, trip, day, route, time, received, found))
        if "vehiclecounts" in said:
            with found.part(f"{event}.vehiclecounts"):
                where = {"stop": shown(said["stop"], 40)} if said.get("stop") is not None else {}
                found.records.extend(counted(members(said["vehiclecounts"], ""), mover, time, trip, where))
        for name in said:
            if name not in _READ:
                found.left_out[f"{event}.{shown(name)}"] += 1
        if said.get("lat") is None and said.get("long") is None and "lat" in said:
            found.left_out["vehicle without a fix"] += 1
            return
        lon, lat = position(_told(said, "long"), _told(said, "lat"), "", self._within)
        found.records.append(self._position(event, said, (mover, time, lon, lat, topic.kind, route, trip), found))

    def _position(
        self, event: str, said: Mapping[str, Any], seen: tuple[str, datetime, float, float, str, str, str],
        found: Findings,
    ) -> Position:  # fmt: skip
        mover, time, lon, lat, kind, route, trip = seen

        def told(name: str, lowest: float, highest: float, unit: str) -> float | None:
            """A member, None where it is not told or cannot be."""
            with found.part(event):
                return None if said.get(name) is None else number(said[name], name, lowest, highest, unit)
            return None

        speed, bearing = told("spd", 0.0, FASTEST_MPS, "m/s"), told("hdg", 0.0, 360.0, "degrees")
        ahead, percent = told("dl", -86_400.0, 86_400.0, "s"), told("occu", 0.0, 200.0, "percent")
        load = None if percent is None else percent / 100.0
        details: dict[str, Any] = {} if event == "VP" else {"event": event}
        if ahead is not None:
            details["delay_s"] = 0.0 - ahead
        for name, called in (_KEPT | _TRAFFIC_LIGHT).items():
            with found.part(event):
                if said.get(name) is not None:
                    details[called] = _plain(said[name], name)
        if "vehiclecounts" in said and isinstance(said["vehiclecounts"], dict):
            with found.part(f"{event}.vehiclecounts"):
                ratio = said["vehiclecounts"].get("vehicleloadratio")
                load = load if ratio is None else number(ratio, "vehicleloadratio", 0.0, 2.0)
        return Position(mover, time, lon, lat, time, kind, speed, bearing, route, trip, load, details)


def _told(said: Mapping[str, Any], name: str) -> Any:
    if said.get(name) is None:
        raise BadInput("it is missing", place=name, expected=f"the member {name}")
    return said[name]


def _id(said: Mapping[str, Any], name: str) -> str:
    return text(_told(said, name), name, 20)


def _plain(value: object, name: str) -> object:
    if isinstance(value, str):
        return shown(value, 100)
    checked = number(value, name)
    return value if isinstance(value, int) else checked


def _run(said: Mapping[str, Any], topic: Topic) -> tuple[str, str, str]:
    """Route, run and service day; "" each where the vehicle is on none."""
    route = text(said["route"], "route", 40) if said.get("route") is not None else topic.route
    line = route or (text(said["desi"], "desi", 40) if said.get("desi") is not None else "")
    day, start = said.get("oday"), said.get("start")
    if day is None or start is None or not line:
        return route, "", ""
    for name, value, form in (("oday", day, _DAY), ("start", start, _START)):
        if not isinstance(value, str) or not form.fullmatch(value):
            expected = "a day YYYY-MM-DD" if name == "oday" else "a time HH:MM"
            raise BadInput(f"{shown(value)!r} cannot be", place=name, expected=expected)
    direction = shown(said["dir"], 2) if said.get("dir") is not None else topic.direction
    return route, f"{line}/{direction}/{day}/{start}", day


def _arrivals(
    event: str, said: Mapping[str, Any], trip: str, day: str, route: str, time: datetime, received: datetime,
    found: Findings,
) -> list[Arrival]:  # fmt: skip
    """What an event at a stop tells of the timetable."""
    if event not in _STATUS or said.get("stop") is None or not trip:
        return []
    stop = text(said["stop"], "stop", 40)
    scheduled = delay = None
    with found.part(event):
        name = "ttdep" if event == "DEP" else "ttarr"
        scheduled = None if said.get(name) is None else moment(said[name], name, received)
    with found.part(event):
        delay = None if said.get("dl") is None else 0.0 - number(said["dl"], "dl", -86_400.0, 86_400.0, "s")
    arrives = time if event in ("ARR", "ARS", "PAS") else None
    departs = time if event in ("DEP", "PAS") else None
    return [Arrival(trip, day, stop, -1, time, scheduled, arrives, departs, delay, _STATUS[event], route)]
