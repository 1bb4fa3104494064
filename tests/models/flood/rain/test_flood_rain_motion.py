"""Motion and carrying: cells that move as told, sums that are kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_radar import cells

from models.flood.rain.forecast.advection import carried, displacement
from models.flood.rain.forecast.decibels import from_db, to_db
from models.flood.rain.forecast.motion import motion_of


def even(down: float, right: float, shape: tuple[int, int] = (64, 64)) -> np.ndarray:
    return np.broadcast_to(np.array([down, right])[:, None, None], (2, *shape)).copy()


@pytest.mark.parametrize(("down", "right"), [(0.0, 3.0), (-2.0, 1.5), (1.3, -2.6), (0.0, 0.0)])
def test_the_motion_of_a_cell_is_found(down: float, right: float) -> None:
    rates = np.stack([cells(32 + at * down, 32 + at * right) for at in range(3)])
    motion = motion_of(rates)
    inside = motion[:, 24:40, 24:40]
    np.testing.assert_allclose(inside.mean(axis=(1, 2)), [down, right], atol=0.1)


def test_two_motions_beside_each_other() -> None:
    shape = (64, 256)
    rates = np.stack([cells(32 - 2 * at, 40, shape) + cells(32 + 2 * at, 216, shape) for at in range(3)])
    motion = motion_of(rates)
    assert motion[0, 32, 40] == pytest.approx(-2, abs=0.4) and motion[0, 32, 216] == pytest.approx(2, abs=0.4)


def test_other_pixels_and_periods() -> None:
    """The same shower on pixels of 250 m, and every ten minutes at 30 m/s."""
    fine = np.stack([cells(32, 26 + 3 * at).repeat(4, axis=0).repeat(4, axis=1)[:-3] for at in range(2)])
    motion = motion_of(fine, pixel_m=250.0)
    assert motion.shape == (2, 253, 256)
    np.testing.assert_allclose(motion[:, 100:150, 90:140].mean(axis=(1, 2)), [0, 12], atol=0.5)
    fast = np.stack([cells(32, 24 + 18 * at, (64, 96)) for at in range(3)])
    np.testing.assert_allclose(motion_of(fast, step_s=600.0)[:, 28:36, 40:60].mean(axis=(1, 2)), [0, 18], atol=0.3)
    assert np.abs(motion_of(fast)).max() <= 12, "in five minutes that would be 60 m/s"


def test_a_dry_map_stands_still() -> None:
    assert not motion_of(np.zeros((3, 20, 20))).any()


def test_a_whole_shift_is_exact_and_what_comes_from_outside_is_unknown() -> None:
    field = np.random.default_rng(2).random((20, 30))
    shift = displacement(even(2, -3, (20, 30)), 1)
    shift = displacement(even(2, -3, (20, 30)), 1, shift)
    moved = carried(field, shift)
    np.testing.assert_allclose(moved[4:, :-6], field[:-4, 6:], atol=1e-12)
    assert np.isnan(moved[:4]).all() and np.isnan(moved[:, -6:]).all()


def test_unseen_stays_unseen() -> None:
    field = np.ones((20, 20))
    field[10, 10] = np.nan
    moved = carried(field, even(0, 2.5, (20, 20)))
    assert np.argwhere(np.isnan(moved[:, 5:])).tolist() == [[10, 7], [10, 8]]


@settings(max_examples=30, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(20, 44), st.floats(20, 44))
def test_rain_is_kept_up_to_the_border(down: float, right: float, row: float, col: float) -> None:
    field = np.where(cells(row, col) > 0.5, cells(row, col), 0)
    shift = None
    for _ in range(2):
        shift = displacement(even(down, right), 1, shift)
    assert shift is not None
    moved = carried(field, shift)
    assert np.nansum(moved) == pytest.approx(field.sum(), rel=1e-9)
    assert np.nanmin(moved) >= 0 and np.nanmax(moved) <= field.max() + 1e-12


def test_trajectories_turn_with_a_vortex() -> None:
    """Solid rotation: after a quarter turn in 20 steps every parcel came from a quarter turn before."""
    rows, cols = np.indices((81, 81)) - 40.0
    turn = np.pi / 2 / 20
    motion = turn * np.stack([cols, -rows])
    shift = None
    for _ in range(20):
        shift = displacement(motion, 1, shift)
    assert shift is not None
    near = np.hypot(rows, cols) < 25
    np.testing.assert_allclose((rows - shift[0])[near], -cols[near], atol=0.05)
    np.testing.assert_allclose((cols - shift[1])[near], rows[near], atol=0.05)


def test_decibels_and_back() -> None:
    rain = np.array([0.0, 0.05, 0.1, 1, 80, np.nan])
    np.testing.assert_allclose(from_db(to_db(rain)), [0, 0, 0.1, 1, 80, np.nan])
