"""Radar files: what they say is what is read, and what they cannot mean is refused."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_radar import NOON, STEREO, composite, frames_of, radar_folder

from models.flood.rain import LAWS, PowerLaw, RadarFrames, law_named, read_radar
from models.flood.rain.radar.fmi_pgm import read_fmi_pgm
from networks.errors import BadInput

CODES = np.arange(12, dtype=np.uint8).reshape(3, 4) * 10
CODES[0, 0], CODES[2, 3] = 0, 255


def folder_of(tmp_path: Path, *minutes: int) -> Path:
    for minute in minutes:
        time = f"20260717{12 + minute // 60:02d}{minute % 60:02d}"
        composite(tmp_path / f"{time}_x.pgm", CODES, obstime=time)
    return tmp_path


def test_bytes_are_half_decibels(tmp_path: Path) -> None:
    frame = read_fmi_pgm(composite(tmp_path / "202607171200_x.pgm", CODES, obstime="202607171200"))
    assert frame.time == NOON
    assert np.isneginf(frame.values[0, 0]) and np.isnan(frame.values[2, 3])
    assert frame.values[1, 2] == (60 - 64) / 2
    assert frame.grid.crs == STEREO and frame.grid.shape == (3, 4)
    assert frame.grid.left_m == pytest.approx(-32000, abs=0.2) and frame.grid.pixel_m[0] == pytest.approx(1000, abs=0.1)


def test_a_place_lies_where_it_lies(tmp_path: Path) -> None:
    grid = read_fmi_pgm(composite(tmp_path / "a.pgm", CODES, obstime="202607171200")).grid
    lon, lat = grid.places([0.5, 2.5], [0.5, 3.5])
    row, col = grid.pixels(lon, lat)
    np.testing.assert_allclose([row, col], [[0.5, 2.5], [0.5, 3.5]], atol=1e-6)
    window = grid.window(float(lon[1]), float(lat[1]), 1000.0)
    assert (window[0].stop, window[1].stop) == (3, 4), "cut at the border"
    part = grid.cut(window)
    assert [float(one) for one in part.pixels(lon[1], lat[1])] == pytest.approx(
        [2.5 - window[0].start, 3.5 - window[1].start], abs=1e-6
    )
    with pytest.raises(BadInput, match="outside the radar's map"):
        grid.window(0.0, 0.0, 1000.0)


def test_a_folder_is_read_in_the_order_of_its_times(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 10, 0, 5, 20)
    (folder / "readme.txt").write_text("no frame")
    packed = composite(tmp_path / "plain", CODES, obstime="202607171225")
    (folder / "202607171225_x.pgm.gz").write_bytes(gzip.compress(packed.read_bytes()))
    frames = read_radar(folder, LAWS["finland"])
    assert [(one - NOON).seconds // 60 for one in frames.times] == [0, 5, 10, 20, 25]
    assert [(one - NOON).seconds // 60 for one in frames.missing] == [15], "the gap is booked"
    assert frames.every_s == 300
    assert frames.rate_mm_h[0, 0, 0] == 0 and np.isnan(frames.rate_mm_h[0, 2, 3])
    assert frames.rate_mm_h[0, 2, 2] == pytest.approx((10**1.8 / 223) ** (1 / 1.53), rel=1e-5)
    assert "Leinonen" in frames.source
    assert len(frames.steady(3).times) == 2, "no motion over a gap"
    with pytest.raises(BadInput, match="a frame is missing between 2026-07-17 12:10 UTC and 12:20 UTC"):
        frames.until(frames.times[3]).steady(3)


def damaged(tmp_path: Path) -> None:
    file = folder_of(tmp_path, 0, 5) / "202607171205_x.pgm"
    file.write_bytes(file.read_bytes()[:-2])


def torn(tmp_path: Path) -> None:
    (folder_of(tmp_path, 0, 5) / "202607171210_x.pgm.gz").write_bytes(gzip.compress(b"P5 and more of it")[:-9])


def another(**changes: str) -> Callable[[Path], None]:
    def made(tmp_path: Path) -> None:
        composite(folder_of(tmp_path, 0, 5) / "202607171210_x.pgm", CODES, **({"obstime": "202607171210"} | changes))

    return made


def named(name: str, time: str, codes: np.ndarray = CODES) -> Callable[[Path], None]:
    def made(tmp_path: Path) -> None:
        composite(folder_of(tmp_path, 0, 5) / name, codes, obstime=time)

    return made


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda path: folder_of(path, 0), "1 radar frames"),
        (damaged, "10 pixels instead of 3 x 4"),
        (torn, "compression is damaged"),
        (named("202607171210_x.pgm", "202607171215"), "its name says 202607171210, the file itself 202607171215"),
        (named("again.pgm", "202607171205"), r"12:05 UTC, is that of 202607171205_x\.pgm"),
        (named("wide.pgm", "202607171210", np.zeros((3, 5))), "its grid is another one"),
        (named("odd.pgm", "202607171207"), "300 s apart|180 s apart"),
        (another(obstime="17 July"), "its time is 17 July"),
        (another(param="RainAmount"), "its quantity is RainAmount"),
        (another(type="mercator"), "its projection is mercator"),
        (another(bottomleft=""), "lacks 'bottomleft'"),
        (another(metersperpixel_x="500"), "do not fit its metres per pixel"),
        (lambda path: (folder_of(path, 0, 5) / "x.pgm").write_text("P6\n1 1\n255\nabc"), "no PGM composite"),
        (lambda path: (folder_of(path, 0, 5) / "x.pgm").write_text("P5\nfour 1\n255\nabc"), "its header says 'four 1'"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, made: Callable[[Path], object], says: str) -> None:
    made(tmp_path)
    with pytest.raises(BadInput, match=says):
        read_radar(tmp_path, LAWS["finland"])


@pytest.mark.parametrize(
    ("rates", "minutes", "says"),
    [
        (np.full((2, 3, 3), -0.1), (0, 5), "rain of -0.1 mm/h in the frame of 2026-07-17 12:00 UTC"),
        (np.full((2, 3, 3), np.inf), (0, 5), "rain of inf"),
        (np.zeros((2, 3, 3)), (5, 0), "comes after"),
        (np.zeros((2, 3, 3)), (5, 5), "comes after"),
        (np.zeros((1, 3, 3)), (0,), "two frames or more"),
    ],
)
def test_bad_frames_are_refused(rates: np.ndarray, minutes: tuple[float, ...], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        frames_of(rates, minutes=minutes)


def test_times_without_a_zone_are_refused() -> None:
    good = frames_of(np.zeros((2, 3, 3)))
    bare = tuple(time.replace(tzinfo=None) for time in good.times)
    with pytest.raises(BadInput, match="no zone"):
        RadarFrames(bare, good.rate_mm_h, good.grid, "radar")


def test_reflectivity_and_back() -> None:
    law = PowerLaw(200.0, 1.6, "a book")
    assert law.rain_mm_h(np.array([23.0103])) == pytest.approx(1.0, rel=1e-5), "200 mm6/m3"
    np.testing.assert_allclose(law.rain_mm_h(law.dbz(np.array([0.0, 0.2, 50]))), [0, 0.2, 50])
    assert law_named("250,1.2").a == 250
    for text in ("guess", "1,2,3", "-1,1.5"):
        with pytest.raises(BadInput, match="Z-R law"):
            law_named(text)


def test_the_frames_over_helsinki() -> None:
    frames = read_radar(radar_folder(), LAWS["finland"], around=(24.94, 60.17), reach_m=20_000)
    assert len(frames.times) == 12 and frames.every_s == 300 and not frames.missing
    assert f"{frames.times[0]:%Y-%m-%dT%H:%M%z}" == "2016-09-28T16:10+0000"
    assert frames.grid.pixel_m == pytest.approx((999.674053, 999.628589), abs=1e-5), "as the header says"
    assert np.isfinite(frames.rate_mm_h).all() and 0.1 < frames.rate_mm_h.mean() < 5
