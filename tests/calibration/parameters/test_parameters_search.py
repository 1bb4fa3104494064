"""Searches in the unit cube, on functions whose least point is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from calibration.parameters.catalogue import KINDS, kinds_of
from calibration.parameters.emulator import emulated
from calibration.parameters.judging import judged
from calibration.parameters.misfit import Target, robust, weights_of
from calibration.parameters.searching import Diary, left_informed, spsa_search, surrogate_search
from calibration.parameters.space import Parameter, Space
from calibration.parameters.spsa import spsa
from networks import BadInput

Floats = NDArray[np.float64]
TRUTH = np.array([0.7, 0.3, 0.6, 0.5])
SLOPES = np.random.default_rng(5).standard_normal((60, 4)) * np.array([8.0, 5.0, 3.0, 0.0])
START = np.full(4, 0.45)


def outputs(point: Floats, seed: int) -> Floats:
    """Sixty outputs, the fourth parameter in none of them, noise of one unit."""
    moved = point - 0.5
    return SLOPES @ moved + 4.0 * (SLOPES @ moved**2) / 8.0 + np.random.default_rng(seed).standard_normal(60)


def diary() -> Diary:
    kinds = ("flow",) * 60
    places = tuple(f"s{at // 3}" for at in range(60))
    target = Target(outputs(TRUTH, 99), np.full(60, np.sqrt(2.0)), kinds, places, weights_of(kinds))
    return Diary(lambda items: [outputs(np.array(point), seed) for point, seed in items], target)


@pytest.mark.parametrize("search", [surrogate_search, spsa_search])
def test_both_searches_find_the_truth_and_say_what_nothing_tells(search: object) -> None:
    own = diary()
    points = search(own, START, 120, 3)  # type: ignore[operator]
    known, free = left_informed(own.emulator(points[-1]), own.target, START)
    assert free.tolist() == [True, True, True, False]
    assert known.point[3] == START[3]
    assert np.abs((known.point - TRUTH)[:3] / known.deviation).max() < 3.0
    assert len(own.points) <= 120
    best = np.mean([own.target.misfit(outputs(points[-1], seed)) for seed in range(8)])
    assert best < 1.3 < 2.0 < np.mean([own.target.misfit(outputs(START, seed)) for seed in range(8)])


def test_the_same_seed_searches_the_same_and_another_elsewhere() -> None:
    one, same, other = (diary() for _ in range(3))
    for own, seed in ((one, 3), (same, 3), (other, 4)):
        surrogate_search(own, START, 40, seed)
    assert np.array_equal(np.array(one.points), np.array(same.points))
    assert not np.array_equal(np.array(one.points), np.array(other.points))


def test_spsa_reaches_the_least_of_a_noisy_bowl_at_the_rim_too() -> None:
    least = np.array([0.2, 0.8, 1.0, 0.5, 0.0])
    noise = np.random.default_rng(1)

    def measure(points: Sequence[Floats], _number: int) -> list[float]:
        common = 0.05 * noise.standard_normal()
        return [float(((one - least) ** 2).sum()) + common + 0.01 * noise.standard_normal() for one in points]

    walk = spsa(measure, np.full(5, 0.5), 150, seed=2)
    assert np.abs(walk.point - least).max() < 0.1
    assert walk.points.min() >= 0.0 and walk.points.max() <= 1.0


def test_an_emulator_tells_a_quadratic_and_its_slopes_exactly() -> None:
    draws = np.random.default_rng(0)
    points = draws.random((40, 2))
    bent = draws.standard_normal((3, 6))

    def exact(one: Floats) -> Floats:
        a, b = one
        return np.asarray(bent @ np.array([1.0, a, b, a * a, a * b, b * b]))

    learned = emulated(points, np.array([exact(one) for one in points]))
    at, step = np.array([0.3, 0.8]), np.array([1e-5, 0.0])
    assert learned.outputs(at) == pytest.approx(exact(at), abs=2e-2)
    assert learned.slopes(at)[:, 0] == pytest.approx((exact(at + step) - exact(at - step)) / 2e-5, abs=0.1)


@given(some.sampled_from(sorted(KINDS)), some.floats(0, 1))
def test_every_point_is_a_value_within_bounds_and_comes_back(name: str, at: float) -> None:
    kind = KINDS[name]
    space = Space((Parameter(kind, "cars", kind.usual, kind.low, kind.high),))
    value = space.values(np.array([at]))[f"cars {name}"]
    assert kind.low - 1e-9 <= value <= kind.high + 1e-9
    assert space.point({f"cars {name}": value})[0] == pytest.approx(at, abs=1e-9)
    assert space.values(np.array([at + 2.0]))[f"cars {name}"] == pytest.approx(kind.high)
    assert kind.source and (kind.unit or kind.usual <= 1.0)


def test_one_sensor_that_lies_weighs_little_and_sorts_weigh_alike() -> None:
    assert robust(np.array([0.1]))[0] == pytest.approx(0.01, rel=1e-2)
    assert robust(np.array([20.0]))[0] < 2 * 3.0 * 20.0
    assert weights_of(("flow", "flow", "flow", "speed")) == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_what_is_no_better_where_nobody_looked_is_not_kept() -> None:
    kinds = ("speed",) * 40
    places = tuple(f"s{at}" for at in range(40))
    target = Target(np.zeros(40), np.ones(40), kinds, places, weights_of(kinds))
    held = np.arange(40) >= 20
    draws = np.random.default_rng(4)
    before = 2.0 + 0.2 * draws.standard_normal((3, 40))
    only_used = np.where(held, 2.0, 0.0) + 0.2 * draws.standard_normal((3, 40))
    assert not judged(target, held, before, only_used).kept
    everywhere = judged(target, held, before, before / 2)
    assert everywhere.left is None
    far = judged(target, held, 3 * before, 2 * before)
    assert far.left is not None and "signal plans" in far.left["en"]
    assert everywhere.kept and everywhere.held_after is not None
    assert everywhere.held_after.errors["speed"] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("names", [("tau", "rho"), ("tau", "tau"), ()])
def test_names_that_are_none_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        kinds_of(names)
