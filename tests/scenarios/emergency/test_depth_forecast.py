"""Ways through foretold water: never too deep where the forecast is the truth, never refused without need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.routing import Router
from networks.errors import BadInput
from networks.graphs import RoadGraph
from scenarios.emergency.depth_forecast import DepthForecast, safe_reach

TIMES_S = np.arange(0.0, 601.0, 60.0)
LIMIT_M = 0.3


def small(rng: np.random.Generator, edges: int) -> RoadGraph:
    turns = rng.integers(0, edges, (2, 3 * edges))
    kept = turns[:, turns[0] != turns[1]]
    places = rng.uniform(0, 500, (edges, 2))
    return RoadGraph(
        tuple(f"e{n}" for n in range(edges)), rng.uniform(100, 900, edges), np.full(edges, 10.0), places, places,
        kept[0], kept[1], np.ones(edges, dtype=bool),
    )  # fmt: skip


def rising(rng: np.random.Generator, edges: int) -> np.ndarray:
    """(t, edges) water that only rises, so that waiting never helps."""
    steps = rng.uniform(0.0, 0.12, (len(TIMES_S), edges)) * (rng.random(edges) < 0.6)
    return np.cumsum(steps, axis=0).astype(np.float32)


def too_deep(depth_m: np.ndarray, edge: int, entered_s: float, left_s: float) -> bool:
    """By hand: at any output from the one before entering to the one after leaving."""
    begin = max(t for t, at in enumerate(TIMES_S) if at <= entered_s or t == 0)
    end = min((t for t, at in enumerate(TIMES_S) if at >= left_s), default=len(TIMES_S) - 1)
    return any(depth_m[t, edge] > np.float32(LIMIT_M) for t in range(begin, max(begin, end) + 1))


def ways(router: Router, origin: int, goal: int, seen: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    seen = (*seen, origin)
    if origin == goal:
        yield seen
        return
    turns = router.turns
    for head in turns.head[turns.indptr[origin] : turns.indptr[origin + 1]].tolist():
        if head not in seen:
            yield from ways(router, head, goal, seen)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), edges=st.integers(2, 8))
def test_where_the_forecast_is_the_truth_nothing_is_violated_and_nothing_refused_without_need(
    seed: int, edges: int
) -> None:
    rng = np.random.default_rng(seed)
    router, depth_m = Router(small(rng, edges)), rising(rng, edges)
    leave_s = float(rng.uniform(0.0, 300.0))
    risk = DepthForecast(TIMES_S, depth_m[None]).risk(LIMIT_M)
    found = safe_reach(router, router.free_s, risk, 0, leave_s)

    def arrives(way: tuple[int, ...]) -> float:
        now = leave_s + router.free_s[way[0]]
        for edge in way[1:]:
            if too_deep(depth_m, edge, now, now + router.free_s[edge]):
                return np.inf
            arrived, now = now, now + router.free_s[edge]
        return arrived if len(way) > 1 else leave_s

    for goal in range(1, edges):
        known = [arrives(way) for way in ways(router, 0, goal)]
        assert found.entered_s[goal] == pytest.approx(min(known, default=np.inf), abs=1e-6)


@given(seed=st.integers(0, 2**32 - 1))
def test_gauges_move_roads_as_the_members_say_and_never_below_dry(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rain = rng.uniform(0.5, 1.5, 30)
    base = rng.uniform(0.0, 0.5, (len(TIMES_S), 6))
    members = (rain[:, None, None] * base).astype(np.float32)
    truth = 1.1 * base
    gauge = float(truth[5, 0])
    moved = DepthForecast(TIMES_S, members).knowing(members[:, 5, [0]].astype(float), np.array([gauge]), 1e-4)
    assert (moved.depth_m >= 0.0).all() and moved.depth_m.shape == members.shape
    if base[5, 0] > 0.05:
        np.testing.assert_allclose(moved.depth_m.mean(axis=0), truth, atol=0.01)
        assert np.abs(moved.depth_m - truth).mean() < np.abs(members - truth).mean()


def test_chances_are_shares_of_members_and_hold_beyond_the_last_output() -> None:
    depth = np.zeros((4, len(TIMES_S), 2), dtype=np.float32)
    depth[0, 3:, 0] = depth[1, 5:, 0] = 1.0
    risk = DepthForecast(TIMES_S, depth).risk(LIMIT_M)
    at = lambda begin, end: risk.passing(np.full(2, begin), np.full(2, end)).tolist()  # noqa: E731
    assert at(0.0, 100.0) == [0.0, 0.0]
    assert at(100.0, 121.0) == [0.25, 0.0]  # the output after leaving counts
    assert at(170.0, 175.0) == [0.25, 0.0] and at(310.0, 330.0) == [0.5, 0.0] and at(9000.0, 9100.0) == [0.5, 0.0]
    pulse = np.zeros((1, len(TIMES_S), 2), dtype=np.float32)
    pulse[0, 2, 1] = 1.0
    seen = DepthForecast(TIMES_S, pulse).risk(LIMIT_M).passing(np.full(2, 50.0), np.full(2, 200.0))
    assert seen.tolist() == [0.0, 1.0]  # however long the road, water in between counts
    narrow = DepthForecast(TIMES_S, depth).between(100.0, 200.0)
    assert narrow.times_s.tolist() == [60.0, 120.0, 180.0, 240.0]


def test_a_chance_that_is_taken_opens_the_way() -> None:
    graph: Any = small(np.random.default_rng(0), 3)
    graph = RoadGraph(
        graph.edge_ids, graph.length_m, graph.speed_mps, graph.from_xy, graph.to_xy, np.array([0, 1]), np.array([1, 2]),
        graph.allowed,
    )  # fmt: skip
    depth = np.zeros((10, len(TIMES_S), 3), dtype=np.float32)
    depth[0, :, 1] = 1.0
    depth[:, :, 0] = 2.0  # where the unit stands
    router, risk = Router(graph), DepthForecast(TIMES_S, depth).risk(LIMIT_M)
    assert np.isinf(safe_reach(router, router.free_s, risk, 0, 0.0).entered_s[2])
    assert np.isfinite(safe_reach(router, router.free_s, risk, 0, 0.0, alarm=0.1).entered_s[2])


def test_depths_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="depths of"):
        DepthForecast(TIMES_S, np.zeros((2, 3, 4), dtype=np.float32))
