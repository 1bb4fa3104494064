"""Calls of a run at stops (CEN/TS 15531-3, call times and progress) as arrivals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from twin.feeds.formats.markup import Part
from twin.feeds.formats.siri.journeys import Journey
from twin.feeds.formats.siri.words import NOT_SERVED
from twin.feeds.records import Arrival

_LISTS = (("RecordedCalls", "RecordedCall"), ("PreviousCalls", "PreviousCall"), ("EstimatedCalls", "EstimatedCall"))
_PASSED = frozenset({"RecordedCall", "PreviousCall"})


def read_calls(part: Part, journey: Journey, monitored_stop: str = "") -> None:
    """Arrivals of a journey element go to its reading.

    Args:
        part: Of the journey.
        journey: Which.
        monitored_stop: Stop of its monitored call where that does not tell one.
    """
    calls = list(_calls(part))
    if journey.trip:
        seen: set[tuple[str, int]] = set()
        for call in calls:
            _read(call, journey, monitored_stop, seen)
    elif calls or journey.cancelled:
        part.fault("nothing tells which run it is", "FramedVehicleJourneyRef or DatedVehicleJourneyRef")
    if journey.cancelled and not calls and journey.trip:
        part.reading.records.append(
            Arrival(journey.trip, journey.day, "", -1, journey.told, status="cancelled", route=journey.route)
        )


def _calls(part: Part) -> Iterator[Part]:
    for group, name in (*_LISTS, ("", "MonitoredCall"), ("OnwardCalls", "OnwardCall")):
        parent = part.one(group) if group else part
        yield from parent.all(name) if parent is not None else ()


def _read(call: Part, journey: Journey, monitored_stop: str, seen: set[tuple[str, int]]) -> None:
    faulty, monitored = call.reading.faulty, call.name == "MonitoredCall"
    stop = call.text("StopPointRef") or (monitored_stop if monitored else "")
    if not stop:
        call.fault("it is missing or empty", "the stop's id", "StopPointRef")
    aimed = {end: _moment(call, f"Aimed{end}Time") for end in ("Arrival", "Departure")}
    actual = {end: _moment(call, f"Actual{end}Time") for end in ("Arrival", "Departure")}
    expected = {end: actual[end] or _moment(call, f"Expected{end}Time") for end in ("Arrival", "Departure")}
    order = next((name for name in ("Order", "VisitNumber") if call.one(name) is not None), "")
    sequence = call.number(order, low=0, high=1e6, whole=True) if order else -1
    status = _status(call, journey, was_there=any(actual.values()))
    if call.reading.faulty > faulty or sequence is None:
        return
    if status == "expected" and not any((*aimed.values(), *expected.values())):
        call.reading.left_out["call without a time"] += 1
        return
    if (stop, int(sequence)) in seen:
        call.fault("the run calls here twice, and nothing tells which is which", "Order", "StopPointRef")
        return
    seen.add((stop, int(sequence)))
    later = [
        (told - planned).total_seconds()
        for end in ("Arrival", "Departure")
        if (told := expected[end]) is not None and (planned := aimed[end]) is not None
    ]
    call.reading.records.append(
        Arrival(
            trip=journey.trip,
            day=journey.day,
            stop=stop,
            sequence=int(sequence),
            told=journey.told,
            scheduled=aimed["Arrival"] or aimed["Departure"],
            arrives=expected["Arrival"],
            departs=expected["Departure"],
            delay_s=later[0] if later else journey.delay_s if monitored else None,
            status=status,
            route=journey.route,
        )
    )


def _status(call: Part, journey: Journey, *, was_there: bool) -> str:
    if journey.cancelled:
        return "cancelled"
    if call.flag("Cancellation") or (call.text("ArrivalStatus") in NOT_SERVED and not was_there):
        return "skipped"
    if call.text("DepartureStatus") in NOT_SERVED and not was_there and not call.text("ArrivalStatus"):
        return "skipped"
    if was_there or call.name in _PASSED or call.flag("VehicleAtStop"):
        return "was there"
    return "added" if journey.extra or call.flag("ExtraCall") else "expected"


def _moment(call: Part, name: str) -> datetime | None:
    return call.moment(name) if call.one(name) is not None else None
