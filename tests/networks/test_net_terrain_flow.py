"""Pits, ways down and catchments against answers known beforehand."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from networks.ground.flow import catchments, flow_over


def plane(rows: int, columns: int, *, south: float = 0.0, east: float = 0.0) -> np.ndarray:
    """Heights that fall by `south` per row and by `east` per column."""
    return 100 - south * np.arange(rows)[:, None] - east * np.arange(columns)[None, :]


def target(shape: tuple[int, int], *cells: tuple[int, int]) -> np.ndarray:
    found = np.zeros(shape, dtype=int)
    for label, (row, column) in enumerate(cells, 1):
        found[row, column] = label
    return found


def test_on_a_tilted_plane_a_cell_drains_its_strip() -> None:
    z = plane(40, 30, south=0.1)
    flow = flow_over(z, 5.0)
    np.testing.assert_array_equal(flow.filled_m, z)
    area = catchments(flow, target(z.shape, (25, 10), (12, 20), (30, 10)))
    # rows 1.. of its column: row 0 lies on the border and runs out there; (30, 10) gets only what is below (25, 10)
    assert area == {1: 25 * 25.0, 2: 12 * 25.0, 3: 5 * 25.0}


def test_on_a_plane_tilted_to_the_corner_water_goes_along_the_diagonal() -> None:
    z = plane(40, 40, south=0.1, east=0.1)
    assert catchments(flow_over(z, 5.0), target(z.shape, (20, 20))) == {1: 20 * 25.0}


def test_a_cone_drains_into_its_tip() -> None:
    y, x = np.mgrid[-30:31, -30:31]
    z = np.hypot(x, y).astype(float)
    flow = flow_over(z, 5.0)
    assert flow.filled_m[30, 30] == 30.0  # up to the lowest point of the rim
    area = catchments(flow_over(-z + 100, 5.0), target(z.shape, (30, 30)))
    assert area == {1: 25.0}  # a summit drains nothing but itself
    tip = catchments(flow, target(z.shape, (30, 30)))[1]
    assert 0 < tip <= 61 * 61 * 25.0


def test_a_valley_drains_along_its_floor() -> None:
    """V valley: slope 0.2 per cell to the floor, 0.01 per cell along it; every cell above the gauge drains to it."""
    rows, columns, floor, gauge = 60, 41, 20, 50
    z = plane(rows, columns, south=0.01) + 0.2 * np.abs(np.arange(columns) - floor)[None, :]
    area = catchments(flow_over(z, 5.0), target(z.shape, (gauge, floor)))[1]
    # steepest descent is straight to the floor where 0.2 > (0.2 + 0.01) / sqrt(2); borders run out by themselves
    assert area == gauge * (columns - 2) * 25.0


def test_a_pit_is_filled_to_its_lowest_side_and_blocks_are_gone_around() -> None:
    z = np.full((9, 9), 5.0)
    z[3:6, 3:6] = 1.0
    z[4, 6:] = 2.0  # a notch to the east border
    flow = flow_over(z, 1.0)
    assert (flow.filled_m[3:6, 3:6] == 2.0).all()
    wall = np.zeros(z.shape, bool)
    wall[4, 6] = True
    blocked = flow_over(z, 1.0, blocked=wall)
    assert (blocked.filled_m[3:6, 3:6] == 5.0).all()
    assert np.isnan(blocked.filled_m[4, 6])
    assert blocked.area_m2.sum() == 81.0 and blocked.area_m2[4, 6] == 0.0
    corner = np.full((7, 7), 3.0)
    corner[3, 3] = 1.0
    walls = np.zeros(corner.shape, bool)
    walls[3, 2] = walls[2, 3] = walls[4, 3] = walls[3, 4] = True  # a yard: the corners touch
    yard = flow_over(corner, 1.0, blocked=walls)
    assert np.isnan(yard.filled_m[3, 3]) and yard.down[3 * 7 + 3] == 3 * 7 + 3


def test_the_sea_lets_water_out() -> None:
    z = np.full((9, 9), 5.0)
    z[4, 4] = 0.0
    sea = np.zeros(z.shape, bool)
    sea[4, 4] = True
    assert flow_over(z, 1.0, outlet=sea).filled_m[4, 4] == 0.0


def flooded(z: np.ndarray) -> np.ndarray:
    """Priority flood with a heap over four sides, the slow and plain way."""
    rows, columns = z.shape
    level = np.full(z.shape, np.inf)
    queue = []
    for row in range(rows):
        for column in range(columns):
            if row in (0, rows - 1) or column in (0, columns - 1):
                level[row, column] = z[row, column]
                queue.append((z[row, column], row, column))
    heapq.heapify(queue)
    while queue:
        height, row, column = heapq.heappop(queue)
        for y, x in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= y < rows and 0 <= x < columns and level[y, x] == np.inf:
                level[y, x] = max(height, z[y, x])
                heapq.heappush(queue, (level[y, x], y, x))
    return level


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(2, 9), st.integers(2, 9)), elements=st.integers(-3, 6).map(float)))
def test_filling_equals_a_priority_flood_and_every_way_ends(z: np.ndarray) -> None:
    flow = flow_over(z, 1.0)
    np.testing.assert_array_equal(flow.filled_m, flooded(z))
    filled, cell = flow.filled_m.ravel(), np.arange(z.size)
    assert (filled[flow.down] <= filled).all()
    for _ in range(z.size):
        cell = flow.down[cell]
    rows, columns = np.unravel_index(cell, z.shape)
    assert ((rows == 0) | (rows == z.shape[0] - 1) | (columns == 0) | (columns == z.shape[1] - 1)).all()


def test_nothing_drains_where_nothing_is_asked() -> None:
    assert catchments(flow_over(plane(5, 5), 1.0), np.zeros((5, 5), int)) == {}
