"""Shared bicycles and scooters: GBFS 2.x and 3.x (gbfs.org): stations, what they hold, and vehicles that stand free.

Which file of the feed it is, is seen by what it holds; those without places (pricing, regions, alerts) are left out.
Times are seconds since 1970 up to 2.x and RFC 3339 from 3.0 on. Ids of free vehicles change after each trip, as GBFS
demands since 2.0 (vehicle_status, `vehicle_id`): they are pseudonyms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

import twin.feeds.format
from calibration import Observation
from networks.errors import BadInput
from twin.feeds.formats.checks import Findings, from_epoch, items, members, moment, number, position, text
from twin.feeds.formats.json_in import json_in, shown
from twin.feeds.formats.ranges import observed
from twin.feeds.message import Message, Understood
from twin.feeds.records import Place, Position

LONGEST_BYTES = 8 << 20
"""Reading one may take 35 times its size."""
_AVAILABLE = {
    "bikes_available": ("num_vehicles_available", "num_bikes_available"),
    "docks_available": ("num_docks_available",),
}
_STATES = ("is_installed", "is_renting", "is_returning")
_BROKEN = ("num_vehicles_disabled", "num_bikes_disabled", "num_docks_disabled")


class Gbfs:
    """Understands station_information, station_status, and free_bike_status or vehicle_status."""

    class Options(twin.feeds.format.Options):
        """What a feed may say.

        Attributes:
            kind: What its vehicles are.
            language: Of names, where a feed has several (3.x); the first where it lacks this one.
            within: West, south, east, north: positions outside are faults.
        """

        kind: str = Field(default="bicycle", max_length=40)
        language: str = Field(default="en", max_length=20)
        within: tuple[float, float, float, float] | None = None

    def __init__(self, options: Options) -> None:
        self._options = options

    def understand(self, message: Message) -> Understood:
        """Rows of a message; raises `BadInput` where nothing of it can be used."""
        document = members(json_in(message.payload, longest_bytes=LONGEST_BYTES), "payload")
        data = members(document.get("data"), "data") if "data" in document else None
        if data is None:
            raise BadInput("it has no data", place="data", expected="a file of a GBFS feed")
        told = _time(document.get("last_updated"), "last_updated", message.received)
        found = Findings()
        for name, value in data.items():
            if name == "stations":
                for at, one in enumerate(items(value, f"data.{name}")):
                    with found.part(f"data.stations[{at}]"):
                        self._station(members(one, ""), f"data.stations[{at}]", told, message.received, found)
            elif name in ("bikes", "vehicles"):
                for at, one in enumerate(items(value, f"data.{name}")):
                    with found.part(f"data.{name}[{at}]"):
                        self._vehicle(members(one, ""), told, message.received, found)
            else:
                found.left_out[shown(name)] += 1
        return found.understood()

    def _station(
        self, said: Mapping[str, Any], place: str, told: datetime, received: datetime, found: Findings
    ) -> None:
        name = text(said.get("station_id"), "station_id")
        if any(key in said for keys in _AVAILABLE.values() for key in keys):
            found.records.extend(_status(said, name, place, told, received, found))
        else:
            found.records.append(self._place(said, name, place, told, found))

    def _place(self, said: Mapping[str, Any], name: str, place: str, told: datetime, found: Findings) -> Place:
        lon = lat = capacity = None
        with found.part(place):
            lon, lat = position(said.get("lon"), said.get("lat"), "", self._options.within)
        with found.part(place):
            capacity = None if said.get("capacity") is None else number(said["capacity"], "capacity", 0.0, 1e5)
        details = {}
        if said.get("is_virtual_station") is True:
            details["virtual"] = True
        called = _in_language(said.get("name"), self._options.language)
        return Place(name, f"{self._options.kind} station", told, lon, lat, called, capacity, details)

    def _vehicle(self, said: Mapping[str, Any], told: datetime, received: datetime, found: Findings) -> None:
        name = text(said.get("vehicle_id", said.get("bike_id")), "vehicle_id")
        if said.get("lat") is None and said.get("station_id") is not None:
            found.left_out["vehicle that stands at a station"] += 1
            return
        lon, lat = position(said.get("lon"), said.get("lat"), "", self._options.within)
        time = told
        if said.get("last_reported") is not None:
            time = _time(said["last_reported"], "last_reported", received)
        details: dict[str, Any] = {key: True for key in ("is_reserved", "is_disabled") if said.get(key) in (True, 1)}
        if said.get("vehicle_type_id") is not None:
            details["vehicle_type"] = text(said["vehicle_type_id"], "vehicle_type_id")
        if said.get("current_range_meters") is not None:
            with found.part("current_range_meters"):
                details["range_m"] = number(said["current_range_meters"], "", 0.0, 1e6, "m")
        found.records.append(Position(name, time, lon, lat, told, self._options.kind, details=details))


def _status(
    said: Mapping[str, Any], name: str, place: str, told: datetime, received: datetime, found: Findings
) -> list[Observation]:
    """What a station holds: bicycles to rent and free docks at the moment it reported last."""
    seen = told if said.get("last_reported") is None else _time(said["last_reported"], "last_reported", received)
    details = {key: False for key in _STATES if said.get(key) in (False, 0)}
    broken = {key: int(said[key]) for key in _BROKEN if isinstance(said.get(key), int) and 0 < said[key] < 1e5}
    rows = []
    for measure, keys in _AVAILABLE.items():
        key = next((key for key in keys if said.get(key) is not None), None)
        if key is None:
            continue
        with found.part(place):
            result = observed(measure, said[key], key)
            rows.append(Observation(name, measure, seen, 0.0, result, "good", told, False, details | broken))
    return rows


def _time(value: object, place: str, received: datetime) -> datetime:
    """Seconds since 1970, or RFC 3339."""
    if value is None:
        raise BadInput("it is missing", place=place, expected="seconds since 1970, or RFC 3339")
    return moment(value, place, received) if isinstance(value, str) else from_epoch(value, place, received)


def _in_language(name: object, language: str) -> str:
    """A name in the feed's language: a text (2.x), or texts with their languages (3.x)."""
    if isinstance(name, list):
        texts = [one for one in name if isinstance(one, dict) and isinstance(one.get("text"), str)]
        same = [one for one in texts if one.get("language") == language]
        return shown((same or texts)[0]["text"], 300) if texts else ""
    return shown(name, 300) if isinstance(name, str) else ""
