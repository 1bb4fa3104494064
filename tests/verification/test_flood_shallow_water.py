"""The shallow-water kernel against closed forms that are quick to run: each term of the equations has one of its own.

Every break of the kernel that was tried fails here without help from the NumPy reference: slopes, bed, friction, speeds
of waves, dry fronts, walls, what is carried along, positivity, the second stage and the time step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from models.flood import Inflow, Water, simulate_flood
from models.flood.constants import BUILDING, GRAVITY, MM_H
from models.flood.inflow import InflowCells
from models.flood.rain import uniform_rain
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics
from models.flood.validation import closed_forms, macdonald
from models.flood.validation.walls import walled

SHALLOW = Numerics("shallow")
SMOOTH = 1e-9


@pytest.mark.parametrize("rain_mps", [0.0, 0.001])
def test_macdonald_s_channel_on_coarse_cells(rain_mps: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bed, slopes, friction, advection and the open border at once; 1e-4 and 6e-4 on cells of half the size."""
    monkeypatch.setattr(macdonald, "CELL_M", 10.0)
    monkeypatch.setattr(macdonald, "SETTLED_S", 2000.0)
    x, bed, exact = macdonald.channel(rain_mps)
    ours = macdonald.steady(bed, exact, -macdonald.AHEAD_M, rain_mps, "shallow")
    assert macdonald.l1(ours[x > 0], exact[x > 0]) < (0.0012 if rain_mps else 4e-4)


def test_a_dam_breaks_over_dry_ground() -> None:
    x = (np.arange(200) + 0.5) / 2 - 50
    begin = np.where(x < 0, 1.0, 0.0)[None].repeat(2, axis=0)
    for turned in (begin, begin.T.copy()):
        run = simulate_flood(
            np.zeros_like(turned),
            0.5,
            None,
            duration_s=6,
            output_every_s=6,
            initial_depth_m=turned,
            manning=SMOOTH,
            border="closed",
            scheme="shallow",
        )
        ours = run.depth_m[-1][0] if turned is begin else run.depth_m[-1][:, 0]
        exact = closed_forms.ritter(x, 6.0, high_m=1.0)
        assert macdonald.l1(ours, exact) < 0.004
        assert np.all(ours[exact == 0] < 1e-6), "nothing outruns the front"
        assert run.depth_m.min() >= 0
        assert run.ledger.error < 1e-13, "cells give what they hold, no more"


def test_a_steep_flow_has_its_normal_depth_and_is_smooth() -> None:
    """Froude number 1.2; above 1.5 roll waves would grow, as they do in nature.

    The last cells are left out: an open border lets water leave at most at the critical speed.
    """
    slope, manning, flow, cell = 0.02, 0.03, 0.5, 2.0
    bed = (np.arange(120)[::-1] * cell * slope)[None]
    ground = walled(prepare_ground(bed, cell, manning=manning), "west", "north", "south")
    normal = (flow * manning / np.sqrt(slope)) ** 0.6
    water = Water(ground, cell, SHALLOW, normal)
    water.advance(300, None, InflowCells([Inflow([0], [0], [0, 300], [flow * cell] * 2)], bed.shape, cell, None))
    np.testing.assert_allclose(water.depth_m[0, 40:-10], normal, rtol=1e-5)
    np.testing.assert_allclose(water.speed_mps()[0, 40:-10], flow / normal, rtol=1e-5)


def _stream(speed_mps: float = 2.0, shape: tuple[int, int] = (80, 160), **given: Any) -> Water:
    """Cells of 1 m under 1 m of water that runs east; the walls are not felt farther away than the waves run."""
    bed = np.zeros(shape)
    bed[0, 0] = 30.0  # so much relief lets water be fast
    ground = prepare_ground(bed, 1.0, border="closed", **({"manning": SMOOTH} | given))
    water = Water(ground, 1.0, SHALLOW, 1.0)
    water._qx[:] = speed_mps
    return water


MIDDLE = (slice(35, 45), slice(60, 100))


@pytest.mark.parametrize("turned", [False, True])
def test_a_fast_stream_carries_its_side_speed_along(turned: bool) -> None:
    """At a Froude number of 3.8 a step that forgot the water's own speed would not be stable."""
    x = np.arange(160) + 0.5
    side, exact = (0.1 * np.exp(-(((x - centre) / 10) ** 2)) for centre in (65, 89))
    water = _stream(12.0, (160, 60) if turned else (60, 160))
    water._qx[:], water._qy[:] = (side[:, None], 12.0) if turned else (12.0, side)
    water.advance(2.0)
    depth = water.depth_m[:, 30] if turned else water.depth_m[30]
    ours = (water._qx[:, 30] if turned else water._qy[30]) / depth
    assert np.max(np.abs(ours - exact)[60:125]) < 0.003
    np.testing.assert_allclose(depth[60:125], 1.0, atol=1e-3)


def test_friction_slows_a_stream_as_it_must() -> None:
    manning, time_s = 0.05, 8.0
    water = _stream(manning=manning)
    water.advance(time_s)
    exact = 2.0 / (1 + GRAVITY * manning**2 * 2.0 * time_s)
    np.testing.assert_allclose(water.speed_mps()[MIDDLE], exact, rtol=4e-3)


