"""The correction: closed forms of one path and one sensor, draws around the mode, and a count that lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from calibration.live.belief import Groups
from calibration.live.correcting import Correction, correct


def corrected(
    counted: np.ndarray, usual: float = 1e4, deviation: float = 0.2, memory_s: float = 1e9, **more: int
) -> Correction:
    """One path, counted at once by each of some sensors (S, C); two periods more than were counted."""
    sensors, past = counted.shape
    groups = Groups(csr_matrix(np.ones((1, 1))), np.array([deviation]), np.array([memory_s]))
    passed = csr_matrix(np.vstack([np.eye(past)] * sensors))
    flows = np.full((1, past + 2), usual)
    return correct(flows, groups, passed, counted, noise=0.0, begin_s=0.0, period_s=300.0, **more)


def test_many_vehicles_are_believed() -> None:
    found = corrected(np.array([[13000.0]]))
    assert found.flows[0] == pytest.approx([13000.0] * 3, rel=2e-3)
    assert found.expected[0, 0] == pytest.approx(13000.0, rel=2e-3)
    assert found.factor(300.0, 900.0)[1] == pytest.approx(1.3, rel=2e-3)


def test_a_gap_tells_nothing_and_the_future_forgets() -> None:
    assert corrected(np.array([[np.nan]])).flows[0] == pytest.approx([1e4] * 3)
    soon = np.log(corrected(np.array([[13000.0]]), memory_s=300.0).flows[0] / 1e4)
    assert soon[1] / soon[0] == pytest.approx(np.exp(-1.0), rel=1e-6)
    assert soon[2] / soon[0] == pytest.approx(np.exp(-2.0), rel=1e-6)


@settings(deadline=None, max_examples=20)
@given(st.floats(0.6, 1.6), st.integers(0, 50))
def test_pairs_of_members_lie_around_the_mode(times: float, seed: int) -> None:
    found = corrected(np.array([[100.0 * times]]), usual=100.0, members=6, seed=seed)
    assert found.draws.shape == (6, 1, 3)
    np.testing.assert_allclose(found.draws.mean(axis=0), found.flows)
    assert 100.0 * min(times, 1.0) - 1e-6 <= found.flows[0, 0] <= 100.0 * max(times, 1.0) + 1e-6


def test_draws_spread_as_the_posterior_does() -> None:
    """One count y of mean q e^z, z normal with deviation s: the posterior's variance is 1 / (1 / s^2 + y) nearly."""
    found = corrected(np.array([[100.0]]), usual=100.0, members=2000)
    spread = np.arctanh(found.draws[::2, 0, 0] / found.flows[0, 0] - 1.0)  # e^z / cosh z = 1 + tanh z
    assert spread.std() == pytest.approx((1.0 / 0.04 + 100.0) ** -0.5, rel=0.1)


def test_one_sensor_that_lies_is_doubted() -> None:
    told = np.full((4, 3), 400.0)
    told[3] = 0.0
    found = corrected(told, usual=300.0)
    assert found.doubted[3].max() < 0.1 < 0.8 < found.doubted[:3].min()
    assert found.flows[0, 0] == pytest.approx(400.0, rel=0.05)


def test_platoons_do_not_make_the_demand_look_smaller() -> None:
    """Counts often a little low and now and then much higher, as behind a signal: their mean is what counts."""
    rng = np.random.default_rng(2)
    told = rng.poisson(8.0 * rng.choice([0.6, 1.8], p=[2 / 3, 1 / 3], size=(40, 6))).astype(float)
    assert corrected(told, usual=8.0).flows[0, 0] == pytest.approx(told.mean(), rel=0.05)
