"""Both kernels against Floyd-Warshall: parallel arcs, loops, shut arcs, loose parts, turn costs and bans."""

from __future__ import annotations

import pickle
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.routing import CchKernel, RouteKernel, Router, Routes, ScipyKernel, route_kernel
from models.routing.kernel import SHUT, TICK_S, ticks
from networks.errors import BadInput

ENGINES = ["scipy", "cch"] if find_spec("routingkit_cch") else ["scipy"]


@dataclass
class Drawn:
    """A graph with weights, and others for some of its arcs."""

    nodes: int
    tail: np.ndarray
    head: np.ndarray
    xy: np.ndarray
    weights_s: np.ndarray
    other_s: np.ndarray

    def kernel(self, engine: Any) -> RouteKernel:
        return route_kernel(self.nodes, self.tail, self.head, self.xy, engine=engine)


@st.composite
def graphs(draw: st.DrawFn) -> Drawn:
    nodes = draw(st.integers(1, 14))
    arcs = draw(st.integers(0, 50))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kinds = draw(st.sampled_from(["usual", "ties", "long"]))
    size = {"usual": rng.uniform(0, 60, (2, arcs)), "ties": rng.integers(0, 3, (2, arcs)).astype(float)}
    size["long"] = rng.choice([1e-9, 1.0, 7e4, 2e5, 3e5], (2, arcs))  # ways of about 59 hours, where ticks end
    shut = rng.random((2, arcs)) < draw(st.sampled_from([0.0, 0.2, 0.7]))
    weights = np.where(shut, np.inf, size[kinds])
    xy = rng.uniform(0, 1000, (nodes, 2)) if draw(st.booleans()) else np.zeros((nodes, 2))
    return Drawn(nodes, rng.integers(0, nodes, arcs), rng.integers(0, nodes, arcs), xy, weights[0], weights[1])


def floyd_warshall(graph: Drawn, weights_s: np.ndarray) -> np.ndarray:
    """All distances in ticks the plain way, infinite where there is none."""
    found = np.full((graph.nodes, graph.nodes), np.inf)
    for u, v, w in zip(graph.tail, graph.head, ticks(weights_s, len(weights_s)), strict=True):
        found[u, v] = min(found[u, v], w if w < SHUT else np.inf)
    np.fill_diagonal(found, 0.0)
    for k in range(graph.nodes):
        found = np.minimum(found, found[:, [k]] + found[[k], :])
    return np.where(found < SHUT, found, np.inf)


def agrees(kernel: RouteKernel, graph: Drawn, weights_s: np.ndarray) -> None:
    every = np.arange(graph.nodes)
    found, whole = floyd_warshall(graph, weights_s), ticks(weights_s, len(weights_s))
    expected = found * TICK_S
    np.testing.assert_array_equal(kernel.times(every, every), expected)
    np.testing.assert_array_equal(kernel.times(every, [0]), expected[:, [0]])
    for u in range(graph.nodes):
        np.testing.assert_array_equal(kernel.times_from(u), expected[u])
        np.testing.assert_array_equal(kernel.times_to(u), expected[:, u])
        for v in range(graph.nodes):
            assert kernel.time(u, v) == expected[u, v]
            way = kernel.way(u, v)
            if way is None:
                assert found[u, v] == np.inf
                continue
            assert (way.nodes[0], way.nodes[-1]) == (u, v)
            assert [(graph.tail[a], graph.head[a]) for a in way.arcs] == list(pairwise(way.nodes))
            assert sum(int(whole[a]) for a in way.arcs) == found[u, v]
            assert way.time_s == expected[u, v]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=40)
@given(graph=graphs())
def test_every_answer_is_that_of_floyd_and_warshall_before_and_after_new_weights(engine: str, graph: Drawn) -> None:
    kernel = graph.kernel(engine)
    assert np.isinf(kernel.times_from(0)[1:]).all()  # nothing is open before it is weighed
    kernel.weigh(graph.weights_s)
    agrees(kernel, graph, graph.weights_s)
    some = np.arange(0, len(graph.tail), 3)
    mixed = graph.weights_s.copy()
    mixed[some] = graph.other_s[some]
    kernel.update(some, graph.other_s[some])
    agrees(kernel, graph, mixed)
    kernel.weigh(graph.other_s)
    agrees(kernel, graph, graph.other_s)