def test_rain_comes_down_at_rest_and_what_the_soil_takes_takes_its_speed() -> None:
    rained, soaked, time_s = _stream(), _stream(infiltration_mm_h=0.02 / MM_H), 8.0
    rained.advance(time_s, uniform_rain(depth_mm=160, duration_s=time_s, source="test"))
    soaked.advance(time_s)
    np.testing.assert_allclose(rained.depth_m[MIDDLE], 1.16, rtol=1e-9)
    np.testing.assert_allclose(rained.speed_mps()[MIDDLE], 2 / 1.16, rtol=1e-6)
    np.testing.assert_allclose(soaked.depth_m[MIDDLE], 0.84, rtol=1e-9)
    np.testing.assert_allclose(soaked.speed_mps()[MIDDLE], 2.0, rtol=1e-6)


@pytest.mark.parametrize("behind", ["border", "house"])
def test_a_stream_that_meets_a_wall_sends_back_the_bore_that_it_must(behind: str) -> None:
    """1 m at 1 m/s against a wall: depth and bore's speed by mass and momentum across it."""
    surface = np.zeros((2, 202), int)
    if behind == "house":
        surface[:, -2:] = BUILDING
    ground = prepare_ground(np.zeros(surface.shape), 0.5, surface=surface, border="closed", manning=SMOOTH)
    water = Water(ground, 0.5, SHALLOW, 1.0)
    water._qx[surface == 0] = 1.0
    water.advance(8.0)

    def mismatch(depth: float) -> float:
        return float(1 - (depth - 1) * np.sqrt(GRAVITY * (depth + 1) / (2 * depth)))

    high = float(brentq(mismatch, 1.0001, 3))
    wall = 200 if behind == "house" else 202
    back = 1 / (high - 1) * 8.0
    ours = water.depth_m[0, :wall]
    np.testing.assert_allclose(ours[wall - int(back / 0.5) + 8 : wall - 3], high, rtol=2e-3)
    bore = (wall - 0.5 - np.argmax(ours > (1 + high) / 2)) * 0.5
    assert bore == pytest.approx(back, abs=0.75)


def test_a_hump_spreads_alike_to_all_sides() -> None:
    row, col = np.indices((41, 41)) - 20
    hump = 0.5 + np.exp(-(row**2 + col**2) / 20)
    bed = 0.2 * np.exp(-(row**2 + col**2) / 200)
    water = Water(prepare_ground(bed, 2.0, border="closed"), 2.0, SHALLOW, hump)
    water.advance(8.0)
    for turned in (water.depth_m.T, water.depth_m[::-1], water.depth_m[:, ::-1]):
        np.testing.assert_allclose(turned, water.depth_m, atol=1e-9)
    assert np.ptp(water.depth_m) > 0.05


@pytest.mark.parametrize("turned", [False, True])
def test_a_lake_with_houses_and_islands_stays_at_rest(turned: bool) -> None:
    rng = np.random.default_rng(11)
    bed = np.round(rng.uniform(0, 3, (9, 14)) * 1024) / 1024
    surface = np.where(rng.random(bed.shape) < 0.2, BUILDING, 0)
    if turned:
        bed, surface = bed.T.copy(), surface.T.copy()
    depth = np.where(surface == BUILDING, 0, np.maximum(2.0 - bed, 0))
    water = Water(prepare_ground(bed, 5.0, surface=surface, border="closed"), 5.0, SHALLOW, depth)
    water.advance(60.0)
    assert water.speed_mps().max() < 1e-14
    np.testing.assert_allclose(water.depth_m, depth, atol=1e-14)


@pytest.mark.parametrize(("low_m", "right", "within"), [(0.0, 2.0, 0.05), (0.25, 1.25, 1e-3)])
def test_in_its_first_instant_a_dam_lets_through_what_its_two_waves_say(
    low_m: float, right: float, within: float
) -> None:
    """1 m over `low_m`, with g = 1: the left wave runs at -1, the right one at 2 over dry ground.

    Between waves at a < 0 < b the flow is (q0 b - q1 a + a b (h1 - h0)) / (b - a). Over 0.25 m the middle state runs at
    1/2, and its waves at 3/4. The second stage meets a film in place of dry ground, whose wave is slower.
    """
    begin = np.array([[1.0, 1.0, 1.0, low_m, low_m, low_m]])
    ground = prepare_ground(np.zeros(begin.shape), 1.0, border="closed", manning=SMOOTH)
    water = Water(ground, 1.0, Numerics("shallow", step_s=1e-5), begin)
    water.advance(1e-5)
    exact = right * (1.0 - low_m) / (right + 1) * np.sqrt(GRAVITY)
    assert (water.depth_m[0, 3] - low_m) / 1e-5 == pytest.approx(exact, rel=within)


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
@pytest.mark.parametrize("scheme", ["inertia", "shallow"])
def test_cells_on_rough_ground_give_what_they_hold_and_no_more(scheme: Any, kernel: Any) -> None:
    """What a cell would owe is kept beside its depth, where the ledger counts it: it must be rounding, never water."""
    bed = np.random.default_rng(2).normal(0, 3, (12, 12))
    ground = prepare_ground(bed, 1.0, border="closed", manning=0.01)
    water = Water(ground, 1.0, Numerics(scheme, kernel), 1.0)
    water.advance(20.0)
    assert water.depth_m.min() >= 0
    assert np.max(np.abs(water._lost)) < 1e-14
    assert water.ledger().error < 1e-13
