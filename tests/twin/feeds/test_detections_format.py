"""Detections: rows in closed form, the published schema, and nothing of a person in what is written down."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from fuzzing import fuzz
from hypothesis import given
from hypothesis import strategies as st

from calibration import Observation
from networks.errors import BadInput
from twin.feeds import Message, Position, Situation, format_named
from twin.feeds.formats.detections import CLASSES, EVENTS, Detections, schema

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
SCHEMA = Path(__file__).parents[3] / "docs" / "detections.schema.json"
COUNT = {
    "version": 1, "kind": "count", "camera": "cam-7", "line": "north", "measure": "vehicle_count", "value": 12,
    "begin": "2026-06-01T16:00:00+08:00", "period_s": 60, "confidence": 0.9,
}  # fmt: skip
TRACK = {
    "version": 1, "kind": "track", "camera": "cam-7", "track": "41", "class": "bus", "time": "2026-06-01T08:00:00Z",
    "lon": 120.15, "lat": 30.25, "speed_mps": 8.5, "bearing_deg": 90,
}  # fmt: skip
EVENT = {
    "version": 1, "kind": "event", "camera": "cam-7", "event": "e9", "type": "stopped vehicle",
    "begin": "2026-06-01T08:00:00Z", "lon": 120.15, "lat": 30.25, "severity": "minor",
}  # fmt: skip


def lines(*told: object) -> bytes:
    return b"\n".join(json.dumps(one, ensure_ascii=False).encode() for one in told)


def understood(payload: bytes, **options: object):
    form = Detections(Detections.Options(**options))
    return form.understand(Message(form.conceal(payload), "gate", RECEIVED))


def test_count_track_and_event_in_closed_form():
    told = understood(lines(COUNT, TRACK, EVENT))
    count, track, event = told.records
    assert not told.faults
    assert count == Observation(
        "cam-7/north", "vehicle_count", AT, 60, 12, "good", RECEIVED, False, {"confidence": 0.9}
    )
    assert track == Position(track.mover, AT, 120.15, 30.25, RECEIVED, "bus", 8.5, 90, details={"camera": "cam-7"})
    area = {"type": "Point", "coordinates": [120.15, 30.25]}
    details = {"camera": "cam-7", "type": "stopped vehicle"}
    assert event == Situation("cam-7/e9", "", RECEIVED, "obstruction", AT, severity="minor", area=area, details=details)


def test_gcj02_positions_move_by_hundreds_of_metres():
    [track] = understood(lines(TRACK), datum="gcj02").records
    assert 0.001 < abs(track.lon - 120.15) < 0.01


def test_the_published_schema_is_the_one_that_is_read():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))
    for good in (COUNT, TRACK, EVENT):
        jsonschema.validate(good, schema())
    for wrong in (COUNT | {"plate": "x"}, COUNT | {"version": 2}, TRACK | {"lon": 200}, EVENT | {"type": "robbery"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema())


SECRETS = {"plate": "浙A12345", "face": "QkFTRTY0", "embedding": [0.515625], "image": "JPEG", "Zhang San": 1}


def test_pictures_faces_plates_are_told_and_never_written_and_the_rest_is_kept():
    form = Detections(Detections.Options())
    written = form.conceal(lines(TRACK | SECRETS, COUNT | {"measure": "浙A12345"}, SECRETS, [SECRETS], "浙A12345"))
    for secret in ("浙A12345", "QkFTRTY0", "JPEG", "0.515625", "Zhang", '"41"'):
        assert secret.encode() not in written
    told = form.understand(Message(written, "gate", RECEIVED))
    assert len(told.records) == 1
    assert [fault.place for fault in told.faults] == [
        "line 1.?", "line 1.embedding", "line 1.face", "line 1.image", "line 1.plate", "line 2.measure", "line 3.kind",
        "line 4.kind", "line 5.kind",
    ]  # fmt: skip


def test_a_track_keeps_its_pseudonym_and_cameras_do_not_share_it():
    rows = understood(lines(TRACK, TRACK | {"lat": 30.26}, TRACK | {"camera": "cam-8"})).records
    assert rows[0].mover == rows[1].mover != rows[2].mover
    with pytest.raises(BadInput, match="in clear"):
        Detections(Detections.Options()).understand(Message(lines(TRACK), "gate", RECEIVED))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (COUNT | {"begin": "2026-06-01T08:00:00"}, "begin"),
        (COUNT | {"begin": "2026-06-03T08:00:00Z"}, "begin"),
        (COUNT | {"begin": "1980-06-03T08:00:00Z"}, "begin"),
        (COUNT | {"value": -1}, "value"),
        (COUNT | {"measure": "occupancy", "value": 1.5}, "value"),
        (EVENT | {"end": "2026-06-01T07:00:00Z"}, "end"),
        (EVENT | {"end": "2026-06-01T09:00:00"}, "end"),
        (TRACK | {"speed_mps": 500}, "speed_mps"),
        (TRACK | {"lat": 91}, "lat"),
        (TRACK | {"lat": "30"}, "lat"),
        (COUNT | {"begin": 1780300800}, "begin"),
        (TRACK | {"version": 2}, "version"),
    ],
)
def test_what_cannot_be_is_told_with_its_place(wrong, place):
    told = understood(lines(COUNT, wrong))
    assert len(told.records) == 1 and [fault.place for fault in told.faults] == [f"line 2.{place}"]


def test_nothing_and_far_too_much_are_refused():
    for payload in (b"", b"\n\n", b"{}\n" * 50_001, b" " * (5 << 20)):
        with pytest.raises(BadInput):
            understood(payload)


NAMES = st.from_regex(r"[A-Za-z0-9_.:/-]{1,64}", fullmatch=True)


@given(NAMES, NAMES, st.sampled_from(CLASSES), st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 150))
def test_any_track_is_understood_as_it_was_written(camera, track, moves, lon, lat, speed):
    told = TRACK | {"camera": camera, "track": track, "class": moves, "lon": lon, "lat": lat, "speed_mps": speed}
    [row] = understood(lines(told)).records
    assert (row.kind, row.lon, row.lat, row.speed_mps) == (moves, lon, lat, speed)


@given(st.sampled_from(sorted(EVENTS)))
def test_every_event_has_a_kind(name):
    [row] = understood(lines(EVENT | {"type": name})).records
    assert row.kind == EVENTS[name]


class Concealed:
    """As gathering does it: conceal, then understand."""

    def __init__(self) -> None:
        self.form = Detections(Detections.Options())

    def understand(self, message: Message):
        return self.form.understand(Message(self.form.conceal(message.payload), "fuzz", message.received))


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_whatever_comes_in_is_understood_or_refused(n):
    samples = [lines(COUNT, TRACK, EVENT), lines(TRACK | SECRETS)]
    assert fuzz(Concealed(), samples, n=n)[0] > 0
    form = Detections(Detections.Options())
    kept, refused = fuzz(form, [form.conceal(one) for one in samples], n=n)
    assert kept > n // 50 and refused > n // 10


def test_it_is_on_the_shelf():
    assert format_named("detections") is Detections
