"""Pumps, gates, barriers and inlets against closed forms, and what they may never do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_basins import AREA_M2, run, still, two_basins

from models.flood import Forcing
from models.flood.constants import GRAVITY
from models.flood.forcing import (
    Barrier,
    Gate,
    GreenAmpt,
    Inlet,
    Inlets,
    LevelBoundary,
    Opening,
    Pump,
    Series,
    block_some,
    blocked_capacity,
    constant,
    soil_named,
)
from networks.errors import BadInput

CURVE = [[0.0, 0.02], [10.0, 0.0]]


def _pump(**given: Any) -> Pump:
    return Pump("pump A", [0], CURVE, **{"start_depth_m": 0.5, "stop_depth_m": 0.1, **given})


def test_a_pump_follows_its_curve_and_stops_at_its_level() -> None:
    water, pump = two_basins(1.0, 0.0), _pump(every_s=5.0)
    run(water, pump, 600)
    assert -water.ledger().booked_m3["pump A takes"] == pytest.approx(0.02 * 600)
    run(water, pump, 3600)
    assert water.depth_m[0, 0] == pytest.approx(0.1)
    assert not pump.running or water.depth_m[0, 0] <= 0.1
    assert water.ledger().error <= 1e-12


def test_a_pump_waits_for_its_starting_level() -> None:
    water = two_basins(0.4, 0.0)
    run(water, _pump(), 300)
    assert water.ledger().booked_m3 == {}
    water.add("hose", [0], 0.2 * AREA_M2)
    run(water, _pump(), 400)
    assert water.ledger().booked_m3["pump A takes"] == pytest.approx(-2.0)


def test_power_failure_counts_by_the_second() -> None:
    water = two_basins(3.0, 0.0)
    run(water, _pump(fails_s=[[33.0, 81.0]], every_s=10.0), 200)
    assert -water.ledger().booked_m3["pump A takes"] == pytest.approx(0.02 * (200 - 48))


def test_head_is_taken_from_both_levels() -> None:
    water = two_basins(2.0, 1.0)
    run(water, _pump(outlet=2), 10)
    booked = water.ledger().booked_m3
    assert booked["pump A takes"] == pytest.approx(-0.2)  # downhill: no head
    assert booked["pump A gives"] == pytest.approx(0.2)
    against = two_basins(2.0, 0.0)
    run(against, _pump(outlet_level_m=constant(17.0)), 10)
    assert against.ledger().booked_m3["pump A takes"] == pytest.approx(-0.02 * 0.5 * 10)  # 17 - 12 m of 10
    assert _pump().flow_m3s(10.1) == 0


def test_a_gate_evens_two_basins_by_the_orifice_law() -> None:
    """Under water the drop d obeys sqrt(d) = sqrt(d0) - C a sqrt(2 g) t / A, for two basins of area A each."""
    opening = Opening(width_m=0.5, height_m=0.2, sill_m=10.0)
    water = two_basins(3.0, 1.0)
    run(water, Gate("gate A", opening, 0, 2, every_s=0.1), 60.0)
    k = opening.coefficient * 0.1 * np.sqrt(2 * GRAVITY) / AREA_M2
    drop = (np.sqrt(2.0) - k * 60.0) ** 2
    assert water.depth_m[0, 0] - water.depth_m[0, 2] == pytest.approx(drop, rel=2e-3)
    run(water, Gate("gate A", opening, 0, 2, every_s=1.0), 600.0)
    assert water.depth_m[0, 0] == pytest.approx(2.0, abs=1e-6)
    assert water.ledger().error <= 1e-12


def test_at_low_water_the_opening_is_a_weir() -> None:
    flow = Opening(1.0, 5.0, 0.0).flow_m3s(0.3, 0.0)
    assert flow == pytest.approx(1.84 * 0.3**1.5, rel=0.03)
    assert Opening(1.0, 5.0, 0.0).flow_m3s(-0.1, -1.0) == 0
    assert Opening(1.0, 0.5, 0.0).flow_m3s(2.0, 2.0) == 0


def test_a_flap_keeps_the_tide_out_and_an_open_gate_lets_it_in() -> None:
    opening = Opening(1.0, 1.0, 10.0)
    tide = Series(np.array([0.0, 1800.0]), np.array([12.0, 10.2]))
    for flap in (True, False):
        water = two_basins(0.5, 0.0)
        gate = Gate("flap", opening, 0, tide, flap=flap)
        run(water, gate, 300)
        assert water.depth_m[0, 0] == pytest.approx(0.5) if flap else water.depth_m[0, 0] > 1
        run(water, gate, 2400)
        assert water.depth_m[0, 0] == pytest.approx(0.2, abs=1e-3)
        assert ("flap gives" in water.ledger().booked_m3) is not flap


def test_a_gate_heeds_levels_with_a_gap_between_and_the_clock() -> None:
    water = two_basins(1.0, 0.0)
    gate = Gate("gate", Opening(0.05, 0.05, 10.0), 0, constant(0.0), opens_above_m=11.5, closes_below_m=10.8)
    run(water, gate, 100)
    assert water.depth_m[0, 0] == pytest.approx(1.0)
    water.add("hose", [0], 0.6 * AREA_M2)
    run(water, gate, 9000)
    assert water.depth_m[0, 0] == pytest.approx(0.8, abs=2e-3)
    timed = two_basins(1.0, 0.0)
    shut = Series(np.array([50.0, 50.001]), np.array([0.0, 1.0]))
    run(timed, Gate("timed", Opening(0.5, 0.5, 10.0), 0, 2, open_share=shut), 50)
    assert timed.depth_m[0, 2] == 0
    run(timed, Gate("timed", Opening(0.5, 0.5, 10.0), 0, 2, open_share=shut), 60)
    assert timed.depth_m[0, 2] > 0


def test_a_barrier_holds_to_its_crest_and_leaves_again() -> None:
    """Ten cells in a row, .5 m of water left of cell 5; a wall of 1 m stands for ten minutes."""
    depth = np.zeros((1, 10))
    depth[0, :6] = 0.5
    water = still(np.full((1, 10), 3.0), depth)
    barrier = Barrier("wall", [5], 4.0, [[0.0, 600.0]])
    run(water, barrier, 590)
    assert barrier.stands
    assert water.depth_m[0, 6:].max() == 0
    assert water.depth_m[0, 5] == 0
    assert water.ledger().booked_m3["wall gives"] == pytest.approx(0.5 * AREA_M2)
    run(water, barrier, 1500)
    assert not barrier.stands
    assert water.depth_m[0, 9] > 0.1
    assert water.ledger().error <= 1e-12


def test_water_higher_than_the_crest_runs_over_and_other_water_keeps_its_ground() -> None:
    depth = np.zeros((1, 10))
    depth[0, :5] = 1.0
    water = still(np.full((1, 10), 3.0), depth)
    ground = water.ground
    run(water, Barrier("wall", [5], 3.4, [[0.0, 9e9]]), 900)
    assert water.depth_m[0, 6:].sum() > 0.5
    assert water.depth_m[0, 4] >= 0.39
    assert float(ground.bed_m.max()) == 0
    assert water.ledger().error <= 1e-12


def test_an_inlet_is_a_weir_then_an_orifice_then_as_much_as_its_pipe_takes() -> None:
    inlet = Inlet("i", 0, perimeter_m=2.0, area_m2=0.3)
    assert inlet.capture_m3s(0.05) == pytest.approx(1.66 * 2.0 * 0.05**1.5)
    assert inlet.capture_m3s(1.0) == pytest.approx(0.67 * 0.3 * np.sqrt(2 * GRAVITY))
    assert Inlet("i", 0, 2.0, 0.3, blocked=0.25).capture_m3s(0.05) == pytest.approx(0.75 * inlet.capture_m3s(0.05))
    assert Inlet("i", 0, 2.0, 0.3, most_m3s=0.01).capture_m3s(1.0) == 0.01
    water = two_basins(0.2, 0.2)
    run(water, Inlets([inlet, Inlet("j", 2, 2.0, 0.3, blocked=1.0)]), 5)
    assert water.ledger().booked_m3["inlets"] == pytest.approx(-5 * inlet.capture_m3s(0.2))
    assert water.depth_m[0, 2] == pytest.approx(0.2)


def test_blocked_inlets_are_drawn_by_name() -> None:
    inlets = [Inlet(str(i), 0, 1.0, 0.1) for i in range(1000)]
    drawn = block_some(inlets, 0.3, 7)
    assert drawn == block_some(inlets, 0.3, 7)
    assert sum(one.blocked for one in drawn) == pytest.approx(300, abs=45)
    assert block_some(inlets, 0.0, 7) == tuple(inlets)
    assert np.mean(blocked_capacity(np.full((40, 40), 20.0), 0.25, 3)) == pytest.approx(15, abs=1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: _pump(start_depth_m=0.1),
        lambda: Pump("p", [0], [[5.0, 0.1], [1.0, 0.0]], start_depth_m=1, stop_depth_m=0),
        lambda: Pump("p", [0], [[0.0, 0.1], [1.0, 0.2]], start_depth_m=1, stop_depth_m=0),
        lambda: _pump(fails_s=[[30.0, 10.0]]),
        lambda: Opening(0.0, 1.0, 0.0),
        lambda: Gate("g", Opening(1, 1, 0), 3, 3),
        lambda: Gate("g", Opening(1, 1, 0), 3, 4, open_share=constant(1.5)),
        lambda: Gate("g", Opening(1, 1, 0), 3, 4, opens_above_m=1.0, closes_below_m=2.0),
        lambda: Barrier("b", [], 1.0, [[0, 1]]),
        lambda: Barrier("b", [1], 1.0, [[0, 5], [4, 6]]),
        lambda: Inlet("i", 0, 1.0, 0.1, blocked=2.0),
        lambda: block_some([], 1.2, 0),
    ],
)
def test_structures_that_cannot_be_are_refused(wrong: Any) -> None:
    with pytest.raises(BadInput):
        wrong()


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([np.float32, np.float64]))
def test_any_mixture_leaves_no_negative_depth_and_a_closed_ledger(seed: int, dtype: type) -> None:
    rng = np.random.default_rng(seed)
    rows, cols = 6, 7
    bed = rng.normal(0, rng.choice([0.02, 0.5, 5.0]), (rows, cols))
    start = rng.random((rows, cols)) * rng.choice([0.0, 0.3, 3.0])
    water = still(bed, start, dtype, border="open")
    cells = rng.permutation(rows * cols)
    level = Series(np.array([0.0, 90.0, 200.0]), rng.normal(0, 2, 3))
    mixture: list[Forcing] = [
        GreenAmpt(soil_named("sand"), every_s=7.0),
        LevelBoundary("sea", cells[:4], level),
        Pump("pump", cells[4:6], [[0, 1], [3, 0]], start_depth_m=0.2, stop_depth_m=0.05, outlet=int(cells[6])),
        Gate("gate", Opening(2, 1, float(bed.min())), int(cells[7]), int(cells[8])),
        Gate("flap", Opening(1, 2, float(rng.normal())), int(cells[9]), level, flap=bool(rng.random() < 0.5)),
        Barrier("wall", cells[10:14], float(bed.max() + rng.normal()), [[20.0, 60.0], [90.0, 130.0]]),
        Inlets([Inlet("i", int(cells[14]), 3.0, 1.0), Inlet("j", int(cells[15]), 1.0, 0.1, blocked=0.5)]),
    ]
    for forcings in [mixture[i] for i in rng.permutation(7)], mixture:
        while water.time_s < (200 if forcings is mixture else 100):
            end = water.time_s + float(rng.choice([3.0, 5.0, 7.0]))
            for forcing in forcings:
                forcing.act(water, water.time_s, end)
                assert np.all(water.depth_m >= 0)
            water.advance(end)
            assert np.all(np.isfinite(water.depth_m)) and water.depth_m.min() >= 0
    assert water.ledger().error <= (1e-6 if dtype is np.float32 else 1e-12)
