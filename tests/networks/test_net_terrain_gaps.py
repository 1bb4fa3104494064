"""Gaps between houses: a row of them across a slope is no dam, and nothing else is opened."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from networks import Terrain
from networks.ground.flow import flow_over
from networks.ground.gaps import HELD_M, open_gaps
from networks.sentence import say

ROWS, COLUMNS, CELL_M = 60, 41, 5.0


def slope(fall: float = 0.5, trough: float = 0.2) -> np.ndarray:
    """Falls to the south by `fall` a row, and towards the middle column by `trough` a column."""
    row, column = np.mgrid[:ROWS, :COLUMNS]
    return (200 - fall * row + trough * np.abs(column - COLUMNS // 2)).astype(np.float32)


def town(z: np.ndarray, *houses: tuple[slice, slice], sea: slice | None = None) -> Terrain:
    surface = np.zeros(z.shape, np.uint8)
    for one in houses:
        surface[one] = 2
    if sea is not None:
        surface[sea] = 1
    transform = Affine(CELL_M, 0, 1000, 0, -CELL_M, 2000)
    return Terrain(z, surface, CELL_M, transform, 0.1, False, say("made up", "虚构"))


def held_m(terrain: Terrain) -> float:
    """The deepest water that stands before it runs off."""
    blocked, outlet = terrain.surface == 2, terrain.surface == 1
    flow = flow_over(terrain.elevation_m, CELL_M, outlet=outlet, blocked=blocked)
    return float(np.nanmax(flow.filled_m - terrain.elevation_m))


def test_a_row_of_houses_across_a_slope_lets_the_water_through() -> None:
    row = town(slope(), np.s_[30:33, 2:39])
    assert held_m(row) > 3.0
    opened, (repair,) = open_gaps(row)
    assert held_m(opened) <= HELD_M
    freed = (row.surface == 2) & (opened.surface == 0)
    assert freed.sum() == 3 and freed[30:33, COLUMNS // 2].all(), "straight down the middle, a cell wide"
    np.testing.assert_array_equal(opened.elevation_m, row.elevation_m)
    assert repair.rule == "gap_opened" and repair.after == "3 cells open"
    assert (repair.x, repair.y) == (1000 + CELL_M * (COLUMNS // 2 + 0.5), 2000 - CELL_M * 29.5)


def test_rows_behind_rows_are_all_opened() -> None:
    rows = town(slope(), *(np.s_[at : at + 2, 2:39] for at in (15, 25, 35, 45)))
    opened, repairs = open_gaps(rows)
    assert len(repairs) == 4 and held_m(opened) <= HELD_M


def test_water_passes_through_sides_where_the_way_is_diagonal() -> None:
    row, column = np.mgrid[:ROWS, :COLUMNS]
    z = (200 - 0.5 * row - 0.5 * column).astype(np.float32)
    corner = town(z, np.s_[30:33, 5:34], np.s_[5:33, 31:34])
    assert held_m(corner) > 3.0
    assert held_m(open_gaps(corner)[0]) <= HELD_M


@pytest.mark.parametrize(
    ("terrain", "why"),
    [
        (town(slope(), np.s_[30:33, 19:22]), "water goes round a single house"),
        (town(slope(0.02, 0.0), np.s_[30:33, 2:39]), "on flat ground no more than a puddle stands"),
        (town(slope(2.0, 0.1), np.s_[2:3, 2:39]), "hardly any ground drains there"),
        (town(np.where(np.arange(ROWS)[:, None] == 30, slope() + 20, slope()).astype(np.float32)), "no house: a dam"),
    ],
)
def test_what_is_no_dam_of_houses_stays(terrain: Terrain, why: str) -> None:
    opened, repairs = open_gaps(terrain)
    assert not repairs, why
    np.testing.assert_array_equal(opened.surface, terrain.surface)


def test_roofs_in_the_heights_are_not_passed_over() -> None:
    z = slope()
    z[30:33, 2:39] += 12.0
    assert not open_gaps(town(z, np.s_[30:33, 2:39]))[1]


@settings(max_examples=40)
@given(st.integers(0, 2**31 - 1))
def test_only_houses_are_opened_and_water_never_stands_higher(seed: int) -> None:
    draw = np.random.default_rng(seed)
    z = slope() + draw.normal(0, 0.3, (ROWS, COLUMNS)).astype(np.float32)
    corners = draw.integers(0, (ROWS - 8, COLUMNS - 8), (25, 2))
    size = draw.integers(1, 9, (25, 2))
    terrain = town(z, *(np.s_[r : r + h, c : c + w] for (r, c), (h, w) in zip(corners, size, strict=True)))
    opened, _ = open_gaps(terrain)
    changed = opened.surface != terrain.surface
    assert (terrain.surface[changed] == 2).all() and (opened.surface[changed] == 0).all()
    assert held_m(opened) <= held_m(terrain) + 1e-6
