"""Baselines: right where the answer is known, and never from what is yet to come."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.skill import covered, scored
from calibration.skill.baselines import (
    Baseline,
    Blend,
    Boosting,
    HistoricalMean,
    Past,
    Persistence,
    baselines,
    boosting_missing,
    typical_days,
)
from calibration.skill.baselines.past import Array

PERIODS, PLACES = 48, 6
WITHOUT = boosting_missing()


def two_kinds(days: int, seed: int) -> tuple[Array, Array]:
    """Counts (D, N, T) of days with a peak early (kind 0) or late (kind 1), and the kinds."""
    draw = np.random.default_rng(seed)
    at = np.arange(PERIODS)
    shapes = np.stack([10 + 30 * np.exp(-(((at - peak) / 6.0) ** 2)) for peak in (14, 32)])
    kinds = np.arange(days) % 3 % 2
    size = draw.uniform(0.5, 2.0, (PLACES, 1))
    return draw.poisson(shapes[kinds][:, None] * size).astype(np.float64), kinds


def past_of(values: Array) -> Past:
    return Past("flow", tuple(f"e{n}" for n in range(PLACES)), 0.0, 300.0, values)


def test_days_are_gathered_by_shape_and_recognised_by_their_morning() -> None:
    values, kinds = two_kinds(12, 1)
    days = typical_days(past_of(values[:10]))
    assert days.kinds.tolist() == kinds[:10].tolist()
    for late in (10, 11):
        assert days.kind_of(values[late][:, :12]) == kinds[late]
    assert days.kind_of(np.empty((PLACES, 0))) == 0
    alike = np.random.default_rng(5).poisson(20.0, (10, PLACES, PERIODS)).astype(float)
    assert len(set(typical_days(past_of(alike)).kinds.tolist())) == 1, "noise has no kinds"


def test_a_day_is_left_out_of_its_own_mean() -> None:
    values, _ = two_kinds(10, 2)
    values[4, 0, 7] = np.nan
    days = typical_days(past_of(values))
    others = [day for day in np.flatnonzero(days.kinds == days.kinds[3]) if day != 3]
    assert days.without(3, values[3]) == pytest.approx(np.nanmean(values[others], axis=0))


def test_the_blend_finds_the_weight_that_made_the_days() -> None:
    draw, keep = np.random.default_rng(3), 0.7
    noise = draw.normal(size=(40, PLACES, PERIODS))
    walk = np.zeros_like(noise)
    for at in range(1, PERIODS):
        walk[:, :, at] = keep * walk[:, :, at - 1] + noise[:, :, at]
    rule = Blend(past_of(50.0 + walk))
    said = rule(50.0 + np.full((PLACES, 5), 10.0), 3)
    assert said[:, 0] == pytest.approx(50.0 + 10.0 * keep, abs=1.0)
    assert said[:, 2] == pytest.approx(50.0 + 10.0 * keep**3, abs=1.5)


def test_intervals_from_own_errors_hold_what_comes() -> None:
    values, _ = two_kinds(24, 4)
    family = baselines(past_of(values[:20]), periods=6, boosting=False)
    assert [one.name for one in family] == ["persistence", "historical mean", "blend"]
    inside: dict[str, list[Array]] = {}
    error: dict[str, list[Array]] = {}
    for day in values[20:]:
        for now in range(6, PERIODS - 6):
            for one in family:
                said = scored(one.forecast(day[:, :now], 300.0 * now), day[:, now : now + 6])
                inside.setdefault(one.name, []).append(covered(said.low, said.high, said.seen).astype(float))
                error.setdefault(one.name, []).append(np.abs(said.median - said.seen))
    for name, held in inside.items():
        assert 0.82 < np.mean(held) < 0.97, name
    assert np.mean(error["blend"]) < 1.02 * np.mean(error["historical mean"]) < np.mean(error["persistence"])


def test_what_is_yet_to_come_changes_nothing() -> None:
    values, _ = two_kinds(9, 6)
    for one in baselines(past_of(values[:8]), periods=4, boosting=False):
        said = one.forecast(values[8][:, :20], 6000.0)
        assert said.members.shape == (19, PLACES, 4) and said.made_s == said.begin_s == 6000.0
        again = one.forecast(values[8][:, :20].copy(), 6000.0)
        assert np.array_equal(said.members, again.members)


def test_gaps_are_bridged_and_where_nothing_is_known_nothing_is_said() -> None:
    values, _ = two_kinds(8, 7)
    values[:, 5] = np.nan
    so_far = np.full((PLACES, 4), np.nan)
    so_far[0] = [3.0, 7.0, np.nan, np.nan]
    for one in baselines(past_of(values), periods=3, boosting=False):
        said = one.forecast(so_far, 1200.0).median
        assert np.isnan(said[5]).all() and not np.isnan(said[0]).any(), one.name
    last = Persistence(past_of(values))(so_far, 2)
    assert last[0].tolist() == [7.0, 7.0] and np.isnan(last[1:]).all()


def test_past_its_end_a_short_day_says_nothing_and_a_whole_one_goes_around() -> None:
    values, _ = two_kinds(8, 8)
    short = Baseline("historical mean", HistoricalMean, past_of(values), 4)
    assert np.isnan(short.forecast(values[0][:, :46], 0.0).median[:, 2:]).all()
    whole = Past("flow", tuple("abcdef"), 0.0, 1800.0, values)
    rule = baselines(whole, periods=4, boosting=False)[1]._rule
    assert rule(values[0][:, :46], 4)[:, 2:] == pytest.approx(rule(values[0][:, :0], 2))


@pytest.mark.skipif(WITHOUT is not None, reason=(WITHOUT or {"en": ""})["en"])
def test_boosting_learns_what_the_blend_cannot_and_is_the_same_twice() -> None:
    draw = np.random.default_rng(9)
    at = np.arange(PERIODS) + draw.uniform(0.0, 16.0, (12, PLACES, 1))
    values = 30.0 + 20.0 * np.sin(2 * np.pi * at / 16.0) + draw.normal(size=at.shape)  # who rises goes on to rise
    past = past_of(values[:11])
    rules = {"boosting": Boosting(past, rounds=40, periods=2), "blend": Blend(past)}
    errors = {
        name: np.mean([np.abs(rule(values[11][:, :now], 2) - values[11][:, now : now + 2]) for now in range(8, 40)])
        for name, rule in rules.items()
    }
    assert errors["boosting"] < 0.6 * errors["blend"]
    again = Boosting(past, rounds=40, periods=2)
    assert np.array_equal(again(values[11][:, :20], 2), rules["boosting"](values[11][:, :20], 2))
