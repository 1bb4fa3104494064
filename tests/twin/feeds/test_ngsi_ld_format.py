"""NGSI-LD in Smart Data Models: the models' own examples, their schemas as referee, and what is hostile."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jsonschema
import pytest
from fuzzing import RECEIVED, check_sound, fuzz, real
from hypothesis import given
from hypothesis import strategies as st
from referencing import Registry, Resource

from calibration import Observation
from networks.errors import BadInput
from twin.feeds import Message, Place, Situation, Understood, format_named
from twin.feeds.formats.ngsi_ld import NgsiLd


def understood(document: object, received: datetime = RECEIVED, **options: Any) -> Understood:
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    result = NgsiLd(NgsiLd.Options.model_validate(options)).understand(Message(payload, "", received))
    check_sound(result, received)
    return result


def example(name: str) -> bytes:
    return real(f"ngsi/{name}.example-normalized.jsonld")


def told(result: Understood) -> dict[str, float | None]:
    return {row.measure: row.result for row in result.records if isinstance(row, Observation)}


def flow(**changed: Any) -> dict[str, Any]:
    said = {
        "id": "urn:ngsi-ld:TrafficFlowObserved:1", "type": "TrafficFlowObserved", "intensity": 30,
        "dateObserved": "2026-06-01T11:00:00Z/2026-06-01T11:05:00Z", "averageVehicleSpeed": 36,
        "location": {"type": "Point", "coordinates": [24.94, 60.17]},
    } | changed  # fmt: skip
    return {name: value for name, value in said.items() if value != "gone"}


def normalized(entity: dict[str, Any]) -> dict[str, Any]:
    def attribute(name: str, value: Any) -> Any:
        if name in ("id", "type"):
            return value
        return {"type": "GeoProperty" if name == "location" else "Property", "value": value}

    return {name: attribute(name, value) for name, value in entity.items()}


@pytest.mark.parametrize("written", ["example-normalized.jsonld", "example.json"])
def test_a_detector_gives_counts_speed_and_occupancy_however_it_is_written(written: str) -> None:
    assert format_named("ngsi-ld") is NgsiLd
    result = understood(real(f"ngsi/TrafficFlowObserved.{written}"))
    begin = datetime(2016, 12, 7, 11, 10, tzinfo=UTC)
    count, speed, occupancy, place = result.records
    assert isinstance(count, Observation) and isinstance(place, Place)
    assert (count.measure, count.begin, count.period_s, count.result) == ("vehicle_count", begin, 300.0, 197.0)
    assert count.details == {"laneId": 1, "laneDirection": "forward"} and count.result_time == RECEIVED
    assert speed.result == pytest.approx(52.6 / 3.6) and occupancy.result == 0.76  # type: ignore[union-attr]
    assert (place.kind, place.lon, place.lat) == (
        "detector", pytest.approx((-4.73735395519672 - 4.73414858659993) / 2),
        pytest.approx((41.6538181849672 + 41.6600594193478) / 2),
    )  # fmt: skip
    assert place.details["geometry"]["type"] == "LineString" and not result.faults
    left = ("address", "averageHeadwayTime", "averageVehicleLength", "reversedLane")
    assert set(result.left_out) == {f"TrafficFlowObserved.{name}" for name in left}


@pytest.mark.parametrize("written", ["example-normalized.jsonld", "example.json"])
def test_a_crowd_counter(written: str) -> None:
    result = understood(real(f"ngsi/CrowdFlowObserved.{written}"))
    row, place = result.records
    assert (row.measure, row.period_s, row.result) == ("person_count", 300.0, 100.0)  # type: ignore[union-attr]
    assert row.details["peopleCountTowards"] == 50 and place.kind == "counter"  # type: ignore[union-attr]


def test_weather_without_the_rain_that_fell_since_nobody_knows_when() -> None:
    result = understood(example("WeatherObserved"))
    assert told(result) == {"air_temperature": 3.3, "relative_humidity": 1.0, "wind_speed": 2.0}
    assert result.left_out["WeatherObserved.precipitation of no period"] == 1
    sensor = "urn:ngsi-ld:WeatherObserved:Spain-WeatherObserved-Valladolid"
    assert {getattr(row, "sensor_id", sensor) for row in result.records} == {sensor}
    with_period = understood(example("WeatherObserved"), period_s=3600)
    (rain,) = (row for row in with_period.records if getattr(row, "measure", "") == "rain_intensity")
    assert (rain.begin, rain.period_s, rain.result) == (datetime(2016, 11, 30, 6, tzinfo=UTC), 3600.0, 0.0)  # type: ignore[union-attr]


def test_air_quality_has_a_time_without_a_zone() -> None:
    result = understood(example("AirQualityObserved"))
    assert [type(row) for row in result.records] == [Place]
    assert [(fault.place, "no zone" in fault.what) for fault in result.faults] == [("dateObserved", True)]
    mended = understood(example("AirQualityObserved"), zone="Europe/Madrid")
    assert told(mended) == {"air_temperature": 12.2, "relative_humidity": 0.54, "wind_speed": 0.64}
    assert mended.records[0].begin == datetime(2016, 3, 15, 10, tzinfo=UTC)  # type: ignore[union-attr]
    assert mended.left_out["AirQualityObserved.no2"] == 1 and not mended.faults


def test_water_levels_and_a_level_that_its_own_distance_does_not_give() -> None:
    result = understood(example("WaterObserved"))
    assert told(result) == {"water_level": 3.52} and result.left_out["WaterObserved.flow"] == 1
    placed = understood(example("WaterObserved"), within=(6, 43, 8, 45))
    assert "swapped" in placed.faults[0].what and placed.records[1].lon is None  # type: ignore[union-attr]
    level, place = understood(example("FloodMonitoring")).records
    assert isinstance(level, Observation) and isinstance(place, Place)
    assert (level.result, level.quality, level.begin) == (1.98, "suspect", datetime(2020, 9, 16, 8, tzinfo=UTC))
    assert level.details == {
        "stationID": "FWR013",
        "alertLevel": 11.0,
        "dangerLevel": 26.0,
        "floodLevelStatus": "Normal",
    }
    assert (place.kind, place.lon) == ("water gauge", None)


def test_yachts_are_not_counted_and_vehicles_and_bicycles_are() -> None:
    for name in ("ItemFlowObserved.example-normalized.jsonld", "ItemFlowObserved.example.json"):
        result = understood(real(f"ngsi/{name}"))
        assert [type(row) for row in result.records] == [Place] and not result.faults
        assert result.left_out["ItemFlowObserved.intensity"] == 1
    said = json.loads(example("ItemFlowObserved"))
    said["itemType"]["value"] = "vehicle"
    assert told(understood(said)) == {
        "vehicle_count": 12.0, "speed": pytest.approx(2.7 * 1852 / 3600), "occupancy": 0.1562
    }  # fmt: skip
    said["itemType"]["value"] = "bicycles"
    assert told(understood(said)) == {"bicycle_count": 12.0}


def test_alerts_are_situations_and_what_the_twin_does_not_keep_is_counted() -> None:
    (row,) = understood(example("WeatherAlert")).records
    issued = datetime(2016, 3, 14, 13, 54, 1, tzinfo=UTC)
    assert isinstance(row, Situation)
    assert (row.told, row.kind, row.severity, row.status) == (issued, "weather", "moderate", "actual")
    assert (row.begin.hour, row.end) == (13, datetime(2016, 3, 14, 23, 59, tzinfo=UTC))
    assert understood(example("RoadSegment")).left_out == {"RoadSegment": 1}
    (radar,) = understood(example("RainFallRadarObserved")).records
    assert isinstance(radar, Place) and radar.kind == "rain radar"


def test_a_notification_says_when_and_a_wrong_entity_costs_only_itself() -> None:
    data = [flow(), flow(id="b", intensity=-1), flow(type="gone"), normalized(flow(id="c", averageVehicleSpeed="gone"))]
    result = understood({"type": "Notification", "notifiedAt": "2026-06-01T11:06:00Z", "data": data})
    counts = [row for row in result.records if getattr(row, "measure", "") == "vehicle_count"]
    assert [row.sensor_id for row in counts] == ["urn:ngsi-ld:TrafficFlowObserved:1", "c"]  # type: ignore[union-attr]
    assert {row.result_time for row in counts} == {RECEIVED - timedelta(minutes=54)}  # type: ignore[union-attr]
    assert [fault.place for fault in result.faults] == ["[1].intensity", "[2].type"]


def test_units_are_those_that_are_told() -> None:
    for code, mps in (("KMH", 10.0), ("MTS", 36.0), ("HM", 36 * 0.44704), ("KNT", 36 * 1852 / 3600)):
        said = flow(averageVehicleSpeed={"value": 36, "unitCode": code})
        assert told(understood(said))["speed"] == pytest.approx(mps)
    wrong = understood(flow(averageVehicleSpeed={"value": 36, "unitCode": "CEL"}))
    assert [fault.place for fault in wrong.faults] == ["averageVehicleSpeed.unitCode"]
    cold = {"id": "w", "type": "WeatherObserved", "temperature": {"type": "Property", "value": 14, "unitCode": "FAH",
            "observedAt": "2026-06-01T11:00:00Z"}}  # fmt: skip
    assert told(understood(cold)) == {"air_temperature": pytest.approx(-10.0)}


def test_a_count_needs_a_period() -> None:
    said = flow(dateObserved="2026-06-01T11:00:00Z")
    assert [fault.what for fault in understood(said).faults] == ["a count of no period"]
    row = understood(said, period_s=300).records[0]
    assert isinstance(row, Observation)
    assert (row.begin, row.period_s) == (RECEIVED - timedelta(minutes=65), 300.0)


@cache
def schema(model: str) -> jsonschema.Draft202012Validator:
    """A model's schema; what it refers to on the web is taken as satisfied."""
    document = json.loads(real(f"ngsi/{model}.schema.json"))
    anything = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", "definitions": {}})
    document["allOf"] = [part for part in document["allOf"] if "$ref" not in part]
    registry = Registry(retrieve=lambda _: anything)
    for part in document["allOf"]:
        for name, one in list(part.get("properties", {}).items()):
            if "$ref" in one:
                part["properties"][name] = {}
    return jsonschema.Draft202012Validator(document, registry=registry)


