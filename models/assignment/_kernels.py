"""Loading trips on trees of cheapest ways, in Numba; `models.assignment.reference` says the same plainly."""

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np

Array = Any


@nb.njit(cache=True, nogil=True)
def arc_between(indptr: Array, head: Array, tail_node: int, head_node: int) -> int:
    """The arc from a node to another; -1 where there is none."""
    for arc in range(indptr[tail_node], indptr[tail_node + 1]):
        if head[arc] == head_node:
            return arc
    return -1


@nb.njit(cache=True, nogil=True)
def load_tree(before: Array, indptr: Array, head: Array, wanted: Array, loads: Array) -> None:
    """Add to each arc of a tree what passes it.

    Args:
        before: (nodes,) node before each on the tree; negative at its root and where it does not reach.
        indptr: Where the arcs of each node begin.
        head: (arcs,) where each arc ends.
        wanted: (nodes, columns) what ends at each node, one column a class; it is used up.
        loads: (arcs, columns) flows, added to.
    """
    nodes = len(before)
    columns = wanted.shape[1]
    branches = np.zeros(nodes, dtype=np.int32)
    for node in range(nodes):
        if before[node] >= 0:
            branches[before[node]] += 1
    waiting = np.empty(nodes, dtype=np.int32)
    count = 0
    for node in range(nodes):
        if branches[node] == 0 and before[node] >= 0:
            waiting[count] = node
            count += 1
    while count > 0:
        count -= 1
        node = waiting[count]
        parent = before[node]
        arc = -1
        for column in range(columns):
            amount = wanted[node, column]
            if amount != 0.0:
                if arc < 0:
                    arc = arc_between(indptr, head, parent, node)
                loads[arc, column] += amount
                wanted[parent, column] += amount
        branches[parent] -= 1
        if branches[parent] == 0 and before[parent] >= 0:
            waiting[count] = parent
            count += 1


@nb.njit(cache=True, nogil=True)
def sum_along(before: Array, indptr: Array, head: Array, values: Array, ends: Array, found: Array) -> None:
    """Sum values of arcs (arcs, columns) along the tree's way to each of `ends`, into `found` (ends, columns).

    NaN where the tree does not reach.
    """
    columns = values.shape[1]
    for place in range(len(ends)):
        node = ends[place]
        if before[node] < 0:
            for column in range(columns):
                found[place, column] = np.nan
            continue
        for column in range(columns):
            found[place, column] = 0.0
        while before[node] >= 0:
            arc = arc_between(indptr, head, before[node], node)
            for column in range(columns):
                found[place, column] += values[arc, column]
            node = before[node]
