"""Terrain, roofs and borders as they are laid out for the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.flood import simulate_flood, uniform_rain
from models.flood.constants import BUILDING, LAND, WATER
from models.flood.surface.ground import prepare_ground
from models.flood.surface.roofs import closed_yards, rain_share, roof_cells
from networks.errors import BadInput

FLAT = np.full((4, 5), 3.0)


def _ground(elevation: np.ndarray = FLAT, **change: Any) -> Any:
    given: dict[str, Any] = {
        "surface": None,
        "manning": 0.03,
        "infiltration_mm_h": 0.0,
        "drain_capacity_mm_h": 0.0,
        "sea_level_m": 0.0,
        "border": "open",
        "dtype": np.float64,
    }
    return prepare_ground(elevation, change.pop("cell_m", 5.0), **(given | change))


def test_every_roof_sends_its_rain_to_its_nearest_open_cell() -> None:
    surface = np.array([[LAND, BUILDING, BUILDING, LAND], [LAND, LAND, BUILDING, LAND], [WATER, LAND, LAND, LAND]])
    share = rain_share(surface)
    assert share.sum() == np.count_nonzero(surface != WATER)
    assert np.all(share[surface == BUILDING] == 0)
    assert share[1, 0] == share[2, 1] == share[2, 3] == 1
    assert share[0, 3] == 2
    assert share[1, 3] + share[2, 2] + share[1, 1] + share[0, 0] == 6


def test_the_middle_of_a_large_roof_drains_to_its_rim() -> None:
    surface = np.zeros((9, 9), int)
    surface[2:7, 2:7] = BUILDING
    share = rain_share(surface)
    assert share.sum() == 81
    assert np.all(share[1, 3:6] > 1)


def _yard() -> np.ndarray:
    surface = np.zeros((9, 11), int)
    surface[2:7, 2:9] = BUILDING
    surface[4, 4:7] = LAND
    return surface


def test_a_closed_yard_gets_its_own_rain_and_what_gutters_spill() -> None:
    surface = _yard()
    yard = np.zeros(surface.shape, bool)
    yard[4, 4:7] = True
    np.testing.assert_array_equal(closed_yards(surface), yard)
    piped, spilled = roof_cells(surface)
    assert piped.sum() == spilled.sum() == np.count_nonzero(surface == BUILDING) == 32
    assert piped[yard].sum() == 0 < spilled[yard].sum()
    gate = surface.copy()
    gate[5:7, 5] = LAND
    assert not closed_yards(gate).any(), "through a gateway water goes on"
    sea = surface.copy()
    sea[4, 4] = WATER
    assert not closed_yards(sea).any(), "and into a basin of the sea"
    ring = np.full((3, 3), BUILDING)
    ring[1, 1] = LAND
    assert rain_share(ring)[1, 1] == 9, "where all is shut, the yard has to take it"


@pytest.mark.parametrize("mm_h", [12.0, 108.0, 150.0])
def test_drains_take_their_share_of_the_roofs_and_gutters_spill_beyond_their_rate(mm_h: float) -> None:
    """In the yard stands its own rain, and beyond 108 mm/h more; drains count the roofs' area too."""
    surface = _yard()
    given: dict[str, Any] = {"surface": surface, "border": "closed", "duration_s": 600.0, "output_every_s": 600.0}
    rain = uniform_rain(depth_mm=mm_h / 6, duration_s=600, source="test")
    flood = simulate_flood(np.zeros(surface.shape), 5.0, rain, **given)
    _, spilled = roof_cells(surface)
    fell = 99 * 25 * mm_h / 6000
    assert flood.ledger.rain_m3 == pytest.approx(fell) and flood.ledger.error < 1e-12
    yard_m3 = float(flood.depth_m[-1, 4, 4:7].sum()) * 25
    own, beyond = 3 * mm_h / 6000, spilled[4, 4:7].sum() * max(mm_h - 108, 0) / 6000
    assert yard_m3 == pytest.approx(25 * (own + beyond), rel=1e-5)
    drained = simulate_flood(np.zeros(surface.shape), 5.0, rain, **given, drain_capacity_mm_h=12.5)
    assert drained.ledger.drains_m3 == pytest.approx(min(fell, 99 * 25 * 12.5 / 6000), rel=0.02)


def test_sea_cells_lie_at_the_level_of_the_sea() -> None:
    surface = np.zeros((4, 5), int)
    surface[:, :2] = WATER
    elevation = FLAT.copy()
    elevation[:, 0] = -12
    ground = _ground(elevation, surface=surface, sea_level_m=1.0)
    height = ground.bed_m - ground.bed_m[0, 0]
    assert height[0].tolist() == [0, 2, 2, 2, 2]
    assert ground.sea.tolist() == [0, 1, 5, 6, 10, 11, 15, 16]
    assert ground.rained_cells == 12


def test_an_open_border_lets_go_only_where_the_ground_does_not_fall_inwards() -> None:
    tilted = np.tile(np.arange(5) * 0.5, (4, 1))
    west, east, north, _south = _ground(tilted).border
    assert np.allclose(west, np.sqrt(0.1) / 0.03)
    assert np.all(east == 0)
    assert np.all(north > 0)
    assert all(np.all(side == 0) for side in _ground(tilted, border="closed").border)
    walls = np.zeros((4, 5), int)
    walls[:, 0] = BUILDING
    assert np.all(_ground(tilted, surface=walls).border[0] == 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"elevation": np.where(np.arange(20).reshape(4, 5) == 7, np.nan, FLAT)}, "row 1, column 2: 1 of 20 cells"),
        ({"elevation": np.zeros(4)}, "shape"),
        ({"cell_m": 0.0}, "cell_m"),
        ({"cell_m": np.nan}, "cell_m"),
        ({"surface": np.zeros((5, 4))}, "surface of shape"),
        ({"surface": np.full((4, 5), 7)}, "0 land, 1 water or 2 building"),
        ({"surface": np.full((4, 5), BUILDING)}, "cover the whole"),
        ({"manning": 0.0}, "manning"),
        ({"manning": np.ones(3)}, "one number or one per cell"),
        ({"infiltration_mm_h": -1.0}, "infiltration_mm_h"),
        ({"drain_capacity_mm_h": np.nan}, "drain_capacity_mm_h"),
        ({"border": "ajar"}, "border"),
    ],
)
def test_bad_ground_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        _ground(**change)
