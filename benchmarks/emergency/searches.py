"""One set of questions on one graph, asked of our kernel and of the peers."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.routing import RouteKernel, ScipyKernel, route_kernel

PEER = Path.home() / ".cache" / "citytwin-peers" / "routing" / "bin" / "python"
HOW = "python3.11 -m venv ~/.cache/citytwin-peers/routing; its bin/pip install numpy scipy networkx igraph rustworkx"
ORIGINS = {"networkx": 20, "igraph": 1000, "rustworkx": 1000, "scipy": 1000}
"""So many of the origins a peer searches from; the matrix is told for all of them."""
QUERIES = 200


@dataclass(frozen=True)
class Questions:
    """A weighted graph with pairs to ask one by one, and a matrix."""

    nodes: int
    tail: np.ndarray
    head: np.ndarray
    xy: np.ndarray
    weights_s: np.ndarray
    queries: np.ndarray
    origins: np.ndarray
    destinations: np.ndarray


@dataclass(frozen=True)
class Asked:
    """CPU seconds of a query and of the whole matrix, and the answers (origins that were searched, destinations)."""

    query_s: float
    matrix_s: float
    matrix: np.ndarray
    query_answers: np.ndarray


def questions(
    nodes: int, tail: np.ndarray, head: np.ndarray, xy: np.ndarray, weights_s: np.ndarray, size: int
) -> Questions:
    """Random ones, always the same."""
    draw = np.random.default_rng(7)
    pairs = draw.integers(0, nodes, (QUERIES, 2))
    return Questions(nodes, tail, head, xy, weights_s, pairs, *draw.integers(0, nodes, (2, size)))


def by_us(asked: Questions) -> tuple[Asked, dict[str, float]]:
    """Our kernel's answers, and CPU seconds to build it, to weigh it anew, and to change 100 arcs."""
    spent: dict[str, float] = {}
    kernel: RouteKernel
    kernel, spent["build"] = _timed(lambda: route_kernel(asked.nodes, asked.tail, asked.head, asked.xy))
    some = np.random.default_rng(8).integers(0, len(asked.tail), 100)
    spent["weigh"] = min(_timed(lambda: kernel.weigh(asked.weights_s))[1] for _ in range(5))
    spent["100 arcs"] = min(
        _timed(lambda factor=factor: kernel.update(some, asked.weights_s[some] * factor))[1]  # type: ignore[misc]
        for factor in (2, 3, 4, 5, 1)
    )
    kernel.time(0, 1)
    answers, query_s = _timed(lambda: [kernel.time(a, b) for a, b in asked.queries.tolist()])
    _, way_s = _timed(lambda: [kernel.way(a, b) for a, b in asked.queries.tolist()])
    spent["query with its way"] = way_s / len(asked.queries)
    matrix, matrix_s = _timed(lambda: kernel.times(asked.origins, asked.destinations))
    kernel.times_from(0)
    spent["one to all"] = _timed(lambda: kernel.times_from(1))[1]
    return Asked(query_s / len(asked.queries), matrix_s, matrix, np.array(answers)), spent


def by_dijkstra(asked: Questions) -> Asked:
    """The oracle: SciPy's Dijkstra on the same ticks."""
    kernel = ScipyKernel(asked.nodes, asked.tail, asked.head)
    kernel.weigh(asked.weights_s)
    answers, query_s = _timed(lambda: [kernel.time(a, b) for a, b in asked.queries.tolist()])
    matrix, matrix_s = _timed(lambda: kernel.times(asked.origins, asked.destinations))
    return Asked(query_s / len(asked.queries), matrix_s, matrix, np.array(answers))


def by_peer(asked: Questions, engine: str, python: Path, origins: int) -> Asked:
    """A peer's answers, in its own environment and on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = Path(folder) / "case.npz", Path(folder) / "out.npz"
        queries = asked.queries[:20] if engine == "networkx" else asked.queries
        np.savez(
            given, nodes=asked.nodes, tail=asked.tail, head=asked.head, weights_s=asked.weights_s, queries=queries,
            origins=asked.origins[:origins], destinations=asked.destinations,
        )  # fmt: skip
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "PYTHONPATH": ""}
        script = Path(__file__).with_name("peer_routing.py")
        subprocess.run([python, script, engine, given, got], env=environment, check=True, capture_output=True)
        found = dict(np.load(got))
    whole = float(found["matrix_s"]) * len(asked.origins) / len(found["matrix"])
    return Asked(float(found["query_s"]), whole, found["matrix"], found["query_answers"])


def differs_s(one: Asked, other: Asked) -> float:
    """The largest difference between answers that both gave (s); infinite where one found no way and the other did."""
    worst = 0.0
    for a, b in ((one.matrix, other.matrix), (one.query_answers, other.query_answers)):
        number = min(len(a), len(b))
        first, second = a[:number], b[:number]
        if (np.isfinite(first) != np.isfinite(second)).any():
            return float("inf")
        known = np.isfinite(first)
        worst = max(worst, float(np.abs(first[known] - second[known]).max(initial=0.0)))
    return worst


def _timed(run: Callable[[], Any]) -> tuple[Any, float]:
    begin = time.process_time()
    result = run()
    return result, time.process_time() - begin
