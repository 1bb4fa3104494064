"""The forecast of visitors: it knows nothing of the future, learns what a holiday brings, and its intervals hold."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.visits import Forecast, OwnDay, VisitHistory, forecast_visits, score
from calibration.visits.weather import Weather
from networks.errors import BadInput

FIRST = date(2020, 4, 1)


def walk(days: int, seed: int, *, step: float = 0.1, noise: float = 0.1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(np.exp(8.0 + np.cumsum(rng.normal(0, step, days)) + rng.normal(0, noise, days)))


@settings(max_examples=12)
@given(st.integers(30, 69), st.integers(0, 1000), st.sampled_from(["low", "high", "gone", "closed"]))
def test_changing_the_future_changes_nothing(cut: int, seed: int, how: str) -> None:
    counts = walk(70, seed)
    other = counts.copy()
    other[cut:] = {"low": 1.0, "high": 1e6, "gone": np.nan, "closed": 0.0}[how]
    told, changed = (forecast_visits(VisitHistory(FIRST, one), 14).rolled for one in (counts, other))
    short = forecast_visits(VisitHistory(FIRST, counts[:cut]), 14).rolled
    for name in ("median", "low", "high"):
        asked, same, alone = (getattr(one, name)[..., :cut, :] for one in (told, changed, short))
        assert np.array_equal(asked, same) and np.array_equal(asked, alone)


def test_a_weekend_twice_as_full_is_learnt() -> None:
    days = np.arange(140)
    weekend = (FIRST.weekday() + days) % 7 >= 5
    found = forecast_visits(VisitHistory(FIRST, np.where(weekend, 2000.0, 1000.0)), 7, country=None)
    for one in found.days:
        assert one.median == pytest.approx(2000 if one.day.weekday() >= 5 else 1000, rel=0.03)
        assert one.low90 <= one.low80 <= one.median <= one.high80 <= one.high90


def test_what_an_event_and_rain_bring_is_learnt() -> None:
    days = 150
    rain = {FIRST + timedelta(days=day): ((day * 7919) % 3 * 10.0,) for day in range(days + 7)}
    own = {FIRST + timedelta(days=day): OwnDay(FIRST, "event", "us") for day in (20, 45, 71, 96, 121, 153)}
    wet = np.array([rain[FIRST + timedelta(days=day)][0] for day in range(days)])
    counts = 3000 / (1.0 + wet / 10.0) ** 0.5
    counts[[20, 45, 71, 96, 121]] *= 3.0
    found = forecast_visits(VisitHistory(FIRST, counts), 7, country=None, own=own, weather=Weather(("rain_mm",), rain))
    for place, one in enumerate(found.days):
        expected = 3000 / (1.0 + rain[one.day][0] / 10.0) ** 0.5 * (3.0 if place == 3 else 1.0)
        assert one.median == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_intervals_hold_what_they_promise(seed: int) -> None:
    found = forecast_visits(VisitHistory(FIRST, walk(500, seed)), 14, country=None)
    for one in score(found, horizons=(1, 7, 14)):
        assert one.held[0] == pytest.approx(0.8, abs=0.06) and one.held[1] == pytest.approx(0.9, abs=0.05)
        assert one.n == 500 - 120 - one.horizon


def test_it_beats_both_naive_forecasts_where_there_is_a_week_and_noise() -> None:
    week = np.array([1.0, 0.9, 0.9, 1.0, 1.2, 1.8, 1.7])[(FIRST.weekday() + np.arange(300)) % 7]
    found = forecast_visits(VisitHistory(FIRST, walk(300, 5, step=0.03) * week), 7, country=None)
    for one in score(found, horizons=(1, 7)):
        assert one.mae < 0.9 * one.mae_seasonal and one.mae < 0.9 * one.mae_naive


def test_the_seasons_are_learnt_once_there_are_two_years() -> None:
    days = np.arange(1600)
    year = 2.0 * np.pi * ((FIRST - date(2000, 1, 1)).days + days) / 365.2425
    noise = np.random.default_rng(7).normal(0, 0.05, 1600)
    found = forecast_visits(VisitHistory(FIRST, np.exp(8 + 0.6 * np.sin(year) + noise)), 28, country=None)
    (far,) = score(found, horizons=(28,), warm_up=1000)
    assert far.mae < 0.6 * far.mae_seasonal


def test_days_of_rest_and_closures() -> None:
    days = np.arange(120)
    rest = (FIRST.weekday() + days) % 7 == 0
    counts = np.where(rest, 0.0, 500.0)
    medians = {one.day.weekday(): one.median for one in forecast_visits(VisitHistory(FIRST, counts), 7).days}
    assert medians[0] == 0.0 and medians[1] == pytest.approx(500, rel=0.05)
    counts[-5:] = 0.0
    closed = forecast_visits(VisitHistory(FIRST, counts), 28).days
    assert closed[0].median == 0.0 and any(one.median > 400 for one in closed[15:])
    own = {FIRST + timedelta(days=123): OwnDay(FIRST, "closed", "us")}
    told = forecast_visits(VisitHistory(FIRST, np.full(120, 500.0)), 7, own=own).days
    assert (
        [one.median == 0.0 for one in told]
        == [one.kind == "closed" for one in told]
        == [False] * 3 + [True] + [False] * 3
    )


def test_no_more_than_the_capacity() -> None:
    found = forecast_visits(VisitHistory(FIRST, walk(80, 4)), 7, capacity=2500.0)
    assert all(one.high90 <= 2500.0 for one in found.days)
    assert any("more were counted" in note["en"] for note in found.notes)


@pytest.mark.parametrize(("days", "capacity", "told"), [(0, None, "0 days ahead"), (7, 0.0, "capacity is 0")])
def test_what_cannot_be_asked(days: int, capacity: float | None, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        forecast_visits(VisitHistory(FIRST, walk(40, 1)), days, capacity=capacity)
    with pytest.raises(BadInput, match="nobody came"):
        forecast_visits(VisitHistory(FIRST, np.zeros(40)), 7)


def test_a_short_history_is_not_judged() -> None:
    found: Forecast = forecast_visits(VisitHistory(FIRST, walk(60, 1)), 7)
    assert score(found, horizons=(1, 7)) == ()
