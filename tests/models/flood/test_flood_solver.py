"""The solver's front: agreement of kernels, every entry of the ledger, and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.flood import FloodResult, Hyetograph, Inflow, chicago_storm, simulate_flood, uniform_rain
from models.flood.constants import BUILDING, LAND, WATER
from networks.errors import BadInput


def _town(rows: int = 24, cols: int = 31, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    elevation = 2 + np.linspace(0, 2, cols) + rng.normal(0, 0.25, (rows, cols))
    surface = np.zeros((rows, cols), np.uint8)
    surface[4:9, 6:12], surface[14:20, 15:24] = BUILDING, BUILDING
    surface[:, :2] = WATER
    return elevation, surface


def _storm(**change: Any) -> FloodResult:
    elevation, surface = _town()
    given: dict[str, Any] = {
        "duration_s": 1500.0,
        "surface": surface,
        "infiltration_mm_h": 3.0,
        "drain_capacity_mm_h": 12.0,
        "inflows": [Inflow([12], [28], [200.0, 500.0, 900.0], [0.0, 0.4, 0.1])],
    }
    rain = change.pop("rain", chicago_storm(depth_mm=30, duration_s=1200, step_s=120, source="test"))
    return simulate_flood(change.pop("elevation", elevation), 5.0, rain, **(given | change))


KINDS = [
    (np.float64, "inertia"),
    (np.float32, "inertia"),
    (np.float64, "shallow"),
    pytest.param(np.float32, "shallow", marks=pytest.mark.full),  # a minute of compiling
]


@pytest.mark.parametrize(("dtype", "scheme"), KINDS)
def test_numba_and_numpy_agree(dtype: type, scheme: str) -> None:
    """To 1e-5 m even in float64: the kernels take friction in single precision, the reference does not."""
    fast, plain = _storm(dtype=dtype, scheme=scheme), _storm(dtype=dtype, kernel="numpy", scheme=scheme)
    depth, speed, volume = (1e-5, 1e-3, 1e-6) if dtype is np.float64 else (2e-4, 2e-2, 1e-5)
    assert fast.steps == plain.steps
    assert np.max(fast.depth_m) > 0.1
    np.testing.assert_allclose(fast.depth_m, plain.depth_m, rtol=0, atol=depth)
    np.testing.assert_allclose(fast.speed_mps, plain.speed_mps, rtol=0, atol=speed)
    for name, amount in plain.ledger.amounts().items():
        assert fast.ledger.amounts()[name] == pytest.approx(amount, rel=volume, abs=1e-9)


@pytest.mark.parametrize(("dtype", "scheme"), KINDS)
def test_every_entry_of_the_ledger_is_used_and_it_closes(dtype: type, scheme: str) -> None:
    tolerance = 1e-12 if dtype is np.float64 else 1e-6
    result = _storm(dtype=dtype, initial_depth_m=0.02, scheme=scheme)
    assert all(amount > 1 for amount in result.ledger.amounts().values()), result.ledger
    assert result.ledger.error <= tolerance
    _, surface = _town()
    assert result.ledger.rain_m3 == pytest.approx(0.030 * 25 * np.count_nonzero(surface != WATER), rel=1e-6)
    assert result.ledger.inflow_m3 == pytest.approx(0.2 * 300 + 0.25 * 400, rel=1e-6)


def test_single_precision_does_not_lose_drizzle_in_deep_water() -> None:
    """Steps of 1e-7 m are lost on 6 m of water in float32 unless sums are compensated."""
    rain = uniform_rain(depth_mm=3, duration_s=3600, source="test")
    settings: dict[str, Any] = {"initial_depth_m": 6.0, "border": "closed", "dtype": np.float32}
    for kernel in ("numba", "numpy"):
        ledger = simulate_flood(np.zeros((4, 4)), 5.0, rain, duration_s=3600, kernel=kernel, **settings).ledger
        assert ledger.storage_m3 - ledger.initial_m3 == pytest.approx(0.003 * 400, rel=1e-5)


def test_rain_on_roofs_does_not_vanish() -> None:
    surface = np.zeros((12, 12), int)
    surface[3:9, 3:9] = BUILDING
    rain = uniform_rain(depth_mm=20, duration_s=600, source="test")
    result = simulate_flood(np.zeros((12, 12)), 2.0, rain, duration_s=3600, surface=surface, border="closed")
    assert result.ledger.storage_m3 == pytest.approx(0.020 * 144 * 4, rel=1e-12)
    assert np.all(result.depth_m[:, surface == BUILDING] == 0)
    np.testing.assert_allclose(result.depth_m[-1][surface == LAND], 0.020 * 144 / 108, atol=2e-4)


def test_the_sea_takes_water_and_gives_none() -> None:
    elevation, surface = np.full((5, 9), 0.5), np.zeros((5, 9), int)
    elevation[:, 5:] = -2.0
    surface[:, 0] = WATER
    dry = simulate_flood(elevation, 5.0, None, duration_s=600, surface=surface, border="closed")
    assert np.max(dry.depth_m) == 0
    rain = uniform_rain(depth_mm=30, duration_s=600, source="test")
    wet = simulate_flood(elevation, 5.0, rain, duration_s=7200, surface=surface, border="closed")
    assert wet.ledger.boundary_m3 > 1
    assert np.all(wet.depth_m[:, :, 0] == 0)


def test_drains_take_no_more_than_their_capacity_nor_than_there_is() -> None:
    flat = np.zeros((6, 6))
    heavy = uniform_rain(depth_mm=50, duration_s=3600, source="test")
    result = simulate_flood(flat, 5.0, heavy, duration_s=3600, drain_capacity_mm_h=20, border="closed")
    assert result.ledger.drains_m3 == pytest.approx(0.020 * 900, rel=1e-9)
    light = uniform_rain(depth_mm=10, duration_s=3600, source="test")
    result = simulate_flood(flat, 5.0, light, duration_s=3600, drain_capacity_mm_h=20, border="closed")
    assert result.ledger.drains_m3 == pytest.approx(0.010 * 900, rel=1e-9)
    assert np.max(result.depth_m) == 0


@pytest.mark.parametrize(("rain_mm", "soil_mm", "drained_mm"), [(20, 8, 5), (10, 8, 2), (6, 6, 0)])
def test_soil_comes_before_drains(rain_mm: float, soil_mm: float, drained_mm: float) -> None:
    rain = uniform_rain(depth_mm=rain_mm, duration_s=3600, source="test")
    losses: dict[str, Any] = {"infiltration_mm_h": np.full((6, 6), 8.0), "drain_capacity_mm_h": 5.0}
    ledger = simulate_flood(np.zeros((6, 6)), 5.0, rain, duration_s=3600, border="closed", **losses).ledger
    assert ledger.infiltration_m3 == pytest.approx(soil_mm * 0.9, rel=1e-9)
    assert ledger.drains_m3 == pytest.approx(drained_mm * 0.9, rel=1e-9, abs=1e-9)


def test_outputs_come_when_asked_and_end_at_the_end() -> None:
    seen: list[float] = []
    result = _storm(duration_s=250.0, output_every_s=60.0, progress=seen.append)
    assert result.times_s.tolist() == [0, 60, 120, 180, 240, 250]
    assert result.depth_m.shape == result.speed_mps.shape == (6, 24, 31)
    assert result.depth_m.dtype == np.float32
    assert seen == pytest.approx([60 / 250, 120 / 250, 180 / 250, 240 / 250, 1])
    denser = _storm(duration_s=240.0, output_every_s=20.0)
    np.testing.assert_allclose(denser.depth_m[-1], result.depth_m[4], atol=2e-3)


def test_the_same_inputs_give_the_same_bytes() -> None:
    first, second = _storm(dtype=np.float32), _storm(dtype=np.float32)
    assert first.depth_m.tobytes() == second.depth_m.tobytes()
    assert first.ledger == second.ledger


def test_rain_before_or_after_the_run_is_left_out() -> None:
    rain = Hyetograph(np.array([-600.0, 600.0, 1200.0]), np.array([30.0, 60.0]), "test")
    result = simulate_flood(np.zeros((3, 3)), 5.0, rain, duration_s=900, border="closed")
    assert result.ledger.rain_m3 == pytest.approx((0.005 + 0.005) * 225)


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
def test_a_forced_step_beyond_the_stability_law_is_refused(kernel: str) -> None:
    pool: dict[str, Any] = {"duration_s": 60.0, "initial_depth_m": 2.0, "border": "closed", "kernel": kernel}
    limit = np.sqrt(0.8 / 2) * 5 / np.sqrt(9.81 * 2)
    still = simulate_flood(np.zeros((4, 4)), 5.0, None, step_s=limit * 0.99, **pool)
    assert still.steps == int(np.ceil(60 / (limit * 0.99)))
    with pytest.raises(BadInput, match="unstable") as caught:
        simulate_flood(np.zeros((4, 4)), 5.0, None, step_s=limit * 1.01, **pool)
    assert "step_s" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"alpha": 0.7}, r"sqrt\(theta / 2\) = 0.632"),
        ({"theta": 0.0}, "theta"),
        ({"scheme": "magic"}, "scheme is 'magic'"),
        ({"scheme": "shallow", "alpha": 0.5}, "unstable"),
        ({"theta": 1.5}, "theta"),
        ({"duration_s": 0.0}, "duration_s"),
        ({"output_every_s": -60.0}, "output_every_s"),
        ({"step_s": np.nan}, "step_s"),
        ({"kernel": "fortran"}, "kernel"),
        ({"dtype": np.float16}, "dtype"),
        ({"initial_depth_m": -0.1}, "initial_depth_m"),
        ({"elevation": np.full((24, 31), np.inf)}, "elevation_m"),
        ({"inflows": [Inflow([99], [0], [0, 1], [1, 1])]}, r"inflows\[0\].*outside"),
        ({"inflows": [Inflow([5], [7], [0, 1], [1, 1])]}, "inside a building"),
        ({"inflows": [Inflow([1], [5], [0, 1], [1, -1])]}, "negative"),
        ({"inflows": [Inflow([1], [5], [1, 1], [1, 1])]}, "increasing"),
    ],
)
def test_bad_input_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        _storm(**change)
