"""Terrains with a correlated error: its variance and correlogram against the closed form, and what stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import BadInput
from networks.ground.grid import Grid
from networks.ground.perturbation import CORRELATION_M, error_field, perturbed
from networks.ground.terrain import Terrain
from networks.sentence import say


def terrain(rows: int = 120, columns: int = 160, *, wet: int = 0, error_m: float = 2.0) -> Terrain:
    surface = np.zeros((rows, columns), dtype=np.uint8)
    surface[:, :wet] = 1
    grid = Grid(0.0, rows * 5.0, rows, columns)
    heights = np.full((rows, columns), 10.0, dtype=np.float32)
    return Terrain(heights, surface, 5.0, grid.transform, error_m, True, say("test", "测试"))


def test_variance_and_correlogram_are_those_of_the_model() -> None:
    length, cell, members = 60.0, 5.0, 60
    fields = np.array([error_field((90, 110), cell, length, np.random.default_rng(seed)) for seed in range(members)])
    assert abs(fields.mean()) < 0.08
    assert fields.var() == pytest.approx(1.0, abs=0.08)
    for steps in (1, 4, 12, 24):
        wanted = np.exp(-steps * cell / length)
        across = np.mean(fields[:, :, :-steps] * fields[:, :, steps:])
        up = np.mean(fields[:, :-steps, :] * fields[:, steps:, :])
        assert across == pytest.approx(wanted, abs=0.08) and up == pytest.approx(wanted, abs=0.08)
    slant = np.mean(fields[:, :-9, :-12] * fields[:, 9:, 12:])  # 3-4-5: 75 m
    assert slant == pytest.approx(np.exp(-75 / length), abs=0.08)
    far = np.mean(fields[:, :, 0] * fields[:, :, -1])  # the periodic field does not come round
    assert abs(far) < 0.15


def test_the_error_is_the_terrains_own() -> None:
    members = [perturbed(terrain(), np.random.default_rng(seed)) for seed in range(25)]
    error = np.array([member.elevation_m - 10 for member in members])
    assert error.std() == pytest.approx(2.0, rel=0.08)
    near = np.mean(error[:, :, :-20] * error[:, :, 20:]) / error.var()
    assert near == pytest.approx(np.exp(-100 / CORRELATION_M), abs=0.1)


def test_water_and_its_shore_stay() -> None:
    ground = terrain(wet=40)
    members = [perturbed(ground, np.random.default_rng(seed)) for seed in range(60)]
    error = np.array([member.elevation_m - 10 for member in members])
    assert (error[:, :, :40] == 0).all()
    for cells in (1, 10, 40):
        wanted = 2.0 * np.sqrt(1 - np.exp(-2 * cells * 5 / CORRELATION_M))
        assert error[:, :, 39 + cells].std() == pytest.approx(wanted, rel=0.15)
    assert all((member.surface == ground.surface).all() for member in members)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), error=st.floats(0, 20), length=st.floats(1, 2000))
def test_members_are_finite_and_the_same_for_the_same_stream(seed: int, error: float, length: float) -> None:
    ground = terrain(20, 30, wet=3)
    one, other = (perturbed(ground, np.random.default_rng(seed), error_m=error, correlation_m=length) for _ in range(2))
    assert np.isfinite(one.elevation_m).all()
    np.testing.assert_array_equal(one.elevation_m, other.elevation_m)
    if error > 0.1:
        another = perturbed(ground, np.random.default_rng(seed + 1), error_m=error, correlation_m=length)
        assert (another.elevation_m != one.elevation_m).any()


def test_a_source_of_large_cells_has_an_error_of_at_least_their_length() -> None:
    coarse = terrain().changed(source_cell_m=400.0)
    error = np.array([perturbed(coarse, np.random.default_rng(s)).elevation_m - 10 for s in range(40)])
    near = np.mean(error[:, :, :-40] * error[:, :, 40:]) / 4.0
    assert near == pytest.approx(np.exp(-200 / 400), abs=0.2)


def test_an_error_that_nobody_knows_cannot_be_drawn() -> None:
    with pytest.raises(BadInput, match="not known"):
        perturbed(terrain(error_m=float("nan")), np.random.default_rng(1))
    with pytest.raises(BadInput, match="correlation"):
        perturbed(terrain(), np.random.default_rng(1), correlation_m=0.0)
