"""Shared bicycles: real stations of which some are wrong, versions 2 and 3, and vehicles that stand free."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fuzzing import RECEIVED, check_sound, fuzz, real

from calibration import Observation
from networks.errors import BadInput
from twin.feeds import Message, Place, Position, Understood, format_named
from twin.feeds.formats.gbfs import Gbfs

NOW_S = int(RECEIVED.timestamp())


def understood(document: object, **options: Any) -> Understood:
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    result = Gbfs(Gbfs.Options.model_validate(options)).understand(Message(payload, "", RECEIVED))
    check_sound(result)
    return result


def file(**data: Any) -> dict[str, Any]:
    return {"last_updated": NOW_S - 10, "ttl": 60, "version": "2.3", "data": data}


def file3(**data: Any) -> dict[str, Any]:
    return {"last_updated": "2026-06-01T13:59:50+02:00", "ttl": 60, "version": "3.0", "data": data}


TOLD = RECEIVED - timedelta(seconds=10)


def test_real_stations_are_eight_places_of_which_one_does_not_say_where() -> None:
    assert format_named("gbfs") is Gbfs
    result = understood(real("gbfs/helsinki_station_information.json"))
    assert len(result.records) == 8
    told = datetime.fromtimestamp(1631517662, UTC)
    first = Place("001", "bicycle station", told, 24.9502928896903, 60.155444793821, "Kaivopuisto", 30.0)
    assert result.records[0] == first
    assert [row.name for row in result.records[-3:]] == ["", "", "Kasarmitori"]  # type: ignore[union-attr]
    assert result.records[-1].lon is None  # type: ignore[union-attr]
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("data.stations[5].station_id", "it is missing"),
        ("data.stations[6].station_id", "'' is no name"),
        ("data.stations[9].longitude", "it is missing"),
    ]


def test_real_states_are_two_observations_a_station() -> None:
    result = understood(real("gbfs/helsinki_station_status.json"))
    assert len(result.records) == 20 and not result.faults and not result.left_out
    seen, told = (datetime.fromtimestamp(second, UTC) for second in (1631517287, 1631517710))
    assert result.records[:2] == (
        Observation("001", "bikes_available", seen, 0.0, 2.0, "good", told),
        Observation("001", "docks_available", seen, 0.0, 29.0, "good", told),
    )
    closed = result.records[6].details  # type: ignore[union-attr]
    assert closed == {"is_renting": False, "is_returning": False}


def test_version_3_has_names_in_languages_and_times_as_text() -> None:
    names = [{"text": "Asema", "language": "fi"}, {"text": "Station", "language": "en"}]
    station = {"station_id": "1", "name": names, "lat": 60.1, "lon": 24.9}
    assert understood(file3(stations=[station])).records == (
        Place("1", "bicycle station", TOLD, 24.9, 60.1, "Station"),
    )
    assert understood(file3(stations=[station]), language="fi").records[0].name == "Asema"  # type: ignore[union-attr]
    state = {"station_id": "1", "num_vehicles_available": 4, "last_reported": "2026-06-01T11:59:00Z"}
    (row,) = understood(file3(stations=[state])).records
    assert row == Observation("1", "bikes_available", RECEIVED - timedelta(seconds=60), 0.0, 4.0, "good", TOLD)


def test_vehicles_that_stand_free_are_positions_under_their_changing_ids() -> None:
    bikes = [
        {"bike_id": "x7", "lat": 60.1, "lon": 24.9, "is_reserved": 0, "is_disabled": 1},
        {"bike_id": "x8", "station_id": "1"},
        {"bike_id": "x9", "lat": 91, "lon": 24.9},
    ]
    result = understood(file(bikes=bikes), kind="scooter")
    assert result.records == (Position("x7", TOLD, 24.9, 60.1, TOLD, "scooter", details={"is_disabled": True}),)
    assert result.left_out == {"vehicle that stands at a station": 1}
    assert [fault.place for fault in result.faults] == ["data.bikes[2].latitude"]
    three = {"vehicle_id": "y", "lat": 60, "lon": 25, "last_reported": "2026-06-01T11:00:00Z", "vehicle_type_id": "e"}
    (row,) = understood(file3(vehicles=[three | {"current_range_meters": 1200.5}])).records
    assert row.time == RECEIVED - timedelta(hours=1)  # type: ignore[union-attr]
    assert row.details == {"vehicle_type": "e", "range_m": 1200.5}  # type: ignore[union-attr]


def test_other_files_of_a_feed_are_left_out() -> None:
    assert understood(file(regions=[], language="en")).left_out == {"regions": 1, "language": 1}
    empty = understood(file(stations=[]))
    assert not empty.records and not empty.faults


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({"last_updated": 1}, "no data"),
        ({"last_updated": NOW_S, "data": []}, "no object"),
        ({"data": {"stations": []}}, "last_updated"),
        (file(stations={}), "no array"),
        (file() | {"last_updated": 10**30}, "last_updated"),
        (file() | {"last_updated": NOW_S * 1000}, "cannot be"),
        (file(stations=[{"station_id": "1", "num_bikes_available": -1}]), "-1 cannot be"),
        (file(stations=[{"station_id": ["1"]}]), "no name"),
    ],
)
def test_what_is_none_is_refused(document: object, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(document)


STATE = {"station_id": "1", "num_bikes_available": 4, "num_docks_available": 3, "last_reported": NOW_S - 30}
SAMPLES = [
    json.dumps(one).encode()
    for one in (
        file(stations=[STATE, STATE | {"station_id": "2"}]),
        file3(stations=[{"station_id": "1", "name": [{"text": "A", "language": "en"}], "lat": 60.1, "lon": 24.9}]),
        file(bikes=[{"bike_id": "x7", "lat": 60.1, "lon": 24.9, "is_reserved": False}]),
    )
]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    kept, refused = fuzz(Gbfs(Gbfs.Options()), SAMPLES, n=n)
    assert kept > n // 50 and refused > n // 4
