"""The estimate against answers that are known: closed forms, counts that a hidden demand made, gaps, a liar."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import lambertw

from calibration.counting import Counts
from calibration.flows import PathSet, Prior, estimate
from calibration.flows.fitting import assignment, at_sensors
from networks.errors import BadInput


def path_set(*routes: tuple[int, ...], edge_s: float = 0.0) -> PathSet:
    """Paths over edges e0, e1, ... that each take `edge_s`."""
    edges = tuple(f"e{i}" for i in range(1 + max(max(route) for route in routes)))
    lengths = [len(route) for route in routes]
    return PathSet(
        edges,
        np.concatenate([[0], np.cumsum(lengths)]),
        np.array([edge for route in routes for edge in route]),
        np.concatenate([edge_s * np.arange(n) for n in lengths]),
        np.array([route[0] for route in routes]),
        np.array([route[-1] for route in routes]),
        np.zeros(len(routes)),
    )


def counted(edges: list[str], vehicles: list[list[float]], period_s: float = 3600.0) -> Counts:
    return Counts(tuple(f"s{i}" for i in range(len(edges))), tuple(edges), 0.0, period_s, np.array(vehicles))


def test_one_path_and_one_count_has_a_closed_form() -> None:
    """The optimum h = q exp(m), h + v m = c gives m = c/v - W(q/v exp(c/v))."""
    q, c, noise = 100.0, 130.0, 0.3
    v = c + (noise * c) ** 2
    fit = estimate(path_set((0, 1)), counted(["e1"], [[c]]), Prior(np.array([q]), total_known=True), noise=noise)
    m = c / v - float(lambertw(q / v * np.exp(c / v)).real)
    assert fit.flows[0, 0] == pytest.approx(q * np.exp(m), rel=1e-5)
    assert fit.pull[0, 0] == pytest.approx(m * np.sqrt(v), rel=1e-4)


def test_vehicles_on_their_way_are_counted_later() -> None:
    paths = path_set((0, 1), edge_s=450.0)
    sensors = counted(["e1"], [[0.0, 0.0, 0.0]], period_s=300.0)
    seen = at_sensors(assignment(paths, sensors), np.array([[60.0, 0.0, 0.0]]))
    assert seen.tolist() == [[0.0, 30.0, 30.0]]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_counts_that_a_demand_made_are_made_again(seed: int) -> None:
    rng = np.random.default_rng(seed)
    routes = [tuple(rng.permutation(6)[: rng.integers(1, 5)].tolist()) for _ in range(8)] + [(0, 1, 2, 3, 4, 5)]
    paths, hidden = path_set(*routes), rng.uniform(5.0, 400.0, (9, 1))
    sensors = counted(["e0", "e2", "e5"], [[0.0]] * 3)
    seen = at_sensors(assignment(paths, sensors), hidden)
    sensors = counted(["e0", "e2", "e5"], seen.tolist())
    prior = Prior(rng.uniform(20.0, 200.0, 9))
    fit = estimate(paths, sensors, prior, huber=1e9)
    deviation = np.sqrt(np.maximum(seen, 1.0) + (0.05 * seen) ** 2)
    assert np.abs(fit.counted - seen + fit.pull * deviation).max() < 1e-2 * seen.max()  # the dual's own condition
    sure = at_sensors(assignment(paths, sensors), estimate(paths, sensors, Prior(hidden[:, 0], True)).flows)
    assert sure == pytest.approx(seen, rel=1e-3)  # a true prior is left alone


def test_a_gap_says_nothing_and_a_total_is_held_where_no_count_speaks() -> None:
    paths = path_set((0, 1), (2, 3))
    prior = Prior(np.array([80.0, 40.0]), total_known=True)
    fit = estimate(paths, counted(["e1", "e3"], [[80.0], [np.nan]]), prior)
    assert fit.flows[:, 0] == pytest.approx([80.0, 40.0], rel=1e-4)
    assert fit.pull[1, 0] == 0.0


def test_a_liar_pulls_with_a_bounded_force() -> None:
    paths, edges = path_set((0, 1, 2, 3)), ["e0", "e1", "e2", "e3"]
    sensors, prior = counted(edges, [[500.0], [500.0], [500.0], [50.0]]), Prior(np.array([500.0]), total_known=True)
    free, bound = (estimate(paths, sensors, prior, huber=huber) for huber in (1e9, 1.0))
    assert bound.flows[0, 0] > free.flows[0, 0] + 50.0
    assert np.abs(bound.pull).max() == pytest.approx(1.0)
    assert bound.pull[3, 0] == pytest.approx(-1.0)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(BadInput, match="prior of 1 paths"):
        estimate(path_set((0,), (1,)), counted(["e0"], [[1.0]]), Prior(np.ones(1)))
    with pytest.raises(BadInput, match="no path passes"):
        estimate(path_set((0,)), counted(["x"], [[1.0]]), Prior(np.ones(1)))
    with pytest.raises(BadInput, match="not above 0"):
        Prior(np.array([1.0, 0.0]))
