"""The update against Kalman's closed form; what it may never do; and its worth on gauges that it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import stream
from models.flood import Water, uniform_rain
from models.flood.assimilation import (
    AlarmScore,
    FloodEnsemble,
    FloodMember,
    LevelGauge,
    kalman_increments,
    pond_of,
    score_alarms,
)
from models.flood.forcing import Pump
from models.flood.surface.ground import prepare_ground
from models.flood.surface.numerics import Numerics
from networks.errors import BadInput


def _exact(members: int, mean: float, variance: float) -> np.ndarray:
    """(members, 1) numbers of exactly this mean and variance."""
    raw = np.random.default_rng(5).standard_normal(members)
    return (mean + (raw - raw.mean()) / raw.std(ddof=1) * np.sqrt(variance))[:, None]


def test_one_number_moves_as_kalman_says() -> None:
    prior, p, r, y = _exact(40, 0.3, 0.04), 0.04, 0.1, 0.7
    gain = p / (p + r**2)
    after = prior + kalman_increments(prior, prior, np.array([y]), np.array([r]))
    assert after.mean() == pytest.approx(0.3 + gain * (y - 0.3))
    assert after.var(ddof=1) == pytest.approx(p * (1 - gain / 2) ** 2)
    assert after.var(ddof=1) - p * (1 - gain) == pytest.approx(gain**2 * p / 4)


def test_perturbed_observations_have_kalmans_mean_and_with_many_members_its_variance() -> None:
    prior, r = _exact(20_000, 0.3, 0.04), 0.1
    gain = 0.04 / (0.04 + r**2)
    moved = kalman_increments(
        prior, prior, np.array([0.7]), np.array([r]), method="perturbed", draws=stream(1, "gauges")
    )
    after = prior + moved
    assert after.mean() == pytest.approx(0.3 + gain * 0.4)
    assert after.var(ddof=1) == pytest.approx(0.04 * (1 - gain), rel=0.03)


def test_what_is_not_seen_moves_by_its_regression_on_what_is() -> None:
    seen = _exact(30, 1.0, 0.25)
    state = np.hstack([seen, 3 - 2 * seen, np.full_like(seen, 9.0)])
    moved = kalman_increments(state, seen, np.array([1.5]), np.array([0.5]))
    np.testing.assert_allclose(moved[:, 1], -2 * moved[:, 0])
    np.testing.assert_allclose(moved[:, 2], 0, atol=1e-14)


def test_a_poor_gauge_moves_little_and_two_alike_count_twice() -> None:
    prior = _exact(30, 0.0, 1.0)
    one = kalman_increments(prior, prior, np.array([1.0]), np.array([1.0])).mean()
    two = kalman_increments(prior, np.hstack([prior, prior]), np.ones(2), np.ones(2)).mean()
    poor = kalman_increments(prior, prior, np.array([1.0]), np.array([100.0])).mean()
    assert (one, two) == (pytest.approx(1 / 2), pytest.approx(2 / 3))
    assert 0 < poor < 1e-3


@pytest.mark.parametrize(
    "given",
    [
        (np.zeros((1, 1)), np.zeros((1, 1)), np.zeros(1), np.ones(1)),
        (np.zeros((3, 1)), np.zeros((2, 1)), np.zeros(1), np.ones(1)),
        (np.zeros((3, 1)), np.zeros((3, 1)), np.array([np.nan]), np.ones(1)),
        (np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(1), np.zeros(1)),
    ],
)
def test_updates_that_cannot_be_are_refused(given: tuple[Any, ...]) -> None:
    with pytest.raises(BadInput):
        kalman_increments(*given)
    with pytest.raises(BadInput, match="without draws"):
        kalman_increments(np.eye(2), np.eye(2), np.zeros(2), np.ones(2), method="perturbed")
    with pytest.raises(BadInput, match="positive standard error"):
        LevelGauge("g", 0, 0.0)


def test_a_pond_ends_at_its_shore() -> None:
    depth = np.zeros((2, 3, 5))
    depth[0, 1, :2] = 0.5
    depth[1, 1, 1] = depth[1, 1, 2] = 0.5
    depth[1, 0, 4] = 0.5
    assert pond_of(depth, 6).tolist() == [5, 6, 7]
    assert pond_of(depth, 4).tolist() == [4]
    assert pond_of(depth, 14).size == 0


def _member(depth: np.ndarray, bed: np.ndarray, factor: float = 1.0) -> FloodMember:
    ground = prepare_ground(bed, 5.0, border="closed")
    return FloodMember(Water(ground, 5.0, Numerics(), depth), rain_factor=factor)


def test_a_gauge_moves_its_own_pond_alone_and_the_ledger_books_it() -> None:
    bed = np.tile([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0], (3, 1))
    members = []
    for level in (0.2, 0.3, 0.4):
        members.append(_member(np.where(bed == 0, level, 0.0), bed))
    ensemble = FloodEnsemble(members, correct_rain=False)
    update = ensemble.assimilate([LevelGauge("g", 8, 0.01)], {"g": 0.5})
    depth = ensemble.depth_m()
    assert update.used == ("g",)
    np.testing.assert_allclose(depth[:, :, 1:3].mean(axis=0), 0.5, atol=0.005)
    np.testing.assert_array_equal(depth[:, 0, 4], [0.2, 0.3, 0.4])
    for one in members:
        assert one.water.ledger().booked_m3["assimilated"] > 0
        assert one.water.ledger().error <= 1e-12
    assert update.moved_m3 == pytest.approx(np.mean([m.water.ledger().booked_m3["assimilated"] for m in members]))


def test_gauges_that_no_member_can_hear_are_named() -> None:
    bed = np.zeros((2, 3))
    ensemble = FloodEnsemble([_member(np.full((2, 3), 0.1), bed) for _ in range(3)])
    said = {"same": 0.4, "silent": float("nan")}
    update = ensemble.assimilate([LevelGauge("same", 0, 0.1), LevelGauge("silent", 1, 0.1)], said)
    assert (update.used, update.unheard, update.moved_m3) == ((), ("same",), 0.0)
    with pytest.raises(BadInput, match="negative depth"):
        ensemble.assimilate([LevelGauge("same", 0, 0.1)], {"same": -0.4})


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["deterministic", "perturbed"]))
def test_no_update_makes_a_negative_depth_or_opens_the_ledger(seed: int, method: Any) -> None:
    rng = np.random.default_rng(seed)
    bed = rng.normal(0, 0.3, (5, 6))
    members = [_member(np.maximum(rng.normal(0.1, 0.2, (5, 6)), 0), bed, rng.random() + 0.1) for _ in range(4)]
    ensemble = FloodEnsemble(members, seed=seed, method=method)
    gauges = [
        LevelGauge(str(k), int(cell), float(rng.choice([0.001, 0.1, 5.0]))) for k, cell in enumerate(range(0, 30, 7))
    ]
    for moment in (20.0, 40.0, 60.0):
        ensemble.advance(moment)
        ensemble.assimilate(gauges, {one.name: abs(rng.normal(0, 1)) for one in gauges})
        depth = ensemble.depth_m()
        assert np.all(np.isfinite(depth)) and depth.min() >= 0
    assert max(one.water.ledger().error for one in members) <= 1e-12


def _valley() -> np.ndarray:
    """Three hollows of one slope, each with a catchment of its own."""
    y, x = np.mgrid[0:18, 0:30]
    hollow = sum(-1.2 * np.exp(-((x - cx) ** 2 + (y - 9) ** 2) / 12.0) for cx in (5, 15, 25))
    return np.asarray(0.02 * abs(y - 9) + hollow)


LIMIT_M = 0.55
HELD_BACK = {"near": 9 * 30 + 6, "far": 9 * 30 + 25, "hill": 9 * 30 + 10}


def _storm(seed: int, truth_factor: float, assimilated: bool) -> tuple[float, float, AlarmScore]:
    """A hidden run is the truth; the ensemble sees two of its gauges, and alarms when half of it floods within 15 min.

    Returns:
        RMSE (m) and spread (m) at gauges that are held back, over all times, and the score of alarms there.
    """
    bed = _valley()
    rain = uniform_rain(depth_mm=30, duration_s=3600, source="test")
    truth = _member(np.zeros(bed.shape), bed, truth_factor)
    truth.rain = rain
    draws = stream(seed, "rain")
    members = [_member(np.zeros(bed.shape), bed, float(np.exp(0.4 * draws.standard_normal()))) for _ in range(8)]
    for one in members:
        one.rain = rain
    ensemble = FloodEnsemble(members, seed=seed)
    gauges = [LevelGauge("west", 9 * 30 + 5, 0.02), LevelGauge("middle", 9 * 30 + 15, 0.02)]
    places, noise, wrong, spread = list(HELD_BACK.values()), stream(seed, "gauge noise"), [], []
    flooded: dict[str, float | None] = dict.fromkeys(HELD_BACK)
    alarmed: dict[str, float | None] = dict.fromkeys(HELD_BACK)
    for now in range(300, 3301, 300):
        truth.advance(now)
        ensemble.advance(now)
        real = truth.water.depth_m.reshape(-1)
        if assimilated:
            said = {one.name: max(0.0, float(real[one.cell] + 0.02 * noise.standard_normal())) for one in gauges}
            ensemble.assimilate(gauges, said)
        flat = ensemble.depth_m().reshape(8, -1)[:, places]
        wrong.append(flat.mean(axis=0) - real[places])
        spread.append(flat.std(axis=0))
        _, ahead = ensemble.forecast_m(now + 900.0, 900.0, places)
        for at, name in enumerate(HELD_BACK):
            if flooded[name] is None and real[places[at]] > LIMIT_M:
                flooded[name] = float(now)
            if alarmed[name] is None and (ahead[:, -1, at] > LIMIT_M).mean() >= 0.5:
                alarmed[name] = float(now)
    return float(np.sqrt(np.mean(np.square(wrong)))), float(np.mean(spread)), score_alarms(flooded, alarmed)


def test_gauges_help_where_nobody_measured() -> None:
    """Nearly twice the rain that was expected: the alarm comes earlier, at the gauge's pond and at another one."""
    free, wide, blind = _storm(3, 1.8, assimilated=False)
    near, narrow, seeing = _storm(3, 1.8, assimilated=True)
    assert near < 0.5 * free
    assert narrow < wide
    assert seeing.csi == 1
    assert seeing.quiet == ("hill",)
    assert seeing.mean_lead_s >= 600
    assert len(blind.hits) <= len(seeing.hits)
    assert np.nan_to_num(blind.mean_lead_s) < seeing.mean_lead_s


