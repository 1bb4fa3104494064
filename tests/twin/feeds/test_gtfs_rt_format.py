"""GTFS Realtime: Seattle's buses, trip updates and alerts written by hand, and what is hostile."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fuzzing import RECEIVED, check_sound, fuzz, real
from google.transit.gtfs_realtime_pb2 import FeedMessage

from networks.errors import BadInput
from twin.feeds import Arrival, Message, Position, Situation, Understood, format_named
from twin.feeds.formats.gtfs_rt import GtfsRealtime

MADE = RECEIVED - timedelta(seconds=30)
MADE_S = int(MADE.timestamp())


def understood(payload: bytes, received: datetime = RECEIVED, **options: Any) -> Understood:
    form = GtfsRealtime(GtfsRealtime.Options.model_validate(options))
    result = form.understand(Message(payload, "positions.pb", received))
    check_sound(result, received)
    return result


def feed(made_s: int = MADE_S) -> FeedMessage:
    message = FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = made_s
    return message


def bus(message: FeedMessage, number: int = 1, lon: float = 24.94, lat: float = 60.17) -> Any:
    entity = message.entity.add(id=str(number))
    entity.vehicle.vehicle.id = f"bus-{number}"
    entity.vehicle.position.longitude, entity.vehicle.position.latitude = lon, lat
    return entity.vehicle


def test_seattles_buses_are_627_and_569_and_one_that_does_not_know_where_it_is() -> None:
    assert format_named("gtfs-rt") is GtfsRealtime
    first = understood(real("gtfsrt/kcm_vehiclepos_1.pb"), kind="bus")
    assert len(first.records) == 627 and not first.faults and not first.left_out
    made = datetime(2021, 9, 2, 15, 31, 56, tzinfo=UTC)
    assert first.records[0] == Position(
        "4382", made - timedelta(seconds=26), -122.370354, 47.636154, made, "bus", None, None, "100001", "49195152",
        None, {"day": "2021-09-02", "stop": "2470", "sequence": 169},
    )  # fmt: skip
    assert sum(row.speed_mps is not None for row in first.records) == 6  # type: ignore[union-attr]
    second = understood(real("gtfsrt/kcm_vehiclepos_2.pb"))
    assert len(second.records) == 569 and [fault.what for fault in second.faults] == ["the position 0, 0"]
    assert len({row.mover for row in second.records}) == 569  # type: ignore[union-attr]


def test_a_timetable_of_another_time_is_told_once_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    payload = real("gtfsrt/kcm_vehiclepos_1.pb")
    place = Path(os.environ["CITYTWIN_DATA"]) / "feeds/gtfsrt/kcm_gtfs.zip"
    form = GtfsRealtime(GtfsRealtime.Options(timetable=place))
    with caplog.at_level(logging.WARNING):
        twice = [form.understand(Message(payload, "", RECEIVED)) for _ in range(2)]
    assert twice[0] == twice[1] and len(twice[0].records) == 627 and not twice[0].faults
    assert twice[0].left_out == {"runs that the timetable does not have": 627}
    told = [record.message for record in caplog.records]
    assert len(told) == 1 and "627 of 627 runs (100 %) are not in the timetable kcm_gtfs.zip" in told[0]


def test_what_a_vehicle_does_not_say_is_not_taken_for_zero() -> None:
    message = feed()
    said = bus(message, 2)
    said.position.bearing, said.position.speed = 0.0, 0.0
    said.occupancy_status, said.occupancy_percentage = 0, 120
    said.timestamp = MADE_S - 5
    bus(message, 3)
    told, silent = understood(message.SerializeToString()).records
    assert isinstance(told, Position) and isinstance(silent, Position)
    assert (told.bearing_deg, told.speed_mps, told.occupancy) == (0.0, 0.0, 1.2)
    assert told.details == {"occupancy_status": "empty"} and told.time == MADE - timedelta(seconds=5)
    assert (silent.bearing_deg, silent.speed_mps, silent.occupancy, silent.details) == (None, None, None, {})
    assert silent.time == silent.told == MADE


def test_impossible_values_are_faults_and_the_rest_of_the_vehicle_stays() -> None:
    message = feed()
    said = bus(message)
    said.position.speed, said.position.bearing = float("nan"), 500.0
    bus(message, 2, lat=91.0)
    bus(message, 3).timestamp = 2**63
    bus(message, 4).trip.start_date = "20261399"
    result = understood(message.SerializeToString())
    assert len(result.records) == 1 and result.records[0].speed_mps is None  # type: ignore[union-attr]
    assert [fault.place for fault in result.faults] == [
        "vehicle.position.speed", "vehicle.position.bearing", "entity[1].vehicle.position.latitude",
        "entity[2].vehicle.timestamp", "entity[3].vehicle.trip.start_date",
    ]  # fmt: skip


def test_trip_updates_are_arrivals() -> None:
    message = feed()
    update = message.entity.add(id="t").trip_update
    update.trip.trip_id, update.trip.start_date, update.trip.route_id = "run-1", "20260601", "18"
    past = update.stop_time_update.add(stop_id="A", stop_sequence=1)
    past.departure.time = MADE_S - 60
    late = update.stop_time_update.add(stop_id="B", stop_sequence=2)
    late.arrival.time, late.arrival.delay = MADE_S + 300, 120
    late.departure.time = MADE_S + 320
    update.stop_time_update.add(stop_id="C", schedule_relationship=1)
    update.stop_time_update.add(stop_id="D", schedule_relationship=2)
    update.stop_time_update.add().arrival.delay = 3
    gone = message.entity.add(id="u").trip_update
    gone.trip.trip_id, gone.trip.schedule_relationship = "run-2", 3
    lost = message.entity.add(id="v").trip_update
    lost.trip.SetInParent()
    lost.delay = 5
    result = understood(message.SerializeToString())
    run = ("run-1", "2026-06-01")
    assert result.records == (
        Arrival(*run, "A", 1, MADE, departs=MADE - timedelta(seconds=60), status="was there", route="18"),
        Arrival(
            *run, "B", 2, MADE, MADE + timedelta(seconds=180), MADE + timedelta(seconds=300),
            MADE + timedelta(seconds=320), 120.0, "expected", "18",
        ),
        Arrival(*run, "C", -1, MADE, status="skipped", route="18"),
        Arrival("run-2", "", "", -1, MADE, status="cancelled"),
    )  # fmt: skip
    assert result.left_out == {"stop without a forecast": 1}
    assert [fault.what for fault in result.faults] == ["it names no stop", "it names no run"]


def test_alerts_are_situations_a_row_for_each_period() -> None:
    message = feed()
    alert = message.entity.add(id="a1").alert
    alert.active_period.add(start=MADE_S, end=MADE_S + 3600)
    alert.active_period.add(start=MADE_S + 86_400 * 3, end=9_999_999_999)
    alert.informed_entity.add(route_id="18")
    alert.informed_entity.add(stop_id="A")
    alert.cause, alert.effect, alert.severity_level = 10, 4, 4
    for language, head in (("en", "Detour"), ("fi", "Poikkeusreitti")):
        alert.header_text.translation.add(text=head, language=language)
    alert.description_text.translation.add(text="Roadworks", language="en")
    first, second = understood(message.SerializeToString()).records
    details = {"cause": "construction", "effect": "detour", "routes": ["18"], "stops": ["A"]}
    assert first == Situation(
        "a1", "0", MADE, "public transport", MADE, MADE + timedelta(hours=1), "actual", "severe", None,
        {"en": "Detour\nRoadworks", "fi": "Poikkeusreitti"}, details,
    )  # fmt: skip
    assert (second.part, second.begin, second.end) == ("1", MADE + timedelta(days=3), None)  # type: ignore[union-attr]


def test_positions_outside_the_feeds_frame_are_told_and_swapped_ones_are_named() -> None:
    message = feed()
    bus(message, 1)
    bus(message, 2, lon=60.17, lat=24.94)
    result = understood(message.SerializeToString(), within=(24, 59, 26, 61))
    assert len(result.records) == 1 and "swapped" in result.faults[0].what


def test_members_that_are_newer_than_the_library_are_passed_over() -> None:
    message = feed()
    bus(message)
    payload = message.SerializeToString() + b"\xda\x3e\x03abc" + b"\x12\x06\x0a\x01z\xda\x3e\x00"
    result = understood(payload)
    assert len(result.records) == 1 and sum(result.left_out.values()) == 1


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"", "no header"),
        (b'{"header": {}}', "no GTFS Realtime"),
        (b"<html>busy</html>", "no GTFS Realtime"),
        (b"\x00" * 100, "no GTFS Realtime"),
        (b"\x12\x00" * 600_000, "at most 1 MB"),
        (feed().SerializeToString() + b"\x12\x00" * 250_000, "entities"),
        (feed(2**40).SerializeToString(), "header.timestamp"),
        (feed(MADE_S + 90_000).SerializeToString(), "cannot be"),
    ],
)
def test_what_is_none_is_refused(payload: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(payload, largest_mb=1)


def samples() -> list[bytes]:
    message = feed()
    bus(message).trip.trip_id = "run-1"
    update = message.entity.add(id="t").trip_update
    update.trip.trip_id = "run-1"
    update.stop_time_update.add(stop_id="A").arrival.time = MADE_S + 9
    alert = message.entity.add(id="a").alert
    alert.active_period.add(start=MADE_S)
    alert.header_text.translation.add(text="Detour", language="en")
    return [message.SerializeToString(), message.entity[0].SerializeToString() * 3]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    kept, refused = fuzz(GtfsRealtime(GtfsRealtime.Options()), samples(), n=n)
    assert kept > n // 50 and refused > n // 10


@pytest.mark.full
def test_whatever_comes_of_real_buses_is_understood_or_refused() -> None:
    kept, refused = fuzz(GtfsRealtime(GtfsRealtime.Options()), [real("gtfsrt/kcm_vehiclepos_1.pb")], n=1000)
    assert kept > 50 and refused > 50
