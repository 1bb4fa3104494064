"""Opening XML within limits and reading values from it."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta, timezone
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from shapely.geometry import shape

from networks.errors import BadInput
from twin.feeds import Message
from twin.feeds.formats.markup import (
    MarkupOptions,
    Part,
    Reading,
    circle,
    duration_s,
    gathered,
    language_tag,
    line,
    moment,
    number,
    opened,
    point,
    polygon,
)

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1991, 1, 1), datetime(2199, 1, 1)), ZONES)
def test_times_go_and_come(local: datetime, zone: timezone) -> None:
    there = local.replace(tzinfo=zone)
    assert moment(there.isoformat()) == there
    assert moment(there.isoformat()).utcoffset() == timedelta(0)


def test_times_as_the_standard_writes_them() -> None:
    assert moment("2026-05-30T24:00:00+08:00") == datetime(2026, 5, 30, 16, tzinfo=UTC)
    assert moment("2026-05-30T08:00:00.123456789Z").microsecond == 123456
    assert moment("2026-05-30T08:00:00-00:00") == datetime(2026, 5, 30, 8, tzinfo=UTC)
    assert moment("2026-05-30T08:00:00", "Asia/Shanghai") == datetime(2026, 5, 30, tzinfo=UTC)
    assert moment("2026-05-30T08:00:00", "+08:00") == datetime(2026, 5, 30, tzinfo=UTC)
    assert moment("2026-05-30T08:00:00Z", "+08:00") == datetime(2026, 5, 30, 8, tzinfo=UTC), "its own zone goes first"


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "2026-05-30", "2026-05-30T08:00:00", "2026-02-30T08:00:00Z", "2026-05-30T25:00:00Z"),
        *("2026-05-30T24:00:01Z", "2026-05-30T08:00:60Z", "2026-05-30T08:00:00+15:00", "2026-05-30T08:00:00+08"),
        *("1989-12-31T23:59:59Z", "2200-01-02T00:00:00Z", "9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00Z"),
        *("２026-05-30T08:00:00Z", "2026-05-30t08:00:00z", "20260530T080000Z", "-2026-05-30T08:00:00Z"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time|time zone|before 1990|future"):
        moment(text)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_durations(days: int, hours: int, minutes: int, seconds: int, early: bool) -> None:
    text = f"{'-' if early else ''}P{days}DT{hours}H{minutes}M{seconds}.5S"
    length = 86400 * days + 3600 * hours + 60 * minutes + seconds + 0.5
    assert duration_s(text) == (-length if early else length)


@pytest.mark.parametrize(
    ("text", "length"), [("PT0S", 0), ("P1D", 86400), ("-PT2M", -120), ("P0Y0M1D", 86400), ("PT.5S", None)]
)
def test_short_durations(text: str, length: float | None) -> None:
    if length is None:
        with pytest.raises(ValueError, match="no duration"):
            duration_s(text)
    else:
        assert duration_s(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "1D", "PT1", "P1Y", "P1M", "PT-1S", "--PT1S", "PT1S ", "P1S"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"no duration|years or months"):
        duration_s(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers(value: float) -> None:
    assert number(repr(value)) == value


@pytest.mark.parametrize(
    "text", ["", "NaN", "inf", "INF", "1_0", "0x1", "1,5", "１", " 1", "1e", "9" * 400, "1e999", "--1"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no number|out of bounds"):
        number(text)


def test_whole_numbers_and_bounds() -> None:
    assert number("+12", whole=True) == 12
    for text in ("1.0", "1e3", ""):
        with pytest.raises(ValueError, match="no whole number"):
            number(text, whole=True)
    with pytest.raises(ValueError, match="out of bounds"):
        number("91", -90, 90)


def test_languages() -> None:
    assert [language_tag(text) for text in ("EN", "zh-cn", "zh-Hans", "", "12 x", "e" * 9)] == [
        "en",
        "zh-CN",
        "zh-Hans",
        "",
        "",
        "",
    ]


def test_parts_know_their_place_and_say_what_is_wrong() -> None:
    reading = Reading(RECEIVED)
    root = Part(fromstring('<a><b id="x"><c>1</c><c>2</c><d>no</d></b><b><d> yes</d></b></a>'), reading)
    first, second = root.all("b")
    assert first.number("c") == 1 and first.number("d") is None and first.text("e", need=True) == ""
    assert second.word("d", among=("yes", "no")) == "yes" and second.flag("d") is None
    told = reading.understood().faults
    assert [fault.place for fault in told] == ["a/b x/c", "a/b x/d", "a/b x/e", "a/b[2]/d", "a/b[2]/d"]
    assert "2 times" in told[0].what and reading.faulty == 5


def message(payload: bytes) -> Message:
    return Message(payload, "x.xml", RECEIVED)


def test_foreign_parts_keep_their_namespace() -> None:
    root, spaces = opened(message(b'<a xmlns="u:1"><b xmlns="v:1"/><c xmlns=""/></a>'), MarkupOptions(), ("u:",))
    assert [one.tag for one in root.iter()] == ["a", "{v:1}b", "c"] and spaces == {"u:1", "v:1", ""}


def test_limits() -> None:
    options = MarkupOptions(largest_mb=1)
    for payload, reason in (
        (b"<a>" + b" " * 1_000_000 + b"</a>", "larger than 1 MB"),
        (gzip.compress(b"<a>" + b" " * 50_000_000 + b"</a>"), "larger than 1 MB"),
        (b"<a>" + b"<b/>" * 70_000 + b"</a>", "too many elements"),
        (b"<a>" * 101 + b"</a>" * 101, "nested too deeply"),
        (b"\x1f\x8b\x08" + b"\0" * 6 + b"\x03" + b"\xff" * 9, "unpacked"),
        (gzip.compress(b"<a/>")[:-3], "breaks off"),
        (b"<a " + b" ".join(b"a%d=''" % one for one in range(70_000)) + b"/>", "too many elements"),
        (b"<a>" + b"".join(b"<b%d/>" % one for one in range(10_001)) + b"</a>", "too many names"),
        (gzip.compress(b"<a/>") + b"rubbish", "no gzip follows"),
        (gzip.compress(b"<a>") + gzip.compress(b" " * 2_000_000), "larger than 1 MB"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
        (b"<a>&b;</a>", "undefined entity"),
        (b"  ", "empty"),
    ):
        with pytest.raises(BadInput, match=reason):
            opened(message(payload), options, ())
    assert opened(message(gzip.compress(b"<a>") + gzip.compress(b"</a>") + b"\0" * 9), options, ())[0].tag == "a"
    assert opened(message(b"<a>" * 100 + b"</a>" * 100), options, ())[0].tag == "a"
    with pytest.raises(ValidationError):
        MarkupOptions(zone="+25:00")


def test_shapes_are_what_geojson_says() -> None:
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)]
    hole = [(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5), (0.5, 0.5)]
    whole = shape(polygon(square, [hole]))
    assert whole.area == 3 and whole.exterior.is_ccw and not whole.interiors[0].is_ccw
    assert line([(1.0, 2.0), (1.0, 2.0)]) == point(1, 2)
    assert gathered([]) is None and gathered([point(1, 2), point(1, 2)]) == point(1, 2)
    assert gathered([point(1, 2), point(1, 3)]) == {"type": "MultiPoint", "coordinates": [[1, 2], [1, 3]]}
    both = gathered([point(1, 2), line([(1.0, 2.0), (2.0, 2.0)])])
    assert both is not None and shape(both).geom_type == "GeometryCollection"
    assert circle(0, 89.99, 5000, 64) == point(0, 89.99), "it holds the pole"
    assert shape(circle(25, 60, 5000, 64)).is_valid
