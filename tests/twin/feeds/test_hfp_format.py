"""Helsinki's vehicles: real events, one of them garbage and one a template, and what is hostile."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fuzzing import RECEIVED, check_sound, fuzz, real

from calibration import Observation
from networks.errors import BadInput
from twin.feeds import Arrival, Message, Position, Understood, format_named
from twin.feeds.formats.hfp import Hfp

TOPIC = "/hfp/v2/journey/ongoing/vp/tram/0022/00792/1081/2/Kulosaari/20:25/1130106/5/60;24/28/65/06"


def understood(payload: bytes, topic: str = "", **options: Any) -> Understood:
    result = Hfp(Hfp.Options.model_validate(options)).understand(Message(payload, topic, RECEIVED))
    check_sound(result)
    return result


def event(name: str = "VP", **changed: Any) -> bytes:
    said = {
        "desi": "81", "dir": "2", "oper": 22, "veh": 792, "tst": "2026-05-31T17:38:36Z", "spd": 10.5, "hdg": 225,
        "lat": 60.194481, "long": 25.03095, "dl": -25, "oday": "2026-05-31", "start": "20:25", "route": "1081",
    } | changed  # fmt: skip
    return json.dumps({name: {key: value for key, value in said.items() if value != "gone"}}).encode()


def test_a_position_with_what_the_topic_adds() -> None:
    assert format_named("hfp") is Hfp
    time = datetime(2018, 4, 5, 17, 38, 36, tzinfo=UTC)
    details = {"delay_s": 25.0, "line": "81", "direction": "2", "doors_open": 0, "odometer_m": 2819}
    result = understood(real("mqtt_hfp/hfp-sample-vp.json"), TOPIC)
    assert result.records == (
        Position(
            "22/792", time, 25.03095, 60.194481, time, "tram", 0.16, 225.0, "1081", "1081/2/2018-04-05/20:25", 0.1,
            details | {"acceleration_mps2": 0},
        ),
    )  # fmt: skip
    assert not result.faults and result.left_out == {"VP.jrn": 1, "VP.line": 1, "VP.seq": 1, "VP.dr-type": 1}
    (alone,) = understood(real("mqtt_hfp/hfp-sample-vp.json")).records
    assert (alone.kind, alone.route, alone.trip) == ("", "", "81/2/2018-04-05/20:25")  # type: ignore[union-attr]


def test_a_stop_that_is_passed_is_an_arrival_that_was_skipped() -> None:
    arrival, position = understood(real("mqtt_hfp/hfp-sample-pas.json")).records
    time = datetime(2019, 6, 27, 11, 53, 24, 541_000, tzinfo=UTC)
    assert arrival == Arrival(
        "4413/2/2019-06-27/14:05", "2019-06-27", "4170203", -1, time, datetime(2019, 6, 27, 11, 55, tzinfo=UTC),
        time, time, -102.0, "skipped", "4413",
    )  # fmt: skip
    assert position.speed_mps == 11.33 and position.details["stop"] == 4170203  # type: ignore[union-attr]


def test_a_request_to_a_traffic_light_is_kept_with_its_answer() -> None:
    (row,) = understood(real("mqtt_hfp/hfp-tlr-sample.json")).records
    asked = {"event": "TLR", "junction": 2107, "signal_group": 894, "request": 100, "priority": "normal"}
    assert asked.items() <= row.details.items() and row.details["decision"] == "NAK"  # type: ignore[union-attr]


def test_garbage_is_refused_and_a_template_gives_what_it_has() -> None:
    with pytest.raises(BadInput, match="oper"):
        understood(real("mqtt_hfp/garbage-data.json"))
    template = real("mqtt_hfp/passenger-count-sample.json")
    result = understood(template)
    assert [fault.place for fault in result.faults] == ["APC.vehiclecounts.countquality"]
    (row,) = result.records
    assert (row.lon, row.lat, row.occupancy) == (60.1967, 24.9435, 0.2)  # type: ignore[union-attr]
    placed = understood(template, within=(24, 59, 26, 61))
    assert not placed.records and "swapped" in placed.faults[1].what


def test_people_are_counted_over_doors_and_bicycles_are_none() -> None:
    doors = [
        {"door": "1", "count": [{"class": "adult", "in": 3, "out": 1}, {"class": "bike", "in": 1, "out": 0}]},
        {"door": "2", "count": [{"class": "child", "in": 2, "out": 4}]},
    ]
    counts = {"countquality": "regular", "vehicleload": 15, "vehicleloadratio": 0.2, "doorcounts": doors}
    on, off, position = understood(event("APC", stop=12, vehiclecounts=counts)).records
    time, more = datetime(2026, 5, 31, 17, 38, 36, tzinfo=UTC), {"stop": "12", "trip": "1081/2/2026-05-31/20:25"}
    assert on == Observation("22/792", "boarding", time, 0.0, 5.0, "good", time, False, more)
    assert off == Observation("22/792", "alighting", time, 0.0, 5.0, "good", time, False, more)
    assert position.occupancy == 0.2  # type: ignore[union-attr]


def test_what_cannot_be_is_left_from_the_row_and_told() -> None:
    result = understood(event(spd=-10.0, hdg=None, oday="", dl=10**400))
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("VP.oday", "'' cannot be"),
        ("VP.spd", "-10 cannot be"),
        ("VP.dl", "inf is no number"),
    ]
    (row,) = result.records
    assert row.speed_mps is None and row.trip == "" and "delay_s" not in row.details  # type: ignore[union-attr]


def test_a_vehicle_without_a_fix_is_counted_and_unknown_events_too() -> None:
    assert understood(event(lat=None, long=None, loc="N/A")).left_out == {"vehicle without a fix": 1}
    assert understood(b'{"XYZ": {}}').left_out == {"event XYZ": 1}


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (event(lat="gone"), "VP.lat"),
        (event(lat=0, long=0), "0, 0"),
        (event(tst="2026-05-31T17:38:36"), "no zone"),
        (event(tst="1970-01-01T00:00:00Z"), "cannot be"),
        (event(veh="gone"), "VP.veh"),
        (b'{"VP": []}', "no object"),
        (b"[]", "no object"),
        (b"{'VP': {}}", "no JSON"),
    ],
)
def test_what_is_none_is_refused(payload: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(payload)


DOOR = {"countquality": "regular", "doorcounts": [{"count": [{"class": "adult", "in": 1, "out": 2}]}]}
SAMPLES = [event(), event("PAS", stop=4170203, ttarr="2026-05-31T17:40:00Z"), event("APC", vehiclecounts=DOOR)]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    kept, refused = fuzz(Hfp(Hfp.Options()), SAMPLES, n=n, topic=TOPIC)
    assert kept > n // 50 and refused > n // 4