def test_gauges_take_false_alarms_away() -> None:
    """Half of the rain that was expected: without gauges people are warned of a flood that does not come."""
    _, _, blind = _storm(3, 0.5, assimilated=False)
    _, _, seeing = _storm(3, 0.5, assimilated=True)
    assert "far" in blind.false_alarms
    assert not seeing.false_alarms
    assert not seeing.misses


def test_a_forecast_leaves_its_members_where_they_are_and_comes_true() -> None:
    bed = _valley()
    members = [_member(np.full(bed.shape, 0.02 * k), bed, float(k)) for k in (1, 2)]
    members[1].forcings = [Pump("pump", [9 * 30 + 5], [[0, 0.1]], start_depth_m=0.3, stop_depth_m=0.2)]
    ensemble = FloodEnsemble(members)
    ensemble.advance(300)
    before = ensemble.depth_m()
    times, ahead = ensemble.forecast_m(700, 200, [9 * 30 + 5, 0])
    np.testing.assert_array_equal(ensemble.depth_m(), before)
    assert times.tolist() == [500, 700]
    ensemble.advance(500)
    ensemble.advance(700)
    np.testing.assert_array_equal(ahead[:, -1], ensemble.depth_m().reshape(2, -1)[:, [9 * 30 + 5, 0]])
    with pytest.raises(BadInput, match="time ahead"):
        ensemble.forecast_m(700, 200, [0])


def test_alarms_are_scored_by_the_book() -> None:
    flooded = {"a": 100.0, "b": 100.0, "c": None, "d": None, "e": 50.0}
    score = score_alarms(flooded, {"a": 40.0, "b": 120.0, "c": 10.0, "e": None})
    assert (score.hits, score.misses, score.false_alarms, score.quiet) == ({"a": 60.0}, ("b", "e"), ("c",), ("d",))
    assert (score.csi, score.false_alarm_ratio, score.mean_lead_s) == (0.25, 0.5, 60.0)
    nothing = score_alarms({"d": None}, {})
    assert np.isnan([nothing.csi, nothing.false_alarm_ratio, nothing.mean_lead_s]).all()
