"""Water that others step into: what they add and take is booked by name, to the last litre, in every number type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flood import FloodResult, Inflow, Water, simulate_flood, uniform_rain
from models.flood.constants import BUILDING
from models.flood.inflow import InflowCells
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics
from networks.errors import BadInput


def _water(bed: np.ndarray, dtype: Any = np.float64, depth: float = 0.0, **given: Any) -> Water:
    ground = prepare_ground(bed, 5.0, border="closed", dtype=dtype, **given)
    return Water(ground, 5.0, Numerics(dtype=dtype), depth)


@dataclass
class Pump:
    """Takes a constant flow out of one cell and puts it into another."""

    name: str
    every_s: float
    flow_m3s: float
    source: int
    sink: int
    pieces: list[tuple[float, float]] = field(default_factory=list)

    def act(self, water: Water, begin_s: float, end_s: float) -> None:
        self.pieces.append((begin_s, end_s))
        taken = water.take(self.name, [self.source], self.flow_m3s * (end_s - begin_s))
        water.add("outlet", [self.sink], taken)


def _pumped(pump: Pump, dtype: Any) -> FloodResult:
    rain = uniform_rain(depth_mm=20, duration_s=300, source="test")
    settings: dict[str, Any] = {"border": "closed", "duration_s": 600, "output_every_s": 100, "dtype": dtype}
    return simulate_flood(np.zeros((4, 9)), 5.0, rain, forcings=[pump], **settings)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-12), (np.float32, 1e-6)])
def test_a_pump_is_booked_by_name_and_the_ledger_closes(dtype: type, tolerance: float) -> None:
    pump = Pump("pump", 30.0, 0.01, 18, 26)
    ledger = _pumped(pump, dtype).ledger
    assert ledger.booked_m3["pump"] < -1
    assert ledger.booked_m3["outlet"] == pytest.approx(-ledger.booked_m3["pump"], rel=1e-12)
    assert ledger.amounts()["pump"] == ledger.booked_m3["pump"]
    assert ledger.error <= tolerance


def test_a_forcing_sees_all_of_the_time_in_pieces_that_are_not_too_long() -> None:
    pump = Pump("pump", 30.0, 0.0, 0, 1)
    _pumped(pump, np.float64)
    assert pump.pieces[0][0] == 0
    assert pump.pieces[-1][1] == 600
    assert all(one[1] == two[0] for one, two in zip(pump.pieces[:-1], pump.pieces[1:], strict=True))
    assert max(end - begin for begin, end in pump.pieces) == 30


def test_no_more_is_taken_than_there_is() -> None:
    water = _water(np.zeros((3, 3)), depth=0.1)
    assert water.take("thirst", [4, 4], [100.0, 100.0]) == pytest.approx(0.1 * 25)
    assert water.depth_m[1, 1] == 0
    assert water.ledger().booked_m3 == {"thirst": pytest.approx(-2.5)}
    assert water.ledger().error <= 1e-15


def test_pieces_of_time_and_the_whole_give_the_same_water() -> None:
    bed = np.random.default_rng(1).random((8, 9))
    coming = InflowCells([Inflow([2], [2], [0, 60, 90], [0, 1, 0])], (8, 9), 5.0, None)
    rain = uniform_rain(depth_mm=10, duration_s=100, source="test")
    whole, pieces = _water(bed), _water(bed)
    whole.advance(120, rain, coming)
    for until in (60.0, 90.0, 100.0, 120.0):
        pieces.advance(until, rain, coming)
    np.testing.assert_array_equal(whole.depth_m, pieces.depth_m)
    assert whole.steps == pieces.steps
    assert whole.ledger() == pieces.ledger()


@pytest.mark.parametrize(
    ("cells", "volume", "says"),
    [([0], 1.0, "no land"), ([99], 1.0, "no land"), ([-1], 1.0, "no land"), ([4], -1.0, "negative")],
)
def test_water_for_nowhere_is_refused(cells: list[int], volume: float, says: str) -> None:
    surface = np.zeros((3, 3), int)
    surface[0, 0] = BUILDING
    water = _water(np.zeros((3, 3)), surface=surface)
    with pytest.raises(BadInput, match=says):
        water.add("hose", cells, volume)
    with pytest.raises(BadInput, match=says):
        water.take("hose", cells, volume)


def test_depths_are_not_written_past_the_ledger_and_time_does_not_run_back() -> None:
    water = _water(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="read-only"):
        water.depth_m[0, 0] = 1
    water.advance(10)
    with pytest.raises(BadInput, match="cannot advance"):
        water.advance(9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([np.float32, np.float64]))
def test_whatever_is_added_and_taken_is_booked(seed: int, dtype: type) -> None:
    rng = np.random.default_rng(seed)
    water = _water(rng.normal(0, rng.choice([0.01, 1, 10]), (6, 7)), dtype, depth=rng.choice([0.0, 0.5]))
    for moment in range(1, 8):
        cells = rng.integers(0, 42, 5)
        volumes = rng.random(5) * 10.0 ** rng.integers(-6, 2)
        if rng.random() < 0.5:
            water.add("add", cells, volumes)
        else:
            assert water.take("take", cells, volumes) <= volumes.sum() * (1 + 1e-9)
        water.advance(moment * 7.0)
        assert water.depth_m.min() >= 0
    assert water.ledger().error <= (1e-6 if dtype is np.float32 else 1e-12)


@settings(max_examples=16, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([np.float32, np.float64]), st.sampled_from(["inertia", "shallow"]))
def test_the_order_of_the_cells_and_their_repetition_change_nothing(seed: int, dtype: type, scheme: Any) -> None:
    """Increasing cells are not sorted; the same cells shuffled, each in two parts, are, and give the same water."""
    rng = np.random.default_rng(seed)
    ground = prepare_ground(rng.random((5, 7)), 5.0, border="closed", dtype=dtype)
    one, other = (Water(ground, 5.0, Numerics(scheme=scheme, dtype=dtype), 0.02) for _ in range(2))
    for water in (one, other):
        water.advance(20.0)
    cells = np.sort(rng.choice(35, 12, replace=False))
    volume = rng.random(12) * 0.8
    mixed = rng.permutation(24)
    moved = one.speed_mps()
    assert one.take("pump", cells, volume) == pytest.approx(
        other.take("pump", np.tile(cells, 2)[mixed], np.tile(volume / 2, 2)[mixed]), rel=1e-12
    )
    np.testing.assert_allclose(one.depth_m, other.depth_m, rtol=1e-6)
    np.testing.assert_allclose(one.speed_mps(), other.speed_mps(), rtol=1e-5, atol=1e-9)
    if scheme == "shallow":
        stays = one.depth_m > 0.005
        np.testing.assert_allclose(one.speed_mps()[stays], moved[stays], rtol=1e-4, atol=1e-7)
    assert one.ledger().error <= (1e-12 if dtype is np.float64 else 1e-6)


def test_additions_smaller_than_a_rounding_step_add_up() -> None:
    """2000 times 10 nm on 1 m of water in float32, whose steps are 119 nm."""
    water = _water(np.zeros((1, 2)), np.float32, 1.0)
    for _ in range(2000):
        water.add("rain gauge", [0], 1e-8 * 25)
    assert water.depth_m[0, 0] - 1.0 == pytest.approx(2e-5, abs=1.2e-7)
    assert water.ledger().error <= 1e-12
