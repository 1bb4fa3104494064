"""The route kernel against networkx, and its time-dependent labels against time-dependent Dijkstra and brute force."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import networkx as nx
import numpy as np
import pytest

from models.routing import EdgeForecast, Router, first_in_first_out
from models.routing.kernel import TICK_S


def random_graph(seed: int, edges: int, turns: int) -> Any:
    draw = np.random.default_rng(seed)
    tail, head = draw.integers(0, edges, turns), draw.integers(0, edges, turns)
    return SimpleNamespace(
        edge_ids=tuple(f"e{i}" for i in range(edges)),
        length_m=draw.uniform(20, 400, edges),
        speed_mps=draw.uniform(5, 20, edges),
        conn_from=tail.astype(np.int32),
        conn_to=head.astype(np.int32),
        allowed=draw.random(edges) > 0.05,
    )


def as_networkx(graph: Any, weights: np.ndarray) -> nx.DiGraph:
    city = nx.DiGraph()
    city.add_nodes_from(range(len(graph.edge_ids)))
    for u, v in zip(graph.conn_from, graph.conn_to, strict=True):
        if graph.allowed[u] and graph.allowed[v] and np.isfinite(weights[u]) and np.isfinite(weights[v]):
            city.add_edge(int(u), int(v), weight=weights[u])
    return city


def dijkstra_in_time(
    graph: Any, origin: int, depart: float, passing: Callable[[int, float], float], turn_s: np.ndarray | None = None
) -> np.ndarray:
    """Label-setting, the textbook way, as an oracle."""
    turns: dict[int, dict[int, float]] = {}
    costs = np.zeros(len(graph.conn_from)) if turn_s is None else turn_s
    for u, v, cost in zip(graph.conn_from, graph.conn_to, costs, strict=True):
        if graph.allowed[u] and graph.allowed[v] and np.isfinite(cost):
            known = turns.setdefault(int(u), {})
            known[int(v)] = min(known.get(int(v), np.inf), float(cost))
    labels = np.full(len(graph.edge_ids), np.inf)
    queue, settled = [(depart, origin)], set()
    labels[origin] = depart
    while queue:
        now, u = heapq.heappop(queue)
        if u in settled:
            continue
        settled.add(u)
        leaves = now + max(passing(u, now), 1e-3)
        for v, cost in turns.get(u, {}).items():
            if leaves + cost < labels[v]:
                labels[v] = leaves + cost
                heapq.heappush(queue, (leaves + cost, v))
    return labels


@pytest.mark.parametrize("seed", range(5))
def test_times_and_routes_equal_networkx(seed: int) -> None:
    graph = random_graph(seed, 120, 380)
    weights = np.random.default_rng(seed + 100).uniform(1, 60, 120)
    weights[::11] = np.inf
    kernel, city = Router(graph), as_networkx(graph, weights)
    origins = [1, 2, 3, 57]
    times = kernel.times_from(origins, weights)
    for row, origin in enumerate(origins):
        known = nx.single_source_dijkstra_path_length(city, origin)
        expected = np.array([known.get(i, np.inf) for i in range(120)])
        np.testing.assert_allclose(times[row], expected, rtol=1e-12)
        for destination in range(0, 120, 7):
            route = kernel.route(origin, destination, weights)
            if not np.isfinite(expected[destination]):
                assert route is None
                continue
            assert route is not None and (route[0], route[-1]) == (origin, destination)
            assert all(city.has_edge(u, v) for u, v in itertools.pairwise(route))
            assert sum(weights[u] for u in route[:-1]) == pytest.approx(expected[destination])
    rounded = 120 * TICK_S / 2
    np.testing.assert_allclose(kernel.matrix(origins, [5, 9], weights), times[:, [5, 9]], rtol=0, atol=rounded)


def forecast_of(seed: int, edges: int, *, depth: bool) -> EdgeForecast:
    draw = np.random.default_rng(seed)
    times = np.arange(0.0, 1801.0, 300.0)
    travel = draw.uniform(5, 400, (len(times), edges))
    depths = draw.uniform(0, 0.33, (len(times), edges)) if depth else np.zeros((len(times), edges))
    return EdgeForecast(times, first_in_first_out(times, travel), depths)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("depth", [False, True])
@pytest.mark.parametrize("waits", [False, True])
def test_time_dependent_labels_equal_time_dependent_dijkstra(seed: int, depth: bool, waits: bool) -> None:
    graph = random_graph(seed, 150, 520)
    draw = np.random.default_rng(seed + 9)
    turn_s = np.where(draw.random(520) < 0.1, np.inf, draw.uniform(0, 40, 520)) if waits else None
    forecast = forecast_of(seed, 150, depth=depth)
    usable = np.isfinite(np.zeros(520) if turn_s is None else turn_s) & graph.allowed[graph.conn_to]
    leads = np.bincount(graph.conn_from[usable], minlength=150)
    starts = [i for i in range(150) if graph.allowed[i] and np.isfinite(open_at(forecast, i, 120.0))]
    origin = max(starts, key=lambda i: leads[i])
    labels, _ = Router(graph, turn_s).times_at(origin, 120.0, lambda when: forecast.at(when, depth_limit_m=0.3))
    expected = dijkstra_in_time(graph, origin, 120.0, lambda u, t: open_at(forecast, u, t), turn_s)
    for i in np.flatnonzero(np.isfinite(expected)):
        if i != origin and not np.isfinite(open_at(forecast, int(i), expected[i])):
            expected[i] = np.inf
    np.testing.assert_allclose(labels, expected, rtol=0, atol=1e-6)
    assert np.isfinite(labels).sum() > 20


def open_at(forecast: EdgeForecast, edge: int, when: float) -> float:
    everywhere = np.full(forecast.depth_m.shape[1], when)
    return float(forecast.at(everywhere, depth_limit_m=0.3)[edge])


def simple_paths(graph: Any, origin: int, destination: int) -> Iterator[list[int]]:
    city = as_networkx(graph, np.ones(len(graph.edge_ids)))
    yield from nx.all_simple_paths(city, origin, destination)


@pytest.mark.parametrize("seed", range(8))
def test_no_path_at_all_is_quicker_in_time(seed: int) -> None:
    graph = random_graph(seed + 50, 12, 36)
    graph.allowed[:] = True
    forecast = forecast_of(seed, 12, depth=False)
    kernel = Router(graph)
    for destination in range(1, 12):
        arrivals = [60.0 + along(forecast, path, 60.0) for path in simple_paths(graph, 0, destination)]
        route, arrival = kernel.route_at(0, destination, 60.0, lambda when: forecast.at(when, depth_limit_m=0.3))
        if not arrivals:
            assert route is None and arrival == np.inf
            continue
        assert route is not None
        assert arrival == pytest.approx(min(arrivals), abs=1e-6)
        assert 60.0 + along(forecast, list(route), 60.0) == pytest.approx(arrival, abs=1e-6)


def along(forecast: EdgeForecast, path: list[int], depart: float) -> float:
    now = depart
    for edge in path[:-1]:
        now += open_at(forecast, edge, now)
    return now - depart


def test_a_road_that_floods_before_arrival_is_not_entered_but_one_that_floods_later_is() -> None:
    # 0 -> 1 -> 3 is short, 0 -> 2 -> 3 long; edge 1 is under water from 600 s on.
    graph: Any = SimpleNamespace(
        edge_ids=("0", "1", "2", "3"), length_m=np.full(4, 100.0), speed_mps=np.full(4, 10.0),
        conn_from=np.array([0, 0, 1, 2]), conn_to=np.array([1, 2, 3, 3]), allowed=np.ones(4, dtype=bool),
    )  # fmt: skip
    travel = np.tile([60.0, 30.0, 90.0, 10.0], (3, 1))
    depth = np.zeros((3, 4))
    depth[1:, 1] = 0.5
    forecast = EdgeForecast(np.array([599.0, 600.0, 1200.0]), travel, depth)
    kernel = Router(graph)
    for depart, route, arrival in [(0.0, (0, 1, 3), 90.0), (520.0, (0, 2, 3), 670.0), (570.0, (0, 2, 3), 720.0)]:
        found = kernel.route_at(0, 3, depart, lambda when: forecast.at(when, depth_limit_m=0.3))
        assert found == (route, pytest.approx(arrival))


def test_first_in_first_out_never_lets_a_later_entry_leave_earlier() -> None:
    times = np.arange(0.0, 901.0, 60.0)
    raw = np.random.default_rng(1).uniform(5, 500, (len(times), 40))
    lowered = first_in_first_out(times, raw)
    assert (np.diff(times[:, None] + lowered, axis=0) >= -1e-9).all()
    assert (lowered <= raw).all() and (lowered[-1] == raw[-1]).all()


def test_a_closed_edge_is_neither_entered_nor_left() -> None:
    graph = random_graph(3, 40, 160)
    kernel = Router(graph)
    weights = np.ones(40)
    weights[4] = np.inf
    assert kernel.route(0, 4, weights) is None
    assert np.isinf(kernel.times_from([0], weights)[0, 4])
    onward = kernel.times_from([4], weights)[0]
    assert onward[4] == 0.0 and np.isinf(np.delete(onward, 4)).all()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_loaded_is_the_sum_over_single_ways(seed: int) -> None:
    draw, graph = np.random.default_rng(seed), random_graph(seed, 60, 150)
    kernel, destinations, amounts = Router(graph), draw.integers(0, 60, 25), draw.uniform(0, 9, 25)
    weights = np.where(draw.random(60) < 0.1, np.inf, draw.uniform(1, 50, 60))
    origin, passed = int(draw.integers(0, 60)), np.zeros(60)
    destinations[0] = origin
    for amount, way in zip(amounts, kernel.routes_from(origin, destinations.tolist(), weights), strict=True):
        if way is not None:
            passed[list(way)] += amount
    assert 0 < (passed > 0).sum() < 60
    np.testing.assert_allclose(kernel.load_from(origin, destinations, amounts, weights), passed, atol=1e-12)
