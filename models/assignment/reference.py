"""The loading of `_kernels` walked way by way, in plain NumPy; tests compare the two."""

from __future__ import annotations

import numpy as np

from models.assignment.network import Floats, Ints


def load_ways(before: Ints, indptr: Ints, head: Ints, wanted: Floats) -> Floats:
    """(arcs, columns) what passes each arc when `wanted` (nodes, columns) is carried from the root to its nodes."""
    loads = np.zeros((len(head), wanted.shape[1]))
    for node in np.flatnonzero(wanted.any(axis=1)):
        for arc in way_to(before, indptr, head, int(node)):
            loads[arc] += wanted[node]
    return loads


def way_to(before: Ints, indptr: Ints, head: Ints, node: int) -> list[int]:
    """Arcs from the root of a tree to a node, in order."""
    arcs = []
    while before[node] >= 0:
        parent = int(before[node])
        first, last = int(indptr[parent]), int(indptr[parent + 1])
        arcs.append(first + int(np.flatnonzero(head[first:last] == node)[0]))
        node = parent
    return arcs[::-1]
