"""Sequential stopping: the interval that it stops at covers the truth about as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from networks.errors import BadInput
from scenarios.ensembles.sequential import LEAST, Goal, parse_goal, standing, until


def stopped(goal: Goal, rng: np.random.Generator, mean: float, spread: float, *, lognormal: bool = False) -> tuple:
    values: list[float] = []

    def extend(count: int) -> dict[str, list[float]]:
        more = count - len(values)
        drawn = rng.normal(mean, spread, more)
        if lognormal:  # the same mean and spread, skewed as delays are
            var = math.log(1 + (spread / mean) ** 2)
            drawn = rng.lognormal(math.log(mean) - var / 2, math.sqrt(var), more)
        values.extend(map(float, drawn))
        return {goal.measure: values}

    return until([goal], extend, most=400)[0], len(values)


@pytest.mark.parametrize(
    ("goal", "mean", "spread", "lognormal"),
    [
        (Goal("x", 0.05, True), 100.0, 10.0, False),
        (Goal("x", 0.05, True), 100.0, 20.0, False),
        (Goal("x", 0.10, True), 100.0, 40.0, False),
        (Goal("x", 2.0, False), 0.0, 6.0, False),
        (Goal("x", 0.05, True), 100.0, 20.0, True),
    ],
)
def test_the_interval_at_the_stop_covers_the_truth(goal: Goal, mean: float, spread: float, lognormal: bool) -> None:
    rng, hits, near, sizes, rounds = np.random.default_rng(11), 0, 0, [], 1000
    for _ in range(rounds):
        told, n = stopped(goal, rng, mean, spread, lognormal=lognormal)
        assert told.met and told.n == n
        hits += abs(told.mean - mean) <= told.half_width
        near += abs(told.mean - mean) <= (goal.half_width * abs(mean) if goal.relative else goal.half_width)
        sizes.append(n)
    assert hits / rounds >= 0.86  # 90 % intended; 3 standard errors of 1000 draws are 2.8 points
    assert near / rounds >= 0.89
    width = goal.half_width / (1 + goal.half_width) * mean if goal.relative else goal.half_width
    ideal = (stats.norm.ppf(0.95) * spread / width) ** 2  # known spread: Chow and Robbins' n grows towards it
    assert LEAST <= np.mean(sizes) <= max(LEAST, 1.35 * ideal) + 4


def test_a_half_width_is_that_of_the_t_interval() -> None:
    values = [4.0, 5.0, 9.0, 2.0]
    told = standing(Goal("x", 1.0, False), values)
    interval = stats.t.interval(0.90, 3, np.mean(values), stats.sem(values))
    assert (told.mean - told.half_width, told.mean + told.half_width) == pytest.approx(interval)


def test_it_stops_at_the_most_and_says_that_it_was_not_reached() -> None:
    rng = np.random.default_rng(1)
    asked: list[int] = []

    def extend(count: int) -> dict[str, list[float]]:
        asked.append(count)
        return {"x": [float(v) for v in rng.normal(1.0, 50.0, count)]}

    (told,) = until([Goal("x", 0.01, True)], extend, most=37)
    assert not told.met and asked == [10, 20, 37]
    assert "NOT reached" in told.words["en"] and "37 members" in told.words["en"] and "未达到" in told.words["zh"]


def test_what_never_varies_is_known_at_the_first_look_and_every_goal_must_be_met() -> None:
    asked: list[int] = []

    def extend(count: int) -> dict[str, list[float]]:
        asked.append(count)
        return {"still": [0.0] * count, "moving": [1.0, 3.0] * (count // 2)}

    assert all(one.met for one in until([Goal("still", 0.05, True)], extend, most=100))
    assert asked == [10]
    told = until([Goal("still", 0.05, True), Goal("moving", 0.2, False)], extend, most=1000)
    assert [one.met for one in told] == [True, True] and told[1].n > 50


@pytest.mark.parametrize(
    "text", ["", "mean_delay_s", "mean_delay_s=", "mean_delay_s=0%", "mean_delay_s=-1", "nosuch=5%", "mean_delay_s=e"]
)
def test_what_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_goal(text)


def test_goals_are_read() -> None:
    assert parse_goal("mean_delay_s=5%") == Goal("mean_delay_s", 0.05, True)
    assert parse_goal(" mean_delay_s = 2.5 ") == Goal("mean_delay_s", 2.5, False)
    assert str(parse_goal("mean_delay_s=5%")) == "5 %"
