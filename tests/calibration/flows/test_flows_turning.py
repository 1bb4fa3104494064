"""Counts of turns: who is seen, held against a walk along each path, and what an estimate makes of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_flows_learned import GATES, hour, star

from calibration.counting import Counts
from calibration.flows import PathSet, Prior, TurnCounts, estimate, find_paths, learned_prior
from calibration.flows.turning import passes, seeing
from networks.errors import BadInput

EDGES = ("a", "b", "c", "d")


def some_paths(walks: list[list[int]]) -> PathSet:
    lengths = [len(walk) for walk in walks]
    indices = np.array([edge for walk in walks for edge in walk], dtype=np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    ends = [np.array([walk[at] for walk in walks], dtype=np.int64) for at in (0, -1)]
    return PathSet(EDGES, indptr, indices, 10.0 * np.arange(len(indices)), ends[0], ends[1], np.zeros(len(walks)))


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=6), min_size=1, max_size=6),
    st.lists(st.sampled_from([*EDGES, "elsewhere"]), max_size=4),
    st.lists(st.tuples(st.sampled_from(EDGES), st.sampled_from([*EDGES, "elsewhere"])), max_size=4),
)
def test_seen_is_what_a_walk_along_each_path_meets(
    walks: list[list[int]], edges: list[str], turns: list[tuple[str, str]]
) -> None:
    paths = some_paths(walks)
    counts = Counts(tuple(f"s{n}" for n in range(len(edges))), tuple(edges), 0.0, 900.0, np.zeros((len(edges), 1)))
    turned = TurnCounts(tuple(turns), 0.0, 900.0, np.zeros((len(turns), 1)))
    found = passes(paths, seeing(paths, counts, turned)).toarray()
    names = [[EDGES[edge] for edge in walk] for walk in walks]
    wanted = [[walk.count(edge) for walk in names] for edge in edges]
    wanted += [[list(pairwise(walk)).count(turn) for walk in names] for turn in turns]
    np.testing.assert_array_equal(found, np.array(wanted, dtype=float).reshape(found.shape))


def test_a_turn_that_was_counted_has_its_vehicles_and_the_others_the_rest() -> None:
    roads = star()
    paths = find_paths(roads, draws=1)
    counts = hour(["in0"], [700.0])
    turned = TurnCounts((("in0", "out1"), ("in0", "out2")), 0.0, 3600.0, np.array([[500.0], [np.nan]]))
    prior = learned_prior(paths, roads, counts, turns=turned)
    found = estimate(paths, counts, prior, turns=turned)
    for flows in (prior.vehicles_h, found.flows[:, 0]):
        flow = {paths.path(n): float(flows[n]) for n in range(len(paths))}
        assert flow["in0", "out1"] == pytest.approx(500.0, rel=0.05)
        assert flow["in0", "out2"] + flow["in0", "out3"] == pytest.approx(200.0, rel=0.15)
    assert found.counted.shape == found.pull.shape == (1, 1)


def test_turns_of_other_periods_or_below_zero_are_refused() -> None:
    roads = star()
    paths = find_paths(roads, draws=1)
    quarter = TurnCounts((("in0", "out1"),), 0.0, 900.0, np.ones((1, 4)))
    with pytest.raises(BadInput, match="4 periods"):
        learned_prior(paths, roads, hour(["in0"], [5.0]), turns=quarter)
    with pytest.raises(BadInput, match="4 periods"):
        estimate(paths, hour(["in0"], [5.0]), Prior(np.ones(len(paths))), turns=quarter)
    with pytest.raises(BadInput, match="below zero"):
        TurnCounts((("in0", f"out{GATES - 1}"),), 0.0, 900.0, -np.ones((1, 4)))
