"""Depths along lines, against rasters whose values are known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from shapely import LineString, Polygon

from models.flood import FloodResult, Ledger, LineCells, cells_under, depths_along, lines_around, water_along
from networks.errors import BadInput

CELL = 5.0
TRANSFORM = (CELL, 0.0, 1000.0, 0.0, -CELL, 2000.0)
"""Upper left corner at x = 1000 m, y = 2000 m."""


def _flood(depth: np.ndarray) -> FloodResult:
    frames = np.asarray(depth, np.float32)
    return FloodResult(np.arange(len(frames)) * 60.0, frames, frames * 0, CELL, Ledger(0, 0, 0, 0, 0, 0, 0), 1, {})


@pytest.fixture
def pond() -> FloodResult:
    depth = np.zeros((2, 8, 10), np.float32)
    depth[1, 3, 6] = 0.4
    depth[1, 3, 2] = 0.1
    return _flood(depth)


def test_the_deepest_cell_under_a_line_counts_and_rows_run_south(pond: FloodResult) -> None:
    y_of_row_3 = 2000 - 3.5 * CELL
    lines = [
        LineString([(1001, y_of_row_3), (1049, y_of_row_3)]),
        LineString([(1001, y_of_row_3), (1020, y_of_row_3)]),
        LineString([(1001, 1999), (1049, 1999)]),
        LineString([(1032.5, 1999), (1032.5, 1961)]),
    ]
    depths = depths_along(pond, TRANSFORM, lines)
    assert depths.dtype == np.float32
    np.testing.assert_allclose(depths, [[0, 0, 0, 0], [0.4, 0.1, 0, 0.4]], rtol=1e-6)


def test_a_bridge_stays_dry_above_any_water(pond: FloodResult) -> None:
    line = LineString([(1001, 1982.5), (1049, 1982.5)])
    depths = depths_along(pond, TRANSFORM, [line, line], bridge=[False, True])
    np.testing.assert_allclose(depths[1], [0.4, 0], rtol=1e-6)
    with pytest.raises(BadInput, match="bridge"):
        depths_along(pond, TRANSFORM, [line, line], bridge=[True])


def test_only_the_low_road_sees_the_water_in_its_cells(pond: FloodResult) -> None:
    cells = np.zeros((8, 10), bool)
    cells[3, 6] = True
    line = LineString([(1001, 1982.5), (1049, 1982.5)])
    depths = depths_along(pond, TRANSFORM, [line, line], low_cells=cells, low=[True, False])
    np.testing.assert_allclose(depths[1], [0.4, 0.1], rtol=1e-6)  # the street above sees the other puddle alone
    np.testing.assert_allclose(depths_along(pond, TRANSFORM, [line], low_cells=cells)[1], [0.1], rtol=1e-6)
    tunnels = {"low_cells": cells, "roofed": [True, True], "low": [True, False]}
    np.testing.assert_allclose(depths_along(pond, TRANSFORM, [line, line], **tunnels)[1], [0.4, 0.0], rtol=1e-6)
    other = LineString([(1001, 1982.5), (1020, 1982.5)])  # a low tunnel beneath a puddle in the street
    assert depths_along(pond, TRANSFORM, [other], low_cells=cells, low=[True], roofed=[True])[1] == 0.0
    with pytest.raises(BadInput, match="low and"):
        depths_along(pond, TRANSFORM, [line, line], low_cells=cells, low=[True])
    with pytest.raises(BadInput, match="low and"):
        depths_along(pond, TRANSFORM, [line], low_cells=cells[1:])


def test_lines_outside_half_outside_and_empty(pond: FloodResult) -> None:
    lines = [
        LineString([(0, 0), (10, 10)]),
        LineString([(500, 1982.5), (1049, 1982.5)]),
        LineString(),
    ]
    np.testing.assert_allclose(depths_along(pond, TRANSFORM, lines)[1], [0, 0.4, 0], rtol=1e-6)
    assert depths_along(pond, TRANSFORM, []).shape == (2, 0)


def test_no_cell_on_a_long_straight_line_is_stepped_over() -> None:
    depth = np.zeros((1, 1, 200), np.float32)
    lines = [LineString([(1000.1, 1997.5), (1999.9, 1997.5)])]
    for col in (0, 1, 77, 198, 199):
        depth[:] = 0
        depth[0, 0, col] = 1
        assert depths_along(_flood(depth), TRANSFORM, lines)[0, 0] == 1


def test_mean_along_a_line_counts_every_cell_once() -> None:
    depth = np.zeros((1, 1, 10), np.float32)
    depth[0, 0] = np.arange(10)
    line = LineString([(1000.5, 1997.5), (1049.5, 1997.5)])
    mean = depths_along(_flood(depth), TRANSFORM, [line], spacing_m=1, reduce="mean")
    assert mean[0, 0] == pytest.approx(4.5)


def test_bad_transforms_are_refused(pond: FloodResult) -> None:
    line = [LineString([(1001, 1999), (1049, 1999)])]
    for transform in (
        (5.0, 0.1, 1000.0, 0.0, -5.0, 2000.0),
        (5.0, 0, 1000, 0, 5.0, 2000),
        (0.001, 0, 24, 0, -0.001, 60),
    ):
        with pytest.raises(BadInput, match="transform"):
            depths_along(pond, transform, line)
    with pytest.raises(BadInput, match="spacing_m"):
        depths_along(pond, TRANSFORM, line, spacing_m=0)


def test_speed_and_depth_times_speed_come_from_the_same_cells() -> None:
    depth, speed = np.zeros((1, 1, 10), np.float32), np.zeros((1, 1, 10), np.float32)
    depth[0, 0, 2], speed[0, 0, 2] = 0.5, 0.1
    depth[0, 0, 7], speed[0, 0, 7] = 0.1, 2.0
    flood = dataclasses.replace(_flood(depth), speed_mps=speed)
    lines = [LineString([(1000.5, 1997.5), (1049.5, 1997.5)]), LineString()]
    along = water_along(flood, cells_under(TRANSFORM, lines, (1, 10), CELL))
    np.testing.assert_allclose(along.depth_m[0], [0.5, 0], rtol=1e-6)
    np.testing.assert_allclose(along.speed_mps[0], [2.0, 0], rtol=1e-6)
    np.testing.assert_allclose(along.force_m2s[0], [0.2, 0], rtol=1e-6)  # not the deepest times the fastest: 1.0
    with pytest.raises(BadInput, match="another map"):
        water_along(flood, LineCells(1, np.array([0]), np.array([10]), np.array([0])))


def test_what_stands_around_a_building_stands_at_its_doors(pond: FloodResult) -> None:
    house = Polygon(
        [(1025.5, 1985.5), (1029.5, 1985.5), (1029.5, 1989.5), (1025.5, 1989.5)]
    )  # the cell beside the pond
    far = Polygon([(1041, 1996), (1044, 1996), (1044, 1999), (1041, 1999)])
    around = lines_around([house, far], 4.0)
    np.testing.assert_allclose(depths_along(pond, TRANSFORM, around)[1], [0.4, 0], rtol=1e-6)
