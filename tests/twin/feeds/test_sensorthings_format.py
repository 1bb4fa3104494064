"""Observations in the words of SensorThings: one, many, and a dataArray; the wire of the twin itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fuzzing import RECEIVED, fuzz
from hypothesis import given
from hypothesis import strategies as st

from calibration import MEASURES, Observation
from networks.errors import BadInput
from twin.feeds import Message, Understood, format_named, from_wire, to_wire, topic_of
from twin.feeds.formats.sensorthings import SensorThings

FORM = SensorThings(SensorThings.Options())
NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)


def seen(number: int = 0, result: float | None = 7.0, **more: Any) -> Observation:
    said = NOON + timedelta(seconds=302)
    quality = "good" if result is not None else "missing"
    return Observation(f"d/{number}", "vehicle_count", NOON, 300.0, result, quality, said, **more)


def understood(document: object, topic: str = "", options: dict[str, Any] | None = None) -> Understood:
    payload = document if isinstance(document, bytes) else json.dumps(document).encode()
    form = SensorThings(SensorThings.Options.model_validate(options or {}))
    return form.understand(Message(payload, topic, RECEIVED))


def entity(**more: Any) -> dict[str, Any]:
    return json.loads(to_wire(seen())) | more


BLOCK = {
    "Datastream": {"@iot.id": "d1", "observedProperty": "speed", "unitOfMeasurement": "m/s"},
    "components": ["phenomenonTime", "result", "resultTime"],
    "dataArray@iot.count": 2,
    "dataArray": [
        ["2026-06-01T10:00:00Z/2026-06-01T10:05:00Z", 12.5, "2026-06-01T10:05:02Z"],
        ["2026-06-01T12:05:00+02:00", None, None],
    ],
}


def test_it_is_the_format_of_that_name_and_agrees_with_the_wire() -> None:
    assert format_named("sensorthings") is SensorThings
    observation = seen(details={"edge": "a#1", "n": 2, "open": True})
    assert understood(to_wire(observation), topic_of("d/0")).records == (observation,)
    assert from_wire(to_wire(observation)) == observation


def test_an_array_gives_a_row_each_and_a_wrong_one_is_one_fault() -> None:
    many = [json.loads(to_wire(seen(number))) for number in range(20)]
    many[3]["result"] = -1
    many[7] = "garbage"
    result = understood(many)
    assert [row.sensor_id for row in result.records] == [f"d/{n}" for n in range(20) if n not in (3, 7)]  # type: ignore[union-attr]
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("[3].result", "-1 cannot be"),
        ("[7]", "garbage is no object"),
    ]
    assert understood({"value": many}) == result


def test_a_data_array_gives_a_row_each_in_the_columns_that_it_names() -> None:
    first, second = understood([BLOCK]).records
    assert first == Observation("d1", "speed", NOON, 300.0, 12.5, "good", NOON + timedelta(seconds=302))
    five = NOON + timedelta(minutes=5)
    assert second == Observation("d1", "speed", five, 0.0, None, "missing", RECEIVED)
    assert understood(BLOCK).records == (first, second)


def test_a_data_array_of_other_lengths_is_told_row_by_row() -> None:
    rows = [*BLOCK["dataArray"], ["2026-06-01T10:00:00Z"], 7]  # type: ignore[misc]
    result = understood(BLOCK | {"dataArray": rows})
    assert len(result.records) == 2
    assert [(fault.place, fault.what) for fault in result.faults] == [
        ("dataArray[2]", "1 values"),
        ("dataArray[3]", "7 is no array"),
    ]


def test_datastreams_of_another_server_are_what_the_options_say() -> None:
    options = {"datastreams": {"42": {"sensor": "N-1", "measure": "speed", "factor": 1 / 3.6}}}
    bare = {
        "@iot.id": 9,
        "@iot.selfLink": "x",
        "phenomenonTime": "2026-06-01T10:00:00Z",
        "result": 36,
        "resultTime": None,
    }
    topic = "v1.1/Datastreams(42)/Observations"
    (row,) = understood(bare, topic, options).records
    assert row == Observation("N-1", "speed", NOON, 0.0, pytest.approx(10.0), "good", RECEIVED)
    (same,) = understood(
        {**BLOCK, "Datastream": {"@iot.id": 42}, "dataArray": BLOCK["dataArray"][:1]}, "", options
    ).records  # type: ignore[index]
    assert same.result == pytest.approx(12.5 / 3.6)  # type: ignore[union-attr]
    with pytest.raises(BadInput, match="nothing says what is observed by '42'"):
        understood(bare, topic)
    with pytest.raises(BadInput, match="topic"):
        understood(entity(), topic)


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (7, "no object"),
        (entity(phenomenonTime="2026-06-03T10:00:00Z"), "cannot be"),
        (entity(phenomenonTime="1970-01-01T00:00:00Z"), "cannot be"),
        (entity(phenomenonTime="2026-06-01T10:00:00"), "no zone"),
        (entity(phenomenonTime="0001-01-01T00:00:00+14:00"), "no time"),
        (entity(phenomenonTime="2026-06-01T10:00:00Z/2026-06-01T09:00:00Z"), "interval"),
        (entity(result="7"), "no number"),
        (entity(result=True), "no number"),
        (entity(parameters={"a": [1]}), "no plain value"),
        (entity(Datastream={"@iot.id": "", "observedProperty": "speed", "unitOfMeasurement": "m/s"}), "no name"),
        (entity(Datastream={"@iot.id": "a", "observedProperty": "occupancy", "unitOfMeasurement": "1"}), "7 cannot be"),
        (BLOCK | {"components": ["result", "result"]}, "twice"),
        (BLOCK | {"components": ["result"]}, "3 values"),
        (b'{"result": 1, "result": 2}', "twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(document: object, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        understood(document)


@given(
    st.sampled_from(sorted(set(MEASURES) - {"air_temperature"})),
    st.floats(0, 1) | st.none(),
    st.datetimes(datetime(1990, 1, 2), datetime(2026, 6, 1)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC)),
    st.integers(0, 86_400),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30),
)
def test_what_is_sent_is_what_is_understood(
    measure: str, result: float | None, begin: datetime, period: int, sensor: str
) -> None:
    if not sensor.strip():
        sensor = "s"
    quality = "good" if result is not None else "missing"
    row = Observation(sensor, measure, begin, float(period), result, quality, begin)
    assert understood(to_wire(row), topic_of(sensor)).records == (row,)


SAMPLES = [to_wire(seen()), json.dumps([entity() for _ in range(3)]).encode(), json.dumps([BLOCK]).encode()]


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=pytest.mark.full)])
def test_whatever_comes_in_is_understood_or_refused(n: int) -> None:
    kept, refused = fuzz(FORM, SAMPLES, n=n)
    assert kept > n // 50 and refused > n // 4
