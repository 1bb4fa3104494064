"""Trip updates of GTFS Realtime: when a run is expected at its stops, or that it does not come."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from networks.errors import BadInput
from twin.feeds.formats.checks import Findings, from_epoch, number, text
from twin.feeds.formats.json_in import shown
from twin.feeds.records import Arrival

_DAY = re.compile(r"(19|20|21)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")
_AHEAD = timedelta(days=6)
_LATEST_S = 2 * 86_400.0
_MOST_STOPS = 2_000
_GONE = ("CANCELED", "DELETED")
_ADDED = ("ADDED", "NEW", "UNSCHEDULED", "DUPLICATED", "REPLACEMENT")


def trip_of(trip: Any, place: str) -> tuple[str, str, bool]:
    """A run's id, its service day (`YYYY-MM-DD`, "" where not told), and whether the timetable should have it.

    A run of a line by headway has no id of its own: route, direction and start stand for it.

    Raises:
        BadInput: The day is none, the id no text.
    """
    day = ""
    if trip.start_date:
        if not isinstance(trip.start_date, str) or not _DAY.fullmatch(trip.start_date):
            raise BadInput(f"{shown(trip.start_date)!r} is no day", place=f"{place}.start_date", expected="YYYYMMDD")
        day = f"{trip.start_date[:4]}-{trip.start_date[4:6]}-{trip.start_date[6:]}"
    if trip.trip_id:
        return text(trip.trip_id, f"{place}.trip_id"), day, relation(trip) not in _ADDED
    if trip.route_id:
        parts = (trip.route_id, str(trip.direction_id) if trip.HasField("direction_id") else "", trip.start_time)
        return "/".join(text(part, f"{place}.route_id") if part else "" for part in parts), day, False
    return "", day, False


def relation(owner: Any) -> str:
    """The name of its schedule relationship."""
    field = owner.DESCRIPTOR.fields_by_name["schedule_relationship"]
    return str(field.enum_type.values_by_number[owner.schedule_relationship].name)


def arrival_rows(update: Any, told: datetime, received: datetime, found: Findings, place: str) -> str:
    """Rows of one trip update; gives the scheduled run that it names.

    Raises:
        BadInput: It names no run; it speaks of far more stops than a run has.
    """
    trip, day, scheduled = trip_of(update.trip, "trip_update.trip")
    if not trip:
        raise BadInput("it names no run", place="trip_update.trip", expected="a trip_id, or a route_id and a start")
    if update.timestamp:
        told = from_epoch(update.timestamp, "trip_update.timestamp", received)
    route = text(update.trip.route_id, "trip_update.trip.route_id") if update.trip.route_id else ""
    status = relation(update.trip)
    if status in _GONE:
        found.records.append(Arrival(trip, day, "", -1, told, status="cancelled", route=route))
        return trip if scheduled else ""
    if len(update.stop_time_update) > _MOST_STOPS:
        raise BadInput(f"{len(update.stop_time_update)} stops", place="trip_update", expected=f"at most {_MOST_STOPS}")
    if not len(update.stop_time_update):
        if update.HasField("delay"):
            delay = number(update.delay, "trip_update.delay", -_LATEST_S, _LATEST_S, "s")
            found.records.append(Arrival(trip, day, "", -1, told, delay_s=delay, route=route))
        else:
            found.left_out["trip update without a time"] += 1
    for count, stop in enumerate(update.stop_time_update):
        with found.part(f"{place}.trip_update.stop_time_update[{count}]"):
            row = _arrival(stop, (trip, day, route, "added" if status in _ADDED else "expected"), told, received)
            if row is None:
                found.left_out["stop without a forecast"] += 1
            else:
                found.records.append(row)
    return trip if scheduled else ""


def _arrival(stop: Any, run: tuple[str, str, str, str], told: datetime, received: datetime) -> Arrival | None:
    trip, day, route, status = run
    name = text(stop.stop_id, "stop_id") if stop.stop_id else ""
    sequence = int(stop.stop_sequence) if stop.HasField("stop_sequence") else -1
    if not name and sequence < 0:
        raise BadInput("it names no stop", place="stop_id", expected="a stop_id or a stop_sequence")
    how = relation(stop)
    if how == "SKIPPED":
        return Arrival(trip, day, name, sequence, told, status="skipped", route=route)
    arrives, departs = _time(stop.arrival, received), _time(stop.departure, received)
    delay_s = _delay(stop.arrival, "arrival")
    delay_s = _delay(stop.departure, "departure") if delay_s is None else delay_s
    if how == "NO_DATA" or (arrives is None and departs is None and delay_s is None):
        return None
    last = departs or arrives
    if last is not None and last <= told and status == "expected":
        status = "was there"
    scheduled = None
    for event in (stop.arrival, stop.departure):
        if scheduled is None and event.scheduled_time:
            scheduled = _later(event.scheduled_time, "scheduled_time", received)
    if scheduled is None and arrives is not None and stop.arrival.HasField("delay") and delay_s is not None:
        scheduled = arrives - timedelta(seconds=delay_s)
    return Arrival(trip, day, name, sequence, told, scheduled, arrives, departs, delay_s, status, route)


def _time(event: Any, received: datetime) -> datetime | None:
    return _later(event.time, "time", received) if event.time else None


def _later(seconds: int, place: str, received: datetime) -> datetime:
    return from_epoch(seconds, place, received + _AHEAD)


def _delay(event: Any, place: str) -> float | None:
    if event.HasField("delay"):
        return number(event.delay, f"{place}.delay", -_LATEST_S, _LATEST_S, "s")
    if event.time and event.scheduled_time:
        return number(event.time - event.scheduled_time, f"{place}.time", -_LATEST_S, _LATEST_S, "s")
    return None
