"""Run one peer's searches, in its own environment: `PYTHON peer_routing.py ENGINE CASE.npz OUT.npz`.

ENGINE is networkx, scipy, igraph or rustworkx. CASE holds nodes, tail, head, weights_s, queries (q, 2), origins and
destinations. OUT gets query_s (a query), matrix_s (all origins), query_answers (q,) and matrix (origins, destinations);
CPU seconds, the graph already built.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

Searches = tuple[Callable[[int, int], float], Callable[[int, np.ndarray], Any]]


def main() -> None:
    """Run it."""
    engine, case = sys.argv[1], dict(np.load(sys.argv[2]))
    single, row = ENGINES[engine](int(case["nodes"]), *_no_parallels(case["tail"], case["head"], case["weights_s"]))
    queries = case["queries"].tolist()
    begin = time.process_time()
    answers = [single(a, b) for a, b in queries]
    query_s = (time.process_time() - begin) / len(queries)
    begin = time.process_time()
    matrix = [row(int(a), case["destinations"]) for a in case["origins"]]
    matrix_s = time.process_time() - begin
    np.savez(
        sys.argv[3], query_s=query_s, matrix_s=matrix_s, query_answers=answers, matrix=np.array(matrix, dtype=float)
    )


def _no_parallels(
    tail: np.ndarray, head: np.ndarray, weights_s: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of parallel arcs the shortest: some peers keep the last, or add them up."""
    order = np.lexsort((weights_s, head, tail))
    tail, head, weights_s = tail[order], head[order], weights_s[order]
    fresh = np.ones(len(tail), dtype=bool)
    fresh[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return tail[fresh], head[fresh], weights_s[fresh]


def _networkx(nodes: int, tail: np.ndarray, head: np.ndarray, weights_s: np.ndarray) -> Searches:
    import networkx as nx

    city = nx.DiGraph()
    city.add_nodes_from(range(nodes))
    city.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), weights_s.tolist(), strict=True))

    def single(origin: int, destination: int) -> float:
        try:
            return nx.bidirectional_dijkstra(city, origin, destination)[0]
        except nx.NetworkXNoPath:
            return np.inf

    def row(origin: int, destinations: np.ndarray) -> list[float]:
        found = nx.single_source_dijkstra_path_length(city, origin)
        return [found.get(int(b), np.inf) for b in destinations]

    return single, row


def _scipy(nodes: int, tail: np.ndarray, head: np.ndarray, weights_s: np.ndarray) -> Searches:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    city = csr_matrix((weights_s, (tail, head)), shape=(nodes, nodes))
    return (
        lambda origin, destination: float(dijkstra(city, indices=origin)[destination]),
        lambda origin, destinations: dijkstra(city, indices=origin)[destinations],
    )


def _igraph(nodes: int, tail: np.ndarray, head: np.ndarray, weights_s: np.ndarray) -> Searches:
    import igraph

    city = igraph.Graph(n=nodes, edges=np.column_stack([tail, head]).tolist(), directed=True)
    weights = weights_s.tolist()

    def row(origin: int, destinations: np.ndarray) -> list[float]:
        asked, back = np.unique(destinations, return_inverse=True)
        found = city.distances(origin, asked.tolist(), weights=weights, algorithm="dijkstra")[0]
        return list(np.array(found)[back])

    return lambda origin, destination: row(origin, np.array([destination]))[0], row


def _rustworkx(nodes: int, tail: np.ndarray, head: np.ndarray, weights_s: np.ndarray) -> Searches:
    import rustworkx as rx

    city = rx.PyDiGraph()
    city.add_nodes_from(range(nodes))
    city.add_edges_from(list(zip(tail.tolist(), head.tolist(), weights_s.tolist(), strict=True)))

    def single(origin: int, destination: int) -> float:
        if origin == destination:
            return 0.0
        found = rx.dijkstra_shortest_path_lengths(city, origin, float, goal=destination)
        return dict(found).get(destination, np.inf)

    def row(origin: int, destinations: np.ndarray) -> list[float]:
        found = dict(rx.dijkstra_shortest_path_lengths(city, origin, float))
        found[origin] = 0.0
        return [found.get(int(b), np.inf) for b in destinations]

    return single, row


ENGINES = {"networkx": _networkx, "scipy": _scipy, "igraph": _igraph, "rustworkx": _rustworkx}

if __name__ == "__main__":
    main()
