"""Vehicles in water: the published curve, limits by class, hysteresis."""

from __future__ import annotations

import numpy as np
import pytest

from models.flood import CLOSING_DEPTH_M, closes, closing_depth_m, pregnolato_speed_mps, road_speed_mps, speed_factor
from networks.errors import NotThere


def test_pregnolato_at_the_values_of_its_formula() -> None:
    kmh = pregnolato_speed_mps([0.0, 0.1, 0.2, 0.29, 0.30, 1.0]) * 3.6
    np.testing.assert_allclose(kmh, [86.9448, 40.6548, 12.3648, 2.2938, 0, 0], atol=1e-9)


def test_depth_never_speeds_anybody_up() -> None:
    depth = np.linspace(0, 1, 400)
    for curve in ("quadratic", "pregnolato"):
        for name in CLOSING_DEPTH_M:
            speed = road_speed_mps(depth, 13.9, name, curve=curve)  # type: ignore[arg-type]
            assert np.all(np.diff(speed) <= 1e-12)
            assert speed[0] == pytest.approx(13.9)
            assert np.all(speed[depth >= closing_depth_m(name)] == 0)


def test_a_slow_street_feels_little_water_only_by_the_quadratic_curve() -> None:
    slow = 30 / 3.6
    assert road_speed_mps(0.10, slow, curve="pregnolato") == pytest.approx(slow)
    assert road_speed_mps(0.10, slow) == pytest.approx(slow * (2 / 3) ** 2)
    assert speed_factor(0.15, "cautious") == 0
    assert speed_factor([0.3], "bus") == pytest.approx(0.25)


def test_shapes_broadcast() -> None:
    assert road_speed_mps(np.zeros((4, 3)), np.array([5.0, 10, 15])).shape == (4, 3)


def test_a_road_closes_at_its_depth_and_opens_well_below() -> None:
    closed, seen = False, []
    for depth in (0.29, 0.30, 0.28, 0.25, 0.24, 0.2399, 0.29):
        closed = bool(closes(depth, "car", was_closed=closed))
        seen.append(closed)
    assert seen == [False, True, True, True, True, False, False]
    assert closes([0.2, 0.4, 0.7], "truck").tolist() == [False, False, True]


def test_unknown_classes_and_curves_are_named() -> None:
    with pytest.raises(NotThere, match="hovercraft"):
        closes(0.1, "hovercraft")
    with pytest.raises(NotThere, match="cubic"):
        road_speed_mps(0.1, 10, curve="cubic")  # type: ignore[arg-type]
