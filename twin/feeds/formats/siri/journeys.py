"""Which run of which line a message speaks of (CEN/TS 15531-3, journey identity)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from twin.feeds.formats.markup import Part

_NAMES = (
    "DatedVehicleJourneyRef",
    "EstimatedVehicleJourneyCode",
    "DatedVehicleJourneyIndirectRef",
    "VehicleJourneyRef",
)


@dataclass(frozen=True, slots=True)
class Journey:
    """One run.

    Attributes:
        trip: Its id; "": not told.
        day: Of service, `YYYY-MM-DD`; "": not told.
        route: The line's id.
        told: When it was recorded, UTC.
        cancelled: It does not take place.
        extra: It is in no timetable.
        delay_s: Of the whole run, now.
    """

    trip: str
    day: str
    route: str
    told: datetime
    cancelled: bool = False
    extra: bool = False
    delay_s: float | None = None


def journey_of(part: Part, told: datetime) -> Journey:
    """Identity and state of a journey element."""
    framed = part.one("FramedVehicleJourneyRef")
    trip = framed.text("DatedVehicleJourneyRef") if framed is not None else ""
    trip = trip or next((text for name in _NAMES if (text := part.text(name))), "")
    return Journey(
        trip=trip,
        day=_day(framed.text("DataFrameRef")) if framed is not None else "",
        route=part.text("LineRef"),
        told=told,
        cancelled=bool(part.flag("Cancellation")),
        extra=bool(part.flag("ExtraJourney")),
        delay_s=part.duration_s("Delay"),
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""
