"""How visitors choose among exits, stops, car parks and homes, on draws made beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from networks import WalkGraph

DECAY_M = 350.0
LIKELY = 0.9


def distances(graph: WalkGraph, nodes: np.ndarray) -> np.ndarray:
    """(nodes, all nodes) walking distance, m; infinite where there is no way."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    n = len(graph.node_x)
    arcs = coo_matrix((graph.length_m, (graph.link_from, graph.link_to)), shape=(n, n))
    # Parallel links would add up in a sparse matrix: keep the shortest.
    order = np.lexsort((arcs.data, arcs.col, arcs.row))
    row, col, data = arcs.row[order], arcs.col[order], arcs.data[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (col[1:] != col[:-1])
    lone = coo_matrix((data[first], (row[first], col[first])), shape=(n, n)).tocsr()
    found: np.ndarray = dijkstra(lone, directed=False, indices=nodes)
    return found


def utility(pull: np.ndarray, way_m: np.ndarray, exits: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """(people, options) ln(pull) - distance / DECAY_M + Gumbel noise: who takes the greatest makes a multinomial logit.

    Source: McFadden 1974, Conditional logit analysis of qualitative choice behavior.
    """
    far = np.minimum(way_m, 1e6)
    found: np.ndarray = np.log(np.maximum(pull, 1e-9))[None, :] - far[exits] / DECAY_M + noise
    return found


def likely(options: np.ndarray, pull: np.ndarray, way_m: np.ndarray, exit_weight: np.ndarray) -> np.ndarray:
    """The options that draw all but one in ten: the rest would cost a search each and move nobody."""
    if not len(options):
        return options
    far = np.average(np.minimum(way_m[:, options], 1e6), axis=0, weights=exit_weight)
    share = pull[options] * np.exp(-far / DECAY_M)
    order = np.argsort(-share, kind="stable")
    needed = int(np.searchsorted(np.cumsum(share[order]) / share.sum(), LIKELY) + 1) if share.sum() > 0 else len(order)
    kept: np.ndarray = np.sort(options[order[:needed]])
    return kept


def pick(u: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Index by share: the same u and a small change of shares move few."""
    passed = np.cumsum(weight) / weight.sum()
    return np.minimum(np.searchsorted(passed, u, side="right"), len(weight) - 1)
