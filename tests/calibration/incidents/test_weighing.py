"""Errors fitted on usual days, and explanations weighed: sizes and correlations come back, and each kind is told."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.incidents.beforehand import begins_of
from calibration.incidents.densities import since
from calibration.incidents.errors import Away, Errors, fitted, roots, weight_of
from calibration.incidents.expected import Expected
from calibration.incidents.reach import Reach
from calibration.incidents.trying import Seen
from calibration.incidents.weighing import Closure, Weight, weigh
from models.streams import stream

PERIODS, PERIOD_S = 8, 300.0
REACH = Reach(("a", "b", "c"), np.eye(3) + np.diag([0.5, 0.5], -1), np.eye(3) + np.diag([0.5, 0.5], 1), np.ones(3))
"""One street a-b-c: a queue from b is seen on a, too, and what is blocked on b is missing on c."""
CLOSURES = {edge: Closure(edge, 1 / 3) for edge in REACH.edges}


def usual(flow: float = 30.0) -> Expected:
    shape = (3, PERIODS)
    return Expected(np.full(shape, flow), np.full(shape, flow**0.5), np.full(shape, np.log(12.0)), np.full(shape, 0.1))


def seen(seed: int, flow: float = 30.0, level: float = 1.0) -> Seen:
    rng = stream(seed, "weighing")
    return rng.poisson(level * flow, (3, PERIODS)).astype(float), 12.0 * np.exp(rng.normal(0, 0.1, (3, PERIODS)))


def kinds(found: list[Weight]) -> dict[str, float]:
    return {kind: sum(one.probability for one in found if one.kind == kind) for kind in {one.kind for one in found}}


def weighed(said: Seen, **more: object) -> list[Weight]:
    return weigh(usual(), said, CLOSURES, None, REACH, PERIOD_S, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "tails", "kept"), [(0.6, 4.0, 0.0), (1.5, 30.0, 0.3)])
def test_sizes_tails_and_correlation_of_errors_come_back(size: float, tails: float, kept: float) -> None:
    """8 days of 20 sensors and 24 periods: correlated as a share that stays all day is."""
    rng = stream(3, "errors")
    days = []
    for _ in range(8):
        stays = rng.standard_normal((20, 1)) * kept**0.5
        comes = rng.standard_t(tails, (20, 24)) * (1 - kept) ** 0.5
        days.append(Away(size * (stays + comes), size * comes, float(rng.normal(0, 0.1))))
    found = fitted(days)
    assert found.flow_size == pytest.approx(size, rel=0.15) and found.flow_kept == pytest.approx(kept, abs=0.06)
    assert found.speed_kept < 0.02 and 0.04 < found.level_sd < 0.2
    assert found.flow_tails <= 6 if tails == 4 else found.flow_tails >= 10


def test_correlated_periods_are_worth_as_many_as_their_mean_is_sure() -> None:
    """The mean of n errors with correlation r has variance (1 + (n - 1) r) / n: n / (1 + (n - 1) r) periods."""
    assert weight_of(0.0, 9) == 1.0 and weight_of(1.0, 9) == pytest.approx(1 / 9)
    assert weight_of(0.25, 5) == pytest.approx(0.5)


def test_roots_of_poisson_counts_are_standard_normal() -> None:
    away = roots(stream(1, "roots").poisson(20.0, 20_000).astype(float), np.array(20.0))
    assert away.std() == pytest.approx(1.0, abs=0.03) and abs(away.mean()) < 0.1


def test_sums_by_begin_are_those_of_a_loop() -> None:
    rng = stream(2, "sums")
    before, after = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
    own = [[before[row, :at].sum() + after[row, at:].sum() for at in range(5)] for row in range(2)]
    assert since(before, after) == pytest.approx(np.array(own))
    later = [*own[0][2:], before[0].sum()]
    assert since(before, after, 2)[0, 2] == pytest.approx(np.logaddexp(later[0], later[1]) - np.log(2))


def test_what_stands_may_have_begun_before() -> None:
    """One a day that lasts 45 minutes stands in a quarter of an hour with probability 1/24 on the mean."""
    often, begins = begins_of(300.0, 3)
    assert often["blocked"] == pytest.approx((2700 + 900) / 86400)
    assert np.exp(begins["blocked"]).tolist() == pytest.approx([2.5, 0.25, 0.25])


def test_a_usual_day_is_nothing_whatever_its_level() -> None:
    for seed in range(5):
        found = kinds(weighed(seen(seed, level=(1.0, 0.9, 1.1, 0.85, 1.15)[seed])))
        assert found["blocked"] < 0.05, found
        assert found["nothing"] > 0.5, found


def test_a_queue_is_a_blocked_lane_and_its_begin_is_told() -> None:
    flow, speed = seen(1)
    flow[:, 4:] *= 0.4
    speed[:2, 4:] *= 0.15
    best = weighed((np.round(flow), speed))[0]
    assert (best.kind, best.name) == ("blocked", "b") and best.late in (3, 4)


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_count_that_is_stuck_is_a_fault_and_not_a_blocked_lane(value: float) -> None:
    flow, speed = seen(1)
    flow[1, 3:] = value
    if value == 0:
        speed[1, 3:] = np.nan
    found = weighed((flow, speed))
    assert kinds(found)["sensor"] > 0.9 and found[0].name == "1", found[:3]


def test_a_doubted_sensor_proves_nothing() -> None:
    flow, speed = seen(1)
    flow[1, 3:] = 0.0
    found = kinds(weighed((flow, speed), doubted=(1,)))
    assert found["nothing"] > 0.9, found


def test_what_the_twin_foretells_decides_between_places() -> None:
    """The same counts, and copies of the twin that agree with one place and not with the other."""
    flow, speed = seen(2)
    fewer = flow.copy()
    fewer[:, 2:] = np.round(0.3 * fewer[:, 2:])
    base = (np.full((3, PERIODS), 30.0), np.full((3, PERIODS), 12.0))
    shut = (np.full((3, PERIODS), 9.0), np.full((3, PERIODS), 12.0))
    slow = (np.full((3, PERIODS), 30.0), np.full((3, PERIODS), 2.0))
    for right, wrong in (("a", "c"), ("c", "a")):
        closures = {right: Closure(right, 0.5, shut), wrong: Closure(wrong, 0.5, slow)}
        found = weigh(usual(), (fewer, speed), closures, base, REACH, PERIOD_S, errors=Errors())
        likes = {one.name: one.likelihood for one in found if one.kind == "blocked"}
        assert likes[right] > likes[wrong] + 2.0, likes
