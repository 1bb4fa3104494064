"""Sensors go where they tell most: closed forms on small networks, greedy against every choice, and the bound."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.health import RouteFlows, site_sensors
from models.streams import stream
from networks.errors import BadInput
from viz.calibration.apart import apart


def test_one_route_needs_one_sensor() -> None:
    """All streets of a route carry the same flow: one count on any of them tells all, the longest weighs most."""
    flows = RouteFlows(("a", "b", "c"), np.full(3, 1e4), np.full((3, 3), 1e7))
    found = site_sensors(flows, [1, 1, 1], 1)
    noise = 1e4 + 500.0**2 + 1
    assert found.sites[0].taken == pytest.approx(1e7 / (1e7 + noise))
    assert found.bound == pytest.approx(0.0, abs=1e-9)
    again = site_sensors(flows, [1, 1, 1], 1, existing={"b"})
    assert again.before[0] ** 2 == pytest.approx(noise * 1e7 / (1e7 + noise))


def test_streets_apart_are_taken_by_variance_and_length() -> None:
    flows = RouteFlows(("a", "b", "c"), np.full(3, 1.0), np.diag([4e6, 1e6, 1e6]))
    assert [one.edge for one in site_sensors(flows, [1, 10, 1], 3).sites] == ["b", "a", "c"]
    assert [one.edge for one in site_sensors(flows, [1, 10, 1], 1, allowed={"c"}).sites] == ["c"]
    with pytest.raises(BadInput, match="4 sensors"):
        site_sensors(flows, [1, 1, 1], 4)


def test_greedy_stays_near_the_best_choice_and_nothing_undercuts_the_bound() -> None:
    for seed in range(6):
        rng = stream(seed, "siting")
        used = rng.random((9, 12)) < 0.35
        root = used * rng.uniform(50, 300, 12)
        flows = RouteFlows(tuple("abcdefghi"), root.sum(axis=1) + 1.0, root @ root.T + np.eye(9))
        weight = rng.uniform(50, 400, 9)
        found = site_sensors(flows, weight, 3)
        noise = flows.mean + (0.05 * flows.mean) ** 2 + 1.0
        share = weight / weight.sum()
        whole = float(share @ np.diag(flows.covariance))
        best = 1.0
        for rows in map(list, combinations(range(9), 3)):
            cross = flows.covariance[:, rows]
            seen = flows.covariance[np.ix_(rows, rows)] + np.diag(noise[rows])
            after = flows.covariance - cross @ np.linalg.solve(seen, cross.T)
            best = min(best, float(share @ np.diag(after)) / whole)
            if {flows.edges[row] for row in rows} == {one.edge for one in found.sites}:
                assert found.sites[-1].left == pytest.approx(float(share @ np.diag(after)) / whole)
        assert found.bound <= best + 1e-9
        assert 1 - found.sites[-1].left >= 0.9 * (1 - best)


@given(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=1, max_size=12))
def test_numbers_on_the_map_do_not_lie_on_each_other(spots: list[tuple[float, float]]) -> None:
    free = apart(np.array(spots), 24.0, np.array([900.0, 900.0]))
    away = np.hypot(*(free[:, None] - free[None]).transpose(2, 0, 1))
    assert (away + 100 * np.eye(len(free)) > 22).all()
    assert (free >= 0).all() and (free <= 900).all()