@given(st.floats(-5, 400, allow_subnormal=False), st.floats(-1, 2, allow_subnormal=False), st.integers(-5, 5000))
def test_the_models_schema_and_this_reader_agree_on_what_is_wrong(speed: float, occupancy: float, count: int) -> None:
    said = flow(averageVehicleSpeed=speed, occupancy=occupancy, intensity=count)
    wrong = {str(error.path[-1]) for error in schema("TrafficFlowObserved").iter_errors(said)}
    for written in (said, normalized(said)):
        assert {fault.place for fault in understood(written).faults} == wrong


def test_the_models_own_examples_are_valid_by_their_schemas() -> None:
    for model in ("TrafficFlowObserved", "CrowdFlowObserved", "ItemFlowObserved"):
        assert not list(schema(model).iter_errors(json.loads(real(f"ngsi/{model}.example.json"))))


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ({}, "missing"),
        ({"id": "a"}, "missing"),
        ({"id": "a", "type": 7.5}, "no name"),
        ([7], "no object"),
        ({"data": 7}, "no array"),
        (flow(location="gone", dateObserved="2026-06-01T11:00:00Z/2026-06-01T10:00:00Z"), "interval"),
        (flow(location="gone", dateObserved="gone"), "does not say when"),
        (flow(location="gone", dateObserved="2026-06-09T11:00:00Z"), "cannot be"),
        (b'{"id": "a", "id": "b"}', "twice"),
    ],
)
def test_what_is_none_is_refused(document: object, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(document)


@pytest.mark.parametrize(
    "location",
    [
        {"type": "Point", "coordinates": [200, 60]},
        {"type": "Point", "coordinates": ["24", "60"]},
        {"type": "Circle", "coordinates": [24, 60]},
        {"type": "LineString", "coordinates": []},
        {"type": "Polygon", "coordinates": [[24, 60]]},
        {"type": "Point", "coordinates": [[24, 60]]},
        "north",
    ],
)
def test_a_wrong_location_costs_only_the_position(location: object) -> None:
    result = understood(flow(location=location))
    assert len(result.records) == 3 and result.records[2].lon is None  # type: ignore[union-attr]
    assert len(result.faults) == 1 and result.faults[0].place.startswith("location")


ALERT = {
    "id": "a", "type": "WeatherAlert", "dateIssued": "2026-06-01T11:00:00Z", "validFrom": "2026-06-03T11:00:00Z",
    "validTo": "2026-06-04T11:00:00Z", "severity": "high", "location": {"type": "Point", "coordinates": [24.94, 60.17]},
}  # fmt: skip
SAMPLES = [
    json.dumps(one).encode() for one in (flow(), normalized(flow()), ALERT, {"data": [flow(), normalized(ALERT)]})
]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    kept, refused = fuzz(NgsiLd(NgsiLd.Options(zone="Europe/Madrid", period_s=60)), SAMPLES, n=n)
    assert kept > n // 50 and refused > n // 4
