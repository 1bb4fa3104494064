"""Levels in time: the sea rises into the city and falls out of it again, and every litre is booked both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_basins import AREA_M2, run, still

from models.flood import simulate_flood, uniform_rain
from models.flood.constants import BUILDING, LAND, WATER
from models.flood.forcing import LevelBoundary, Series, constant, sea_as_level, side_cells
from networks.errors import BadInput

FLAT = np.full((5, 8), 2.0)
NO_SEA = np.zeros((5, 8), int)


def test_a_basin_fills_to_the_level_and_rests() -> None:
    water = still(FLAT)
    run(water, LevelBoundary("river", side_cells(NO_SEA, "west"), constant(2.7), every_s=2.0), 3600)
    np.testing.assert_allclose(water.depth_m, 0.7, atol=1e-4)
    booked = water.ledger().booked_m3
    assert booked["river gives"] + booked["river takes"] == pytest.approx(0.7 * 40 * AREA_M2, rel=2e-4)
    assert water.ledger().error <= 1e-12


def test_a_slow_tide_moves_its_rise_times_the_area_in_and_out() -> None:
    hours = 4 * 3600.0
    tide = Series(np.array([0.0, hours, 2 * hours]), np.array([2.5, 3.0, 2.5]))
    water = still(FLAT, 0.5)
    boundary = LevelBoundary("sea", side_cells(NO_SEA, "east"), tide, every_s=20.0)
    run(water, boundary, hours)
    rise = 0.5 * 40 * AREA_M2
    assert water.ledger().booked_m3["sea gives"] == pytest.approx(rise, rel=2e-2)
    run(water, boundary, 2 * hours)
    booked = water.ledger().booked_m3
    assert booked["sea gives"] == pytest.approx(rise, rel=2e-2)
    assert -booked["sea takes"] == pytest.approx(rise, rel=2e-2)
    assert water.ledger().error <= 1e-12


def test_the_tide_comes_over_the_quay_only_when_it_is_higher() -> None:
    """Sea in the west at 0 m, a quay of 1.2 m, a low city at .4 m behind it."""
    bed = np.tile([0.0, 0.0, 1.2, 0.4, 0.4, 0.4], (3, 1))
    surface = np.tile([WATER, WATER, LAND, LAND, LAND, LAND], (3, 1))
    city = np.s_[:, 3:]
    for highest, wet in ((1.1, False), (1.5, True)):
        tide = Series(np.array([0.0, 1800.0, 3600.0]), np.array([0.6, highest, 0.6]))
        land, depth, boundary = sea_as_level(surface, bed, tide)
        assert depth.max() == pytest.approx(0.6)
        water = still(bed, depth, surface=land)
        run(water, boundary, 3600)
        assert bool(water.depth_m[city].max() > 0) is wet
        assert water.ledger().error <= 1e-12
    assert water.depth_m[city].max() == pytest.approx(0.8, abs=0.02)


def test_nothing_leaves_twice_through_an_open_border() -> None:
    held = still(FLAT, 0.5, border="open")
    boundary = LevelBoundary("lake", np.arange(40), constant(2.5))
    run(held, boundary, 60)
    assert held.ledger().booked_m3["lake gives"] == pytest.approx(0, abs=1e-9)
    assert held.ledger().boundary_m3 == 0


def test_rain_soil_and_drains_leave_the_sea_alone() -> None:
    surface = np.zeros((5, 8), int)
    surface[:, :3] = WATER
    surface[2, 3] = surface[2, 5] = BUILDING  # one roof drains into the sea, one onto the land
    land, depth, sea = sea_as_level(surface, FLAT, constant(2.5))
    rain = uniform_rain(depth_mm=20, duration_s=60, source="test")
    losses = {"drain_capacity_mm_h": 50.0, "infiltration_mm_h": 50.0}
    given: dict[str, Any] = {"surface": land, "initial_depth_m": depth, "duration_s": 60.0, "border": "closed"}
    ledger = simulate_flood(FLAT, 5.0, rain, forcings=[sea], **given, **losses).ledger
    assert ledger.rain_m3 == pytest.approx(0.02 * 24 * AREA_M2)
    assert ledger.drains_m3 == pytest.approx(50e-3 / 60 * 24 * AREA_M2), "land, and the roof that drains to it"
    assert ledger.error <= 1e-12


def test_sides_are_cells_of_land_and_a_map_without_sea_is_refused() -> None:
    surface = NO_SEA.copy()
    surface[0, 0] = WATER
    assert side_cells(surface, "west").tolist() == [8, 16, 24, 32]
    assert side_cells(surface, "north").tolist() == list(range(1, 8))
    assert side_cells(surface, "south").tolist() == list(range(32, 40))
    assert side_cells(surface, "east").tolist() == [7, 15, 23, 31, 39]
    with pytest.raises(BadInput, match="without cells"):
        sea_as_level(NO_SEA, FLAT, constant(1.0))
    with pytest.raises(BadInput, match="do not increase"):
        Series(np.array([0.0, 0.0]), np.array([1.0, 2.0]))
