"""Whatever radar saw, no rain is negative, infinite or from nowhere; signals never fall as rain is added."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_radar import NOON, frames_of

from models.flood.rain import Gauge, crps, fss, hold_signals, nowcast_rain, rates_between, read_signal_table

SEEDS = st.integers(0, 2**31)


def weather(seed: int, shape: tuple[int, int] = (24, 28)) -> np.ndarray:
    """Three frames that follow no law: dry, wet or spiky, with holes."""
    draws = np.random.default_rng(seed)
    some = 10 ** draws.normal(0, draws.uniform(0.1, 2), (3, *shape))
    rates = np.where(draws.random((3, *shape)) < draws.random(), 0.0, some)
    if draws.random() < 0.5:
        rates[:, : draws.integers(1, 12), : draws.integers(1, 12)] = np.nan
    if draws.random() < 0.2:
        rates[draws.integers(0, 3)] = 0
    return rates


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_no_forecast_is_negative_or_more_than_was_seen(seed: int) -> None:
    rates = weather(seed)
    cast = nowcast_rain(frames_of(rates), members=2, leads=3, seed=seed)
    most = np.nanmax(rates, initial=0.0) * (1 + 1e-5)
    for rain in (cast.members_mm_h, cast.control_mm_h):
        known = rain[~np.isnan(rain)]
        assert np.all(known >= 0) and np.all(known <= most)
    assert np.all((cast.known >= 0) & (cast.known <= 1 + 1e-9))
    assert np.abs(cast.motion).max() <= 12


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(-4, 4), st.floats(-4, 4))
def test_rain_between_moments_is_within_what_was_seen(seed: int, down: float, right: float) -> None:
    rates = weather(seed)
    motion = np.stack([np.full(rates.shape[1:], down), np.full(rates.shape[1:], right)])
    made = rates_between(rates[0], rates[1], motion, 3)
    known = made[~np.isnan(made)]
    assert np.all(known >= 0) and np.all(known <= np.nanmax(rates[:2], initial=0.0) * (1 + 1e-9))


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 8))
def test_a_perfect_forecast_scores_perfectly_and_no_score_leaves_its_range(seed: int, members: int) -> None:
    rates = weather(seed)
    assert not crps(np.stack([rates[0]] * members), rates[0]) > 1e-9
    assert not crps(rates[:2], rates[2]) < 0
    for pixels in (1, 5):
        perfect = fss(rates[0], rates[0], threshold=0.5, pixels=pixels)
        assert np.isnan(perfect) or abs(perfect - 1) < 1e-9
        some = fss(rates[:2], rates[2], threshold=0.5, pixels=pixels)
        assert np.isnan(some) or -1e-9 <= some <= 1 + 1e-9


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0, 50))
def test_more_rain_never_lowers_a_signal(seed: int, more: float) -> None:
    draws = np.random.default_rng(seed)
    depth = draws.exponential(6, 14)
    ends = tuple(NOON - timedelta(hours=13 - at) for at in range(14))
    ahead = draws.exponential(8, (4, 2))
    steps, table = np.array([1800.0, 3600.0]), read_signal_table("cma")

    def held(extra: float) -> list[tuple[float, float, bool]]:
        gauge = Gauge("g", 25.0, 60.0, ends, np.append(depth[:-1], depth[-1] + extra), 3600.0)
        found = hold_signals(gauge, table, ahead_s=steps, ahead_mm=ahead + extra)
        return [(one.now_mm, one.chance, one.since is not None) for one in found]

    for less, greater in zip(held(0.0), held(more), strict=True):
        assert all(one <= other + 1e-9 for one, other in zip(less, greater, strict=True))
