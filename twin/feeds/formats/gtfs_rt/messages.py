"""Public transport as it runs: GTFS Realtime (protocol buffers, gtfs.org/documentation/realtime/reference).

Vehicle positions, trip updates and alerts of a FeedMessage. Times are seconds since 1970, speeds m/s, bearings degrees
clockwise from north, as here. Members that are newer than the library are passed over, as protocol buffers mean it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import Field

import twin.feeds.format
from networks.errors import BadInput
from twin.feeds.formats.checks import FASTEST_MPS, Findings, from_epoch, number, position, text
from twin.feeds.formats.gtfs_rt.alerts import alert_rows
from twin.feeds.formats.gtfs_rt.timetable import KnownRuns
from twin.feeds.formats.gtfs_rt.trips import arrival_rows, trip_of
from twin.feeds.formats.json_in import shown
from twin.feeds.message import Message, Understood
from twin.feeds.records import Position

_MOST_ENTITIES = 200_000


class GtfsRealtime:
    """Understands FeedMessages."""

    class Options(twin.feeds.format.Options):
        """What a feed may say.

        Attributes:
            kind: What its vehicles are, "bus" say: the messages do not tell.
            timetable: The static feed (.zip or folder) that its runs should be of; how many are not is told.
            within: West, south, east, north: positions outside are faults.
            largest_mb: Larger messages are refused. Reading one may take fifty times its size.
        """

        kind: str = Field(default="", max_length=40)
        timetable: Path | None = None
        within: tuple[float, float, float, float] | None = None
        largest_mb: float = Field(default=8.0, gt=0, le=256)

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known = None if options.timetable is None else KnownRuns(str(options.timetable))

    def understand(self, message: Message) -> Understood:
        """Rows of a message; raises `BadInput` where nothing of it can be used."""
        feed, told = _parsed(message, self._options.largest_mb)
        found, runs = Findings(), []
        for count, entity in enumerate(feed.entity):
            place = f"entity[{count}]"
            with found.part(place):
                run = self._entity(entity, told, message.received, found, place)
                if run:
                    runs.append(run)
        if self._known is not None and runs:
            unknown = self._known.unknown(runs)
            if unknown:
                found.left_out["runs that the timetable does not have"] += unknown
        return found.understood()

    def _entity(self, entity: Any, told: datetime, received: datetime, found: Findings, place: str) -> str:
        """Rows of one entity; gives the scheduled run that it names."""
        if entity.is_deleted:
            found.left_out["entity that is deleted"] += 1
            return ""
        kinds: dict[str, Callable[[], str]] = {
            "vehicle": lambda: self._vehicle(entity, told, received, found),
            "trip_update": lambda: arrival_rows(entity.trip_update, told, received, found, place),
            "alert": lambda: alert_rows(entity, told, found),
        }
        run = ""
        for field, _ in entity.ListFields():
            if field.name in kinds:
                run = kinds[field.name]() or run
            elif field.name != "id":
                found.left_out[field.name] += 1
        if not any(entity.HasField(name) for name in kinds) and not len(entity.ListFields()) > 1:
            found.left_out["entity without content"] += 1
        return run

    def _vehicle(self, entity: Any, told: datetime, received: datetime, found: Findings) -> str:
        seen = entity.vehicle
        if not seen.HasField("position"):
            found.left_out["vehicle without a position"] += 1
            return ""
        lon, lat = position(seen.position.longitude, seen.position.latitude, "vehicle.position.", self._options.within)
        time = from_epoch(seen.timestamp, "vehicle.timestamp", received) if seen.timestamp else told
        trip, day, scheduled = trip_of(seen.trip, "vehicle.trip")
        mover = seen.vehicle.id or seen.vehicle.label or trip or entity.id
        details = {"day": day} if day else {}
        speed = bearing = occupancy = None
        with found.part("vehicle.position.speed"):
            if seen.position.HasField("speed"):
                speed = _short(number(seen.position.speed, "", 0.0, FASTEST_MPS, "m/s"), 3)
        with found.part("vehicle.position.bearing"):
            if seen.position.HasField("bearing"):
                bearing = _short(number(seen.position.bearing, "", 0.0, 360.0, "degrees"), 2)
        if seen.HasField("occupancy_percentage"):
            occupancy = min(seen.occupancy_percentage, 1000) / 100.0
        for name in ("occupancy_status", "current_status", "congestion_level"):
            if seen.HasField(name):
                details[name] = _word(seen, name)
        if seen.stop_id:
            details["stop"] = text(seen.stop_id, "vehicle.stop_id")
        if seen.HasField("current_stop_sequence"):
            details["sequence"] = seen.current_stop_sequence
        found.records.append(
            Position(
                text(mover, "vehicle.vehicle.id"),
                time,
                _short(lon, 6),
                _short(lat, 6),
                told,
                self._options.kind,
                speed,
                bearing,
                _optional(seen.trip.route_id, "vehicle.trip.route_id"),
                trip,
                occupancy,
                details,
            )
        )
        return trip if scheduled else ""


def _parsed(message: Message, largest_mb: float) -> tuple[Any, datetime]:
    """The FeedMessage, and when it was made."""
    from google.protobuf.message import DecodeError
    from google.transit.gtfs_realtime_pb2 import FeedMessage

    if len(message.payload) > largest_mb * 1e6:
        raise BadInput(f"a message of {len(message.payload)} bytes", expected=f"at most {largest_mb:g} MB")
    feed = FeedMessage()
    try:
        feed.ParseFromString(message.payload)
    except DecodeError as error:
        start = shown(message.payload[:40].decode("latin-1"))
        raise BadInput(
            f"it is no GTFS Realtime: {shown(str(error), 150)}; it begins {start!r}",
            place="payload",
            expected="a FeedMessage as protocol buffers, neither JSON nor text",
        ) from error
    if not feed.HasField("header"):
        raise BadInput("it has no header", place="header", expected="a FeedMessage of GTFS Realtime")
    if len(feed.entity) > _MOST_ENTITIES:
        raise BadInput(f"{len(feed.entity)} entities", place="entity", expected=f"at most {_MOST_ENTITIES}")
    made = feed.header.timestamp
    return feed, from_epoch(made, "header.timestamp", message.received) if made else message.received


def _word(owner: Any, name: str) -> str:
    """The name of an enumerated value, in small letters."""
    field = owner.DESCRIPTOR.fields_by_name[name]
    return str(field.enum_type.values_by_number[getattr(owner, name)].name).lower()


def _optional(value: Any, place: str) -> str:
    return text(value, place) if value else ""


def _short(value: float, digits: int) -> float:
    """A float of 32 bits as the number that was meant."""
    return round(value, digits)
