"""Radar rain on a terrain's cells: each cell its pixel's rain, and the solver drinks it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from affine import Affine
from small_radar import GRID, NOON, STEREO, cells, frames_of

from models.flood import simulate_flood
from models.flood.rain import forecast_rain, nowcast_rain, observed_rain
from networks.errors import BadInput

HERE: dict[str, Any] = {
    "begin": NOON,
    "crs": STEREO,
    "transform": Affine(500, 0, GRID.left_m + 20_000, 0, -500, GRID.top_m - 30_000),
    "shape": (8, 6),
}
"""A terrain of 500 m cells whose corner is that of pixel (30, 20): two cells to a pixel each way."""


def test_each_cell_gets_its_pixel() -> None:
    rates = np.arange(3 * 64 * 64, dtype=float).reshape(3, 64, 64) / 100
    rain = observed_rain(frames_of(rates), **HERE)
    mean = (rates[0] + rates[1]) / 2
    np.testing.assert_allclose(
        rain.rate_mm_h(0, 300), mean[30:34, 20:23].repeat(2, axis=0).repeat(2, axis=1), rtol=1e-6
    )
    assert rain.times_s.tolist() == [0, 300, 600]
    later = observed_rain(frames_of(rates), **(HERE | {"begin": NOON - timedelta(minutes=10)}))
    assert later.times_s.tolist() == [600, 900, 1200]


def test_a_member_floods_the_terrain() -> None:
    rates = np.stack([cells(32, 21 + at) for at in range(3)])
    cast = nowcast_rain(frames_of(rates), members=2, leads=2)
    rain = forecast_rain(cast, 1, rates[2], **HERE)
    assert rain.times_s.tolist() == [600, 900, 1200]
    flood = simulate_flood(np.zeros((8, 6)), 500.0, rain, duration_s=1800, border="closed", output_every_s=1800)
    assert flood.ledger.rain_m3 == pytest.approx(float(rain.depth_mm.sum()) / 1000 * 500**2, rel=1e-9)
    assert flood.ledger.rain_m3 > 0 and flood.ledger.error < 1e-12


def test_a_terrain_beyond_the_radar_is_refused() -> None:
    with pytest.raises(BadInput, match="100% of the terrain lies outside"):
        observed_rain(frames_of(np.zeros((2, 10, 10))), **HERE)


def test_rain_that_is_not_known_is_refused() -> None:
    rates = np.ones((3, 64, 64))
    rates[2, 31, 21] = np.nan
    with pytest.raises(BadInput, match="does not know the rain on the terrain from 300 s on"):
        observed_rain(frames_of(rates), **HERE)
