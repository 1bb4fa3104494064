"""Searches against what cannot be wrong: routes against Dijkstra, stations against trying every choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, combinations_with_replacement

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from models.check import Check
from models.emergency.dispatching import expected_coverage
from models.emergency.siting import max_covering, max_expected_covering, p_median
from models.routing import Floats, Router
from models.routing.engines import route_kernel
from models.routing.kernel import TICK_S
from models.streams import stream

GRAPHS, CASES = 20, 30


def searches() -> Iterator[Check]:
    """Routes on random graphs, then stations."""
    yield _routes()
    yield from _sites()


def _routes() -> Check:
    """Every node to every node, weights in whole ticks, some arcs shut: the kernel must be right to the last one."""
    worst = 0.0
    for seed in range(GRAPHS):
        draw, nodes = stream(seed, "validation graphs"), 60
        tail, head = (draw.integers(0, nodes, 240) for _ in range(2))
        first = np.unique(np.column_stack([tail, head]), axis=0)
        tail, head = first[first[:, 0] != first[:, 1]].T
        weights = draw.integers(1, 300_000, len(tail)) * TICK_S
        weights[draw.random(len(tail)) < 0.1] = np.inf
        kernel = route_kernel(nodes, tail, head, draw.random((nodes, 2)))
        kernel.weigh(weights)
        open_arcs = np.isfinite(weights)
        arcs = (weights[open_arcs], (tail[open_arcs], head[open_arcs]))
        right = dijkstra(csr_matrix(arcs, shape=(nodes, nodes)))
        worst = max(worst, difference_s(kernel.times(np.arange(nodes), np.arange(nodes)), right))
    return Check(f"Routes, {GRAPHS} random graphs of 60 nodes", "verification", "most from Dijkstra, s", worst, 1e-6)


def streets(name: str, router: Router) -> Check:
    """The same on a city's streets, turn by turn, from 40 edges to all."""
    starts = np.flatnonzero(np.isin(np.arange(router.edges), router.turns.tail))
    starts = starts[:: max(1, len(starts) // 40)]
    right = router.times_from(starts, router.free_s)
    ours = np.stack([router.routes.times_from(int(start)) for start in starts])
    worst = difference_s(ours, right)
    return Check(f"Routes, {name}, {router.edges} road edges", "verification", "most from Dijkstra, s", worst, 0.05)


def difference_s(ours: Floats, right: Floats) -> float:
    """The greatest difference (s); infinite where one has a way and the other none."""
    if (np.isfinite(ours) != np.isfinite(right)).any():
        return float("inf")
    reached = np.isfinite(right)
    return float(np.abs(ours[reached] - right[reached]).max(initial=0.0))


def _sites() -> Iterator[Check]:
    """Six sites and eight places: every choice is tried."""
    cases: list[tuple[str, Callable[[Floats, Floats, int], float]]] = [
        ("p-median", _median), ("MCLP", _cover), ("MEXCLP", _expected),
    ]  # fmt: skip
    for name, off in cases:
        worst = 0.0
        for seed in range(CASES):
            draw = stream(seed, f"validation {name}")
            times: Floats = np.array(draw.integers(1, 30, (6, 8)), dtype=np.float64) * 60.0
            worst = max(worst, off(times, np.array(draw.integers(1, 9, 8), dtype=np.float64), int(draw.integers(1, 5))))
        yield Check(f"Sites, {name}, {CASES} drawn towns", "verification", "from the best choice", worst, 1e-6)


def _median(times: Floats, weights: Floats, count: int) -> float:
    best = min(np.average(times[list(c)].min(axis=0), weights=weights) for c in combinations(range(6), count))
    return abs(p_median(times, weights, count).value - float(best))


def _cover(times: Floats, weights: Floats, count: int) -> float:
    reach = times <= 480.0
    best = max(weights[reach[list(c)].any(axis=0)].sum() for c in combinations(range(6), count))
    return abs(max_covering(reach, weights, count).value - float(best))


def _expected(times: Floats, weights: Floats, count: int) -> float:
    reach = times <= 480.0
    choices = combinations_with_replacement(range(6), count)
    best = max(expected_coverage(reach[list(c)].sum(axis=0), weights, 0.4) for c in choices)
    return abs(max_expected_covering(reach, weights, count, 0.4).value - best)
