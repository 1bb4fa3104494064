"""What must hold of any flood: a closed ledger, no negative depth, no water from nowhere, two kernels that agree."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import FloodResult, Hyetograph, Inflow, simulate_flood
from models.flood.constants import BUILDING, LAND, WATER


@st.composite
def floods(draw: st.DrawFn) -> tuple[np.ndarray, float, Hyetograph | None, dict[str, Any]]:
    """Terrain, cell size, rain and settings: rough, steep or flat, with walls, sea, soil, drains and inflows."""
    rows, cols = draw(st.integers(1, 9)), draw(st.integers(2, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    height = draw(st.sampled_from([0.0, 0.05, 1.0, 20.0]))
    elevation = draw(st.sampled_from([-3.0, 0.0, 1500.0])) + rng.normal(0, 1, (rows, cols)) * height
    surface = rng.choice([LAND, WATER, BUILDING], (rows, cols), p=[0.7, 0.15, 0.15])
    surface[0, 0] = LAND
    steps = draw(st.lists(st.floats(0, 300), min_size=0, max_size=3))
    rain = Hyetograph(np.arange(len(steps) + 1) * 97.0, np.array(steps), "property") if steps else None
    chosen: dict[str, Any] = {
        "duration_s": draw(st.floats(1, 400)),
        "output_every_s": draw(st.floats(20, 400)),
        "surface": surface,
        "initial_depth_m": rng.random((rows, cols)) * draw(st.sampled_from([0.0, 1e-4, 0.5, 6.0])),
        "infiltration_mm_h": draw(st.sampled_from([0.0, 5.0, 500.0])),
        "drain_capacity_mm_h": rng.random((rows, cols)) * draw(st.sampled_from([0.0, 20.0])),
        "border": draw(st.sampled_from(["open", "closed"])),
        "manning": draw(st.sampled_from([0.01, 0.03, 0.3])),
        "theta": draw(st.sampled_from([0.7, 0.8, 1.0])),
        "alpha": draw(st.sampled_from([0.2, 0.58])),
    }
    if draw(st.booleans()):
        chosen |= {"scheme": "shallow", "alpha": draw(st.sampled_from([0.2, 0.45]))}
        chosen["duration_s"] = min(chosen["duration_s"], 30.0)
    if draw(st.booleans()):
        chosen["inflows"] = [Inflow([0], [0], [10.0, 50.0, 200.0], [0.0, draw(st.floats(0, 5)), 1.0])]
    return elevation, draw(st.sampled_from([0.5, 5.0, 30.0])), rain, chosen


def _sane(result: FloodResult, surface: np.ndarray) -> None:
    assert np.all(np.isfinite(result.depth_m))
    assert np.all(np.isfinite(result.speed_mps))
    assert result.depth_m.min() >= 0
    assert np.all(result.depth_m[:, surface != LAND] == 0)
    ledger = result.ledger
    came = ledger.initial_m3 + ledger.rain_m3 + ledger.inflow_m3
    assert all(amount >= -1e-7 * came for amount in ledger.amounts().values()), ledger
    assert ledger.storage_m3 <= came * (1 + 1e-5) + 1e-12


def test_taking_nearly_everything_leaves_no_negative_depth() -> None:
    """Found by hypothesis: the soil took all but a rounding error, and the compensation overdrew the rest."""
    depth = np.array([[8.13270239e-05, 9.12755577e-05]])
    for kernel in ("numba", "numpy"):
        settings: dict[str, Any] = {"theta": 0.7, "alpha": 0.2, "manning": 0.01, "infiltration_mm_h": 500.0}
        result = simulate_flood(
            np.full((1, 2), -3.0), 30.0, None, duration_s=2.0, initial_depth_m=depth, kernel=kernel, **settings
        )
        assert result.depth_m.min() >= 0
        assert result.ledger.error <= 1e-12


@settings(max_examples=150, deadline=None)
@given(floods())
def test_double_precision_closes_to_the_last_digits(
    case: tuple[np.ndarray, float, Hyetograph | None, dict[str, Any]],
) -> None:
    elevation, cell, rain, chosen = case
    result = simulate_flood(elevation, cell, rain, **chosen)
    _sane(result, chosen["surface"])
    assert result.ledger.error <= 1e-12


@settings(max_examples=100, deadline=None)
@given(floods())
def test_single_precision_closes_to_a_millionth(
    case: tuple[np.ndarray, float, Hyetograph | None, dict[str, Any]],
) -> None:
    elevation, cell, rain, chosen = case
    result = simulate_flood(elevation, cell, rain, dtype=np.float32, **chosen)
    _sane(result, chosen["surface"])
    assert result.ledger.error <= 1e-6


@settings(max_examples=40, deadline=None)
@given(floods())
def test_the_kernels_agree_on_anything(case: tuple[np.ndarray, float, Hyetograph | None, dict[str, Any]]) -> None:
    """To 1e-5 m, although both are float64: the kernels take friction in single precision, the reference in double."""
    elevation, cell, rain, chosen = case
    chosen = chosen | {"duration_s": min(chosen["duration_s"], 5.0 if "scheme" in chosen else 60.0)}
    fast = simulate_flood(elevation, cell, rain, **chosen)
    plain = simulate_flood(elevation, cell, rain, kernel="numpy", **chosen)
    assert abs(fast.steps - plain.steps) <= 1
    np.testing.assert_allclose(fast.depth_m, plain.depth_m, rtol=1e-6, atol=1e-5)
    _sane(plain, chosen["surface"])
    assert plain.ledger.error <= 1e-12
