"""Vehicles in water: the published curve, limits by class, hysteresis."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.flood import (
    CLOSING_DEPTH_M,
    closes,
    closing_depth_m,
    hazard_class,
    hazard_rating,
    limit_of,
    pregnolato_speed_mps,
    read_limits,
    road_speed_mps,
    speed_factor,
    stalling_depth_m,
    standard_limits,
)
from networks.errors import BadInput, NotThere


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


def test_fast_water_closes_what_its_depth_would_not() -> None:
    car = limit_of("car")
    assert closes(0.2, "car", force_m2s=car.force_m2s) and not closes(0.2, "car", force_m2s=0.29)
    assert closes(0.2, "car", force_m2s=0.25, was_closed=True)  # hysteresis: 0.3 x 0.8
    assert not closes(0.04, "car", force_m2s=0.04 * 4)  # a film on a steep street
    assert closes(0.06, "car", force_m2s=0.06 * 3.01)
    child, adult = limit_of("child"), limit_of("adult")
    assert child.closes(0.5) and not adult.closes(0.5)
    assert child.closes(0.3, 0.41) and not adult.closes(0.3, 0.41)
    assert stalling_depth_m("ambulance") == 0.45 and stalling_depth_m("bicycle") == np.inf


def test_every_limit_names_its_source_and_a_file_of_ones_own_is_read_strictly(tmp_path: Path) -> None:
    assert all(limit.source for limit in standard_limits().values())
    head = "name,who,depth_m,force_m2s,speed_mps,stalls_m,opens_below,source\n"
    own = tmp_path / "own.csv"
    own.write_text(head + "tram,vehicle,0.1,,,,,the operator's order of 2024\n", encoding="utf-8")
    tram = read_limits(own)["tram"]
    assert (tram.depth_m, tram.force_m2s, tram.opens_below) == (0.1, np.inf, 0.8) and tram.closes(0.1)
    for row, says in (
        ("tram,vehicle,0.1,,,,,", "source"),
        ("tram,boat,0.1,,,,,x", "boat"),
        ("tram,vehicle,-1,,,,,x", "depth_m is -1"),
        ("tram,vehicle,,,,,,x", "depth_m is ''"),
        ("tram,vehicle,0.3,,,0.2,,x", "stalls"),
        ("tram,vehicle,nan,,,,,x", "depth_m is nan"),
        ("tram,vehicle,0.1,,,,,x\ntram,vehicle,0.1,,,,,x", "twice"),
    ):
        own.write_text(head + row + "\n", encoding="utf-8")
        with pytest.raises(BadInput, match=says) as told:
            read_limits(own)
        assert "line" in str(told.value)
    with pytest.raises(BadInput, match="cannot be read"):
        read_limits(tmp_path / "none.csv")


def test_the_british_rating_by_hand() -> None:
    rating = hazard_rating([0.0, 0.2, 0.3, 0.3, 1.0], [0.0, 1.0, 0.0, 1.5, 1.0])
    np.testing.assert_allclose(rating, [0, 0.3, 1.15, 1.6, 2.5])
    assert hazard_class(rating).tolist() == [0, 0, 1, 2, 3]
    assert hazard_class(0.75) == 1
