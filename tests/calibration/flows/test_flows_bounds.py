"""Who passes when, what streets carry, and flows between counts and capacities: closed forms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix, identity
from small_nets import fork_net, line_net

from calibration.flows import PathSet, capacity
from calibration.flows.bounded_fit import bounded_fit
from calibration.flows.passing import at_edges, at_turns, passing

ONE = PathSet(
    ("a", "b", "c"), np.array([0, 3]), np.array([0, 1, 2]), np.array([0.0, 60.0, 120.0]), np.array([0]), np.array([2]),
    np.zeros(1),
)  # fmt: skip


def test_vehicles_pass_after_the_times_of_the_streets_and_are_gone_after_the_window() -> None:
    edge_s, wait_s = np.full((3, 2), 60.0), np.zeros((3, 2))
    rows = passing(ONE, at_edges(ONE, ("b", "c")), 2, edge_s, wait_s, 60.0).toarray()
    np.testing.assert_allclose(rows, [[0, 0], [1, 0], [0, 0], [0, 0]])  # b one period later, c beyond the end


def test_a_jam_and_a_wait_make_vehicles_late() -> None:
    edge_s, wait_s = np.full((3, 3), 1.0), np.zeros((3, 3))
    edge_s[0, 0] = 61.0  # who departs in the first minute enters b in the second, or in the third
    wait_s[0, 1] = 20.0  # a third of those of the second minute enter at all in the third
    rows = passing(ONE, at_edges(ONE, ("a", "b")), 2, edge_s, wait_s, 60.0).toarray()
    np.testing.assert_allclose(rows[:3], [[1, 0, 0], [0, 2 / 3, 0], [0, 1 / 3, 1]])
    np.testing.assert_allclose(rows[3:], [[0, 0, 0], [1, 2 / 3, 0], [0, 1 / 3, 1]])


def test_turns_are_watched_where_they_end() -> None:
    watched, pairs = at_turns(ONE)
    assert pairs == [("a", "b"), ("b", "c")]
    assert watched.tolist() == [-1, 0, 1]


def test_one_count_pulls_as_its_variance_says_and_a_bound_only_pulls_down() -> None:
    eye, none = identity(1, format="csr"), csr_matrix((0, 1))
    free = (none, np.zeros(0), np.ones(0))
    found = bounded_fit(np.array([50.0]), (eye, np.array([100.0]), np.array([2.0])), free)[0]
    assert np.log(found / 50.0) == pytest.approx((100.0 - found) / 4.0, rel=1e-3)  # h = q exp((c - h) / s^2)
    low = bounded_fit(np.array([50.0]), free, (eye, np.array([30.0]), np.array([0.1])))[0]
    assert low == pytest.approx(30.0, abs=0.5)
    high = bounded_fit(np.array([50.0]), free, (eye, np.array([80.0]), np.array([0.1])))[0]
    assert high == pytest.approx(50.0)


def test_streets_carry_what_lanes_and_right_of_way_let_through(tmp_path: Path) -> None:
    carried = capacity(line_net(tmp_path, lanes=(2, 1)), ("e0", "e1"))
    assert carried.edges.tolist() == [3600, 1800]
    fork = capacity(fork_net(tmp_path), ("right", "side", "out"))
    assert fork.edges[2] == 1800
    assert min(fork.edges[:2]) < 1000 < max(fork.edges[:2])  # one of them gives way where they join
