"""Scores against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from calibration.skill import Forecast, covered, foretold, interval_score, scored
from models.flood.rain import crps_each


def crps_of_normal(away: float) -> float:
    """CRPS of N(0, 1) at `away` (Gneiting & Raftery 2007, equation 21)."""
    return float(away * (2 * norm.cdf(away) - 1) + 2 * norm.pdf(away) - 1 / np.sqrt(np.pi))


@pytest.mark.parametrize("away", [0.0, 0.7, -2.0])
def test_the_fair_score_of_few_draws_is_that_of_the_distribution_behind_them(away: float) -> None:
    draws = np.random.default_rng(3).normal(size=(8, 100_000))
    seen = np.full(100_000, away)
    assert crps_each(draws, seen, fair=True).mean() == pytest.approx(crps_of_normal(away), abs=0.005)
    assert crps_each(draws, seen).mean() > crps_of_normal(away) + 0.05, (
        "eight draws alone are worse than what they are of"
    )


def test_quantiles_stand_for_the_distribution_themselves() -> None:
    quantiles = norm.ppf((np.arange(19) + 0.5) / 19)[:, None, None] * np.ones((1, 1, 2))
    seen = np.array([[0.3, np.nan]])

    def said(source: str) -> Forecast:
        return Forecast(source, "flow", ("a",), 0.0, 0.0, 300.0, quantiles)

    found = scored(said("historical mean"), seen)
    assert found.crps[0, 0] == pytest.approx(crps_of_normal(0.3), abs=0.01) and np.isnan(found.crps[0, 1])
    assert scored(said("twin"), seen).crps[0, 0] < found.crps[0, 0]
    assert found.low[0, 0] == pytest.approx(-1.63, abs=0.1) and found.median[0, 0] == pytest.approx(0, abs=1e-12)


def test_members_that_say_nothing_are_left_out_place_by_place() -> None:
    members = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    assert crps_each(members, np.array([2.0, 0.0]), fair=True)[0] == pytest.approx(0.0)
    assert crps_each(members, np.array([2.0, 0.0]))[0] == pytest.approx(0.5)
    assert np.isnan(crps_each(members, np.array([2.0, 0.0]))[1])


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=12), st.floats(-50, 50))
def test_the_score_is_the_mean_over_all_pairs(values: list[float], seen: float) -> None:
    x = np.array(values)
    pairs = np.abs(x[:, None] - x).sum() / (2 * len(x) ** 2)
    assert crps_each(x, np.array(seen)) == pytest.approx(np.abs(x - seen).mean() - pairs, abs=1e-9)


def test_interval_score_is_least_for_the_right_interval() -> None:
    seen = np.random.default_rng(4).normal(size=200_000)
    scores = {z: float(interval_score(np.array(-z), np.array(z), seen).mean()) for z in (1.2, 1.645, 2.2)}
    assert min(scores, key=lambda z: scores[z]) == 1.645
    assert interval_score(np.array(0.0), np.array(4.0), np.array(5.0), 0.9) == pytest.approx(4 + 20)
    assert covered(np.array(-1.645), np.array(1.645), seen).mean() == pytest.approx(0.9, abs=0.005)


def test_slow_roads_foretold_missed_and_cried_wolf() -> None:
    median, seen = np.array([2.0, 2.0, 9.0, 9.0, np.nan, 2.0]), np.array([3.0, 8.0, 3.0, 8.0, 3.0, np.nan])
    told = foretold(median, seen, np.full(6, 4.0))
    assert [told.hit.tolist().index(True), told.false_alarm.tolist().index(True), told.miss.tolist().index(True)] == [
        0,
        1,
        2,
    ]
    assert told.hit.sum() == told.false_alarm.sum() == told.miss.sum() == 1
    deep = foretold(np.array([0.4]), np.array([0.5]), np.array([0.3]), below=False)
    assert deep.hit.all()
