"""Terrain, roofs and borders as they are laid out for the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.flood.constants import BUILDING, LAND, WATER
from models.flood.surface.ground import prepare_ground, rain_share
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
