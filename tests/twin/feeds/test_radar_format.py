"""Radar frames: a tiny one whose row is known, real ones of the FMI, and what is no frame."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fuzzing import fuzz
from pyproj import Proj

from networks.errors import BadInput
from twin.feeds import Frame, Message, format_named
from twin.feeds.formats.radar import Radar

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
CRS = "+proj=stere +lat_0=90 +lon_0=25 +lat_ts=60 +R=6371288 +units=m +no_defs"
REAL = Path(os.environ.get("CITYTWIN_DATA", "../shared/data")) / "feeds" / "radar"


def picture(pixels: bytes, columns: int, rows: int, time: str = "202606011155", param: str = "CorrectedReflectivity"):
    place = Proj(CRS)
    (left, bottom), (right, top) = place(24.0, 60.0), place(25.5, 61.0)
    lines = [
        "P5", f"# obstime {time}", f"# param {param}", "# projection radar {", "# type stereographic",
        "# centrallongitude 25", "# centrallatitude 90", "# truelatitude 60", "# bottomleft 24.0 60.0",
        "# topright 25.5 61.0", f"# metersperpixel_x {(right - left) / columns}",
        f"# metersperpixel_y {(top - bottom) / rows}", "# }", f"{columns} {rows}", "255",
    ]  # fmt: skip
    return "\n".join(lines).encode() + b"\n" + pixels, (left, bottom, right, top)


TINY, BOX = picture(bytes([0, 64, 164, 255, 255, 255]), 3, 2)


def understood(payload: bytes, topic: str = "radar.pgm", received: datetime = RECEIVED):
    return Radar(Radar.Options()).understand(Message(payload, topic, received))


@pytest.mark.parametrize("packed", [False, True])
def test_a_tiny_picture_in_closed_form(packed):
    [frame] = understood(gzip.compress(TINY) if packed else TINY, "drop/202606011155_x.pgm").records
    assert frame == Frame(
        "radar", datetime(2026, 6, 1, 11, 55, tzinfo=UTC), RECEIVED, "dBZ", CRS, 2, 3, pytest.approx(BOX), 0.5, 50.0
    )


def test_a_dry_sky_is_known_and_a_blind_radar_is_not():
    dry, _ = picture(bytes([0] * 6), 3, 2)
    blind, _ = picture(bytes([255] * 6), 3, 2)
    assert [(f.known, f.highest) for one in (dry, blind) for f in understood(one).records] == [
        (1.0, -32.0),
        (0.0, None),
    ]


@pytest.mark.parametrize(
    ("payload", "topic", "what"),
    [
        (TINY[:-1], "a", "5 pixels"),
        (TINY, "202606011150_x.pgm", "its name says"),
        (picture(bytes(6), 3, 2, "202606031155")[0], "a", "cannot be"),
        (picture(bytes(6), 3, 2, "198006031155")[0], "a", "cannot be"),
        (picture(bytes(6), 3, 2, param="Rain")[0], "a", "quantity"),
        (TINY.replace(b"centrallatitude 90", b"centrallatitude nan"), "a", "cannot be computed|do not fit"),
        (TINY.replace(b"24.0 60.0", b"1e999 60.0"), "a", "cannot be computed|do not fit"),
        (TINY.replace(b"3 2\n", b"\xb2 2\n"), "a", "header"),
        (TINY.replace(b"3 2\n", b"99999999 99999999\n"), "a", "pixels"),
        (gzip.compress(bytes(40 << 20)), "a", "unpacks to more"),
        (gzip.compress(TINY)[:-3], "a", "cut short"),
        (b"", "a", "no PGM"),
    ],
)
def test_what_is_no_frame_is_refused(payload, topic, what):
    with pytest.raises(BadInput, match=what):
        understood(payload, topic)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real radar frames of CITYTWIN_DATA")
def test_real_frames_give_an_hour_of_rain_every_five_minutes():
    files = sorted(REAL.glob("*.pgm.gz"))
    frames = [understood(f.read_bytes(), f.name).records[0] for f in files]
    assert [f.time for f in frames] == [
        datetime(2016, 9, 28, 16 + m // 60, m % 60, tzinfo=UTC) for m in range(10, 70, 5)
    ]
    assert {(f.rows, f.columns, f.quantity) for f in frames} == {(1226, 760, "dBZ")}
    for frame in frames:
        assert 0.5 < frame.known < 1 and 30 < frame.highest < 80
        west, south, east, _ = frame.box
        assert (east - west) / 760 == pytest.approx(999.674, rel=1e-3)
        lon, lat = Proj(frame.crs)(west, south, inverse=True)
        assert (lon, lat) == pytest.approx((18.6, 57.93), abs=1e-6)


@pytest.mark.parametrize("n", [1000, pytest.param(100_000, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_whatever_comes_in_is_understood_or_refused(n):
    counted, refused = fuzz(Radar(Radar.Options()), [TINY, gzip.compress(TINY)], n=n)
    assert counted > 0 and refused > 0


def test_it_is_on_the_shelf():
    assert format_named("radar") is Radar
