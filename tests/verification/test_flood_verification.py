"""The flood solver against closed forms and a published benchmark."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from models.flood import Inflow, simulate_flood, uniform_rain
from models.flood.constants import BUILDING, WATER
from models.flood.validation import ea_test_4, failed, macdonald

DATA = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
def test_a_lake_at_rest_stays_at_rest(kernel: str) -> None:
    rng = np.random.default_rng(3)
    bed = rng.uniform(40, 43, (30, 40))
    surface = np.where(rng.random(bed.shape) < 0.1, BUILDING, 0)
    depth = np.maximum(42.0 - bed, 0)
    lake = simulate_flood(
        bed,
        5.0,
        None,
        duration_s=1800,
        surface=surface,
        initial_depth_m=depth,
        border="closed",
        kernel=kernel,  # type: ignore[arg-type]
    )
    assert np.max(lake.speed_mps) < 1e-11
    np.testing.assert_allclose(lake.depth_m[-1], np.where(surface == BUILDING, 0, depth), atol=2e-7)
    assert lake.ledger.error <= 1e-12


def test_a_disturbed_lake_comes_to_rest_below_the_stability_limit() -> None:
    """A pool of 1.5 m with waves, at 98 % of the limit sqrt(theta / 2): it must calm down, not grow."""
    waves = 1.5 + 0.05 * np.random.default_rng(4).standard_normal((40, 40))
    pool = simulate_flood(
        np.zeros((40, 40)), 5.0, None, duration_s=7200, initial_depth_m=waves, border="closed", alpha=0.62, manning=0.02
    )
    assert np.ptp(pool.depth_m[-1]) < 0.01 * np.ptp(waves)


@pytest.mark.parametrize(("slope", "within"), [(0.002, 0.035), (0.01, 0.01), (0.05, 0.003), (0.2, 0.003)])
def test_rain_on_a_plane_reaches_the_kinematic_steady_state(slope: float, within: float) -> None:
    """Steady rain i on a plane of slope S: q = i x and h = (q n / sqrt(S)) ** 0.6, also where films are thin and fast.

    On the mildest slope the water's own slope counts, so that the kinematic wave is itself a few per cent off.
    """
    cells, cell, rain_mm_h, n = 80, 5.0, 90.0, 0.03
    bed = (np.arange(cells)[::-1] * cell * slope)[None, :] + 1.0
    surface = np.zeros(bed.shape, int)
    surface[0, -1] = WATER
    rain = uniform_rain(depth_mm=rain_mm_h * 2, duration_s=7200, source="verification")
    run = simulate_flood(bed, cell, rain, duration_s=7200, surface=surface, manning=n, border="closed")
    flow = rain_mm_h / 3.6e6 * (np.arange(cells - 1) + 1) * cell
    exact = (flow * n / np.sqrt(slope)) ** 0.6
    inner = slice(5, -10)
    np.testing.assert_allclose(run.depth_m[-1, 0, :-1][inner], exact[inner], rtol=within)
    assert run.ledger.boundary_m3 > 0.8 * run.ledger.rain_m3


def test_a_uniform_flow_down_a_channel_has_manning_s_depth() -> None:
    slope, n, cell, length, flow = 0.002, 0.03, 5.0, 200, 0.5
    bed = 1.0 + (np.arange(length)[::-1] * cell * slope)[None, :]
    inflow = Inflow([0], [0], [0, 1, 20000], [flow * cell] * 3)
    surface = np.zeros(bed.shape, int)
    surface[0, -1] = WATER
    run = simulate_flood(
        bed,
        cell,
        None,
        duration_s=14400,
        surface=surface,
        inflows=[inflow],
        manning=n,
        output_every_s=3600,
        border="closed",
    )
    normal = (flow * n / np.sqrt(slope)) ** 0.6
    np.testing.assert_allclose(run.depth_m[-1, 0, 5:-60], normal, rtol=0.01)
    np.testing.assert_allclose(run.speed_mps[-1, 0, 5:-60], flow / normal, rtol=0.01)


def test_a_basin_fills_to_a_level_pool() -> None:
    x, y = np.meshgrid(np.arange(25) - 12, np.arange(25) - 12)
    bed = 10 + 0.05 * np.maximum(abs(x), abs(y)).astype(float)
    rain = uniform_rain(depth_mm=100, duration_s=3600, source="verification")
    run = simulate_flood(bed, 5.0, rain, duration_s=5 * 3600, border="closed", output_every_s=3600)
    levels = np.sort(np.unique(bed))
    area = np.array([np.count_nonzero(bed <= level) for level in levels])
    rest, level = 0.1 * bed.size, levels[0]
    for i, count in enumerate(area):
        top = levels[i + 1] if i + 1 < len(levels) else np.inf
        rise = min(rest / count, top - levels[i])
        level, rest = levels[i] + rise, rest - rise * count
        if rest <= 1e-12:
            break
    deep = bed < level - 0.01
    np.testing.assert_allclose((run.depth_m[-1] + bed)[deep], level, atol=3e-3)
    assert run.ledger.storage_m3 == pytest.approx(0.1 * bed.size * 25, rel=1e-12)


def test_water_spreads_alike_in_every_direction() -> None:
    hill = np.zeros((41, 41))
    hill[18:23, 18:23] = 1.0
    run = simulate_flood(
        np.zeros((41, 41)), 2.0, None, duration_s=60, initial_depth_m=hill, border="closed", manning=0.05
    )
    last = run.depth_m[-1].astype(float)
    for turned in (last.T, last[::-1], last[:, ::-1]):
        np.testing.assert_allclose(turned, last, atol=1e-6)
    row, col = np.indices(last.shape) - 20
    radius = np.hypot(row, col)
    axis = max(radius[(last > 0.01) & (row == 0)])
    diagonal = max(radius[(last > 0.01) & (row == col)])
    assert diagonal == pytest.approx(axis, rel=0.15)


@pytest.mark.skipif(not (DATA / ea_test_4.FILE).exists(), reason=f"needs {ea_test_4.FILE} in CITYTWIN_DATA")
def test_ea_test_4_against_a_second_order_solver() -> None:
    """Flood wave over a flat plain (EA SC120002, test 4), by the gates of `twin flood validate`: 3.5 mm, six points."""
    checks = list(ea_test_4.ea_test_4(DATA))
    assert len(checks) == 14
    assert not failed(checks)


@pytest.mark.skipif(not (DATA / "flood/swashes").exists(), reason="needs flood/swashes in CITYTWIN_DATA")
def test_macdonald_s_channels_as_tabled() -> None:
    checks = list(macdonald.tabled(DATA))
    assert len(checks) == 8
    assert not failed(checks)
