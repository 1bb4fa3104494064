"""Radar rain on a terrain's cells: each cell its pixel's rain, and the solver drinks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from small_radar import GRID, NOON, STEREO, cells, frames_of, radar_files

from models.flood import Hyetograph, simulate_flood
from models.flood.rain import (
    LAWS,
    Cells,
    RainField,
    forecast_rain,
    nowcast_rain,
    observed_rain,
    rain_from,
    rains_from,
    rates_between,
    save_nowcast,
)
from networks.errors import BadInput

HERE = Cells(STEREO, Affine(500, 0, GRID.left_m + 20_000, 0, -500, GRID.top_m - 30_000), (8, 6))
"""A terrain of 500 m cells whose corner is that of pixel (30, 20): two cells to a pixel each way."""


def test_each_cell_gets_its_pixel() -> None:
    still = np.arange(64 * 64, dtype=float).reshape(64, 64) / 100
    rain = observed_rain(frames_of(np.stack([still] * 3)), HERE, begin=NOON)
    expected = still[30:34, 20:23].repeat(2, axis=0).repeat(2, axis=1)
    np.testing.assert_allclose(rain.rate_mm_h(0, 300), expected, rtol=1e-6)
    assert rain.times_s.tolist() == list(range(0, 601, 60))
    later = observed_rain(frames_of(np.stack([still] * 3)), HERE, begin=NOON - timedelta(minutes=10))
    assert later.times_s[0] == 600


def test_a_fast_shower_leaves_no_gaps_on_the_ground() -> None:
    """Five pixels wide and ten pixels a step: straight lines between frames would leave stripes along its track."""
    narrow = [np.where(np.abs(cells(32, 10 + 10 * at)) > 3, 30.0, 0.0) for at in range(3)]
    motion = np.broadcast_to(np.array([0.0, 10.0])[:, None, None], (2, 64, 64))
    made = np.concatenate([rates_between(one, two, motion, 10) for one, two in pairwise(narrow)])
    track = made.mean(axis=0)[32, 16:25]
    assert track.std() < 0.1 * track.mean()
    striped = np.mean([(one + two) / 2 for one, two in pairwise(narrow)], axis=0)[32, 16:25]
    assert striped.std() > 0.1 * striped.mean(), "what it is better than"
    np.testing.assert_allclose(made.sum(axis=(1, 2)), narrow[0].sum(), rtol=1e-6)


def test_what_one_moment_does_not_know_the_other_tells() -> None:
    rates = np.full((64, 64), 6.0)
    part = rates.copy()
    part[:, :32] = np.nan
    made = rates_between(rates, part, np.zeros((2, 64, 64)), 3)
    np.testing.assert_allclose(made, 6.0)
    assert np.isnan(rates_between(part, part, np.zeros((2, 64, 64)), 3)[:, 10, 10]).all()


def test_a_member_floods_the_terrain() -> None:
    rates = np.stack([cells(32, 21 + at) for at in range(3)])
    cast = nowcast_rain(frames_of(rates), members=2, leads=2)
    seen = frames_of(rates)
    rain = forecast_rain(cast, [1], seen, HERE, begin=NOON)[0]
    assert (rain.times_s[0], rain.times_s[-1]) == (0, 1200)
    past = observed_rain(seen, HERE, begin=NOON)
    np.testing.assert_allclose(rain.rate_mm_h(0, 600), past.rate_mm_h(0, 600)), "what was seen, then what may come"
    flood = simulate_flood(np.zeros((8, 6)), 500.0, rain, duration_s=1800, border="closed", kernel="numpy")
    assert flood.ledger.rain_m3 == pytest.approx(float(rain.depth_mm.sum()) / 1000 * 500**2, rel=1e-9)
    assert flood.ledger.rain_m3 > 0 and flood.ledger.error < 1e-12
    with pytest.raises(BadInput, match="there is no member 2"):
        forecast_rain(cast, [0, 2], seen, HERE, begin=NOON)


def test_a_terrain_beyond_the_radar_is_refused() -> None:
    with pytest.raises(BadInput, match="100% of the terrain lies outside"):
        observed_rain(frames_of(np.zeros((2, 10, 10))), HERE, begin=NOON)


def test_rain_that_is_not_known_is_refused() -> None:
    rates = np.ones((3, 64, 64))
    rates[1:, 31, 21] = np.nan
    with pytest.raises(BadInput, match="does not know the rain on the terrain from 300 s on"):
        observed_rain(frames_of(rates), HERE, begin=NOON)


def test_rain_from_a_folder_of_frames_and_from_a_nowcast(tmp_path: Path) -> None:
    radar = radar_files(tmp_path / "radar", 4)
    seen, begin = rain_from(radar, HERE, LAWS["finland"])
    assert begin == NOON and isinstance(seen, RainField) and seen.times_s[-1] == 900
    rates = np.stack([cells(32, 21 + at) for at in range(3)])
    cast = nowcast_rain(frames_of(rates), members=2, leads=2)
    (tmp_path / "out").mkdir()
    save_nowcast(cast, frames_of(rates), tmp_path / "out", (1.0,), {})
    comes, start = rain_from(tmp_path / "out", HERE, LAWS["finland"], member=1)
    assert start == NOON and comes.times_s[-1] == 1200 and "member 1" in comes.source
    both, _ = rains_from(tmp_path / "out", HERE, LAWS["finland"])
    assert len(both) == 2
    np.testing.assert_array_equal(both[1].rate_mm_h(0, 1200), comes.rate_mm_h(0, 1200))
    assert np.abs(both[0].rate_mm_h(600, 1200) - both[1].rate_mm_h(600, 1200)).max() > 0
    with pytest.raises(BadInput, match="holds no rain"):
        rain_from(tmp_path / "storm.txt", HERE, LAWS["finland"])


def test_rain_from_gauges(tmp_path: Path) -> None:
    file = tmp_path / "gauges.csv"
    rows = [("a", 5, 1.0), ("a", 10, 3.0), ("b", 10, 1.0), ("b", 20, 2.0)]
    text = "\n".join(f"{name},25,60,2026-07-17T12:{minute:02d}:00Z,{rain}" for name, minute, rain in rows)
    file.write_text(f"# source: the town\ngauge,lon,lat,time,rain_mm\n{text}\n")
    with pytest.raises(BadInput, match="intervals differ"):
        rain_from(file, HERE, LAWS["finland"])
    file.write_text(file.read_text() + "b,25,60,2026-07-17T12:15:00Z,\n")
    rain, begin = rain_from(file, HERE, LAWS["finland"])
    assert isinstance(rain, Hyetograph) and begin == NOON
    np.testing.assert_allclose(rain.intensity_mm_h, [12, 24, 0, 24])
    assert "1 intervals unknown" in rain.source
    later, _ = rain_from(file, HERE, LAWS["finland"], begin=NOON - timedelta(hours=1))
    assert later.times_s[0] == 3600
    assert replace(rain).depth_mm == pytest.approx(5)