@pytest.mark.parametrize("engine", ENGINES)
def test_few_arcs_are_changed_one_by_one_with_the_same_answer(engine: str) -> None:
    rng = np.random.default_rng(7)
    tail, head = rng.integers(0, 150, 500), rng.integers(0, 150, 500)
    weights, xy = rng.uniform(1, 60, 500), rng.uniform(0, 1000, (150, 2))
    kernel, oracle = route_kernel(150, tail, head, xy, engine=engine), ScipyKernel(150, tail, head)  # type: ignore[arg-type]
    kernel.weigh(weights)
    for arcs in ([3, 17, 400], [3], [17, 99]):
        new = rng.choice([2.0, 500.0, np.inf], len(arcs))
        weights[arcs] = new
        kernel.update(arcs, new)
        oracle.weigh(weights)
        np.testing.assert_array_equal(kernel.times(range(150), range(150)), oracle.times(range(150), range(150)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("same_place", [False, True])
def test_a_matrix_comes_in_the_order_asked_however_many_and_whoever_is_asked_twice(
    engine: Any, same_place: bool
) -> None:
    rng = np.random.default_rng(11)
    tail, head = rng.integers(0, 90, 260), rng.integers(0, 90, 260)
    xy = np.zeros((90, 2)) if same_place else rng.uniform(0, 1000, (90, 2))
    kernel, oracle = route_kernel(90, tail, head, xy, engine=engine), ScipyKernel(90, tail, head)
    for one in (kernel, oracle):
        one.weigh(np.where(np.arange(260) % 9, 1.0 + np.arange(260) % 7, np.inf))
    many, few = rng.integers(0, 90, 401), rng.integers(0, 90, 3)
    for origins, destinations in ((few, many), (many, few), (few, few[:0]), (few[:0], many)):
        np.testing.assert_array_equal(kernel.times(origins, destinations), oracle.times(origins, destinations))


def edge_graph(rng: np.random.Generator, edges: int, turns: int) -> Any:
    return SimpleNamespace(
        edge_ids=tuple(f"e{i}" for i in range(edges)),
        length_m=rng.uniform(20, 400, edges), speed_mps=rng.uniform(5, 20, edges),
        from_xy=rng.uniform(0, 1000, (edges, 2)), to_xy=rng.uniform(0, 1000, (edges, 2)),
        conn_from=rng.integers(0, edges, turns), conn_to=rng.integers(0, edges, turns),
        allowed=rng.random(edges) > 0.1,
    )  # fmt: skip


def by_hand(graph: Any, edge_s: np.ndarray, turn_s: np.ndarray, origin: int) -> np.ndarray:
    """Bellman-Ford over the turns themselves."""
    label = np.full(len(edge_s), np.inf)
    label[origin] = 0.0
    for _ in range(len(edge_s)):
        for u, v, turn in zip(graph.conn_from, graph.conn_to, turn_s, strict=True):
            if graph.allowed[u] and graph.allowed[v] and np.isfinite(edge_s[v]):
                label[v] = min(label[v], label[u] + edge_s[u] + turn)
    return label


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), edges=st.integers(2, 12))
def test_turn_costs_bans_and_closures_count_as_by_hand(engine: Any, seed: int, edges: int) -> None:
    rng = np.random.default_rng(seed)
    graph = edge_graph(rng, edges, 3 * edges)
    edge_s = np.where(rng.random(edges) < 0.15, np.inf, rng.integers(1, 60, edges).astype(float))
    turn_s = np.where(rng.random(3 * edges) < 0.2, np.inf, rng.integers(0, 30, 3 * edges).astype(float))
    routes = Routes(graph, edge_s, turn_s=turn_s, engine=engine)
    agree_by_hand(routes, graph, edge_s, turn_s)
    shut = int(rng.integers(0, edges))
    edge_s[shut] = np.inf
    routes.change([shut], np.inf)
    agree_by_hand(routes, graph, edge_s, turn_s)
    edge_s = rng.integers(1, 60, edges).astype(float)
    routes.weigh(edge_s)
    agree_by_hand(routes, graph, edge_s, turn_s)


def agree_by_hand(routes: Routes, graph: Any, edge_s: np.ndarray, turn_s: np.ndarray) -> None:
    for origin in range(len(edge_s)):
        expected = by_hand(graph, edge_s, turn_s, origin)
        np.testing.assert_allclose(routes.times_from(origin), expected, rtol=0, atol=1e-9)
        if np.isfinite(edge_s[origin]):
            searched, _ = Router(graph, turn_s).times_at(origin, 0.0, lambda _: edge_s)
            np.testing.assert_allclose(searched, expected, rtol=0, atol=1e-9)
        for destination in range(len(edge_s)):
            way = routes.route(origin, destination)
            assert (way is None) == bool(np.isinf(expected[destination]))
            assert routes.time(origin, destination) == pytest.approx(expected[destination], abs=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_does_not_fit_is_refused_in_words(engine: Any) -> None:
    kernel = route_kernel(3, [0, 1], [1, 2], np.zeros((3, 2)), engine=engine)
    for wrong in ([1.0], [1.0, -1.0], [1.0, np.nan]):
        with pytest.raises(BadInput):
            kernel.weigh(wrong)
    with pytest.raises(BadInput, match="there is no node 3"):
        kernel.time(0, 3)
    with pytest.raises(BadInput, match="there is no node -1"):
        kernel.times([-1], [0])
    with pytest.raises(BadInput, match="there is no arc 2"):
        kernel.update([2], [1.0])
    with pytest.raises(BadInput):
        route_kernel(3, [0], [3], np.zeros((3, 2)), engine=engine)


@pytest.mark.skipif("cch" not in ENGINES, reason="routingkit-cch is not installed")
def test_a_kernel_is_its_threads_own() -> None:
    kernel, said = CchKernel(2, [0], [1], np.zeros((2, 2))), []
    kernel.weigh([1.0])

    def other() -> None:
        with pytest.raises(RuntimeError, match="make one for each thread"):
            kernel.time(0, 1)
        said.append(True)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert said and kernel.time(0, 1) == 1.0


@pytest.mark.parametrize("engine", ENGINES)
def test_routes_go_to_other_threads_and_processes_and_hear_of_new_weights(engine: Any) -> None:
    routes = Routes(edge_graph(np.random.default_rng(2), 30, 120), engine=engine)
    there: list[np.ndarray] = []
    for factor in (1.0, 2.0):
        routes.weigh(factor * np.arange(1.0, 31.0))
        here = routes.table(range(30), range(30))
        thread = threading.Thread(target=lambda: there.append(routes.table(range(30), range(30))))
        thread.start()
        thread.join()
        np.testing.assert_array_equal(there[-1], here)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(routes)).table(range(30), range(30)), here)
    assert not np.array_equal(there[0], there[1])


def test_without_the_library_scipy_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.routing.engines.find_spec", lambda _: None)
    assert isinstance(route_kernel(1, [], [], np.zeros((1, 2))), ScipyKernel)
