"""Deliveries of runs: estimated timetables, monitored vehicles, monitored stops (CEN/TS 15531-3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from twin.feeds.formats.markup import Part
from twin.feeds.formats.siri.calls import read_calls
from twin.feeds.formats.siri.journeys import Journey, journey_of
from twin.feeds.formats.siri.words import MODES, OCCUPANCIES
from twin.feeds.records import Position

_FASTEST_MPS = 150.0


def read_timetable(delivery: Part, told: datetime) -> None:
    """Arrivals of an EstimatedTimetableDelivery go to its reading."""
    for frame in delivery.all("EstimatedJourneyVersionFrame"):
        of_frame = _recorded(frame, told)
        for part in frame.all("EstimatedVehicleJourney"):
            recorded = _recorded(part, of_frame) if of_frame is not None else None
            if recorded is not None:
                read_calls(part, journey_of(part, recorded))


def read_vehicles(delivery: Part, told: datetime) -> None:
    """Positions and arrivals of a VehicleMonitoringDelivery go to its reading."""
    for activity in delivery.all("VehicleActivity"):
        _monitored(activity, told, activity.text("VehicleMonitoringRef"), "")


def read_stops(delivery: Part, told: datetime) -> None:
    """Arrivals and positions of a StopMonitoringDelivery go to its reading."""
    everywhere = delivery.text("MonitoringRef")
    for visit in delivery.all("MonitoredStopVisit"):
        _monitored(visit, told, "", visit.text("MonitoringRef") or everywhere)


def _recorded(part: Part, default: datetime) -> datetime | None:
    return part.told("RecordedAtTime") if part.one("RecordedAtTime") is not None else default


def _monitored(part: Part, told: datetime, vehicle: str, stop: str) -> None:
    recorded, run = _recorded(part, told), part.one("MonitoredVehicleJourney")
    if recorded is None:
        return
    if run is None:
        part.fault("it is missing", "which run it is", "MonitoredVehicleJourney")
        return
    journey = journey_of(run, recorded)
    _position(run, journey, run.text("VehicleRef") or vehicle)
    read_calls(run, journey, stop)


def _position(run: Part, journey: Journey, vehicle: str) -> None:
    where, reading, faulty = run.one("VehicleLocation"), run.reading, run.reading.faulty
    if where is None:
        return
    if where.one("Coordinates") is not None:
        reading.left_out["location in another coordinate system"] += 1
        return
    lon = where.number("Longitude", low=-180, high=180, need=True)
    lat = where.number("Latitude", low=-90, high=90, need=True)
    bearing_deg = run.number("Bearing", low=0, high=360)
    speed_mps = run.number("Velocity", low=0, high=_FASTEST_MPS)
    share = run.number("OccupancyPercentage", low=0, high=500)
    crowding = run.word("Occupancy", among=OCCUPANCIES)
    mode = run.text("VehicleMode")
    if lon is None or lat is None:
        return
    if not vehicle:
        if reading.faulty == faulty:
            reading.left_out["position without a vehicle's number"] += 1
        return
    details: dict[str, Any] = {"delay_s": journey.delay_s, "occupancy": crowding or None}
    if run.flag("InCongestion"):
        details["in_congestion"] = True
    reading.records.append(
        Position(
            mover=vehicle,
            time=journey.told,
            lon=lon,
            lat=lat,
            told=journey.told,
            kind=MODES.get(mode, mode),
            speed_mps=speed_mps,
            bearing_deg=bearing_deg,
            route=journey.route,
            trip=journey.trip,
            occupancy=None if share is None else share / 100,
            details={name: said for name, said in details.items() if said is not None},
        )
    )
