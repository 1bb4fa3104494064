"""Where people on foot cross roads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from networks import WalkGraph


def signal_wait_s(cycle_s: float = 90.0, green_s: float = 40.0) -> float:
    """Expected wait of somebody who comes to a pedestrian signal at any moment (s): (cycle - green)^2 / (2 cycle).

    Source: Highway Capacity Manual 2010, chapter 18, pedestrian delay. The defaults are an assumption: about
    14 s, for every crossing of a road, signalled or not.
    """
    return (cycle_s - green_s) ** 2 / (2.0 * cycle_s)


class Crossings:
    """Which walk links cross which road edges."""

    def __init__(self, graph: WalkGraph, edge_ids: Sequence[str]) -> None:
        rows = {edge: row for row, edge in enumerate(edge_ids)}
        pairs = [
            (link, rows[edge]) for link, edges in enumerate(graph.crossing_edges) for edge in edges if edge in rows
        ]
        self._links, self._edges = len(graph.length_m), len(rows)
        self._pairs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        self._crossing = np.array([bool(edges) for edges in graph.crossing_edges], dtype=np.bool_)

    def wait_s(self, wait_s: float | np.ndarray) -> np.ndarray:
        """Wait before each link (s): `wait_s` where it crosses a road, 0 elsewhere."""
        return np.where(self._crossing, np.broadcast_to(np.asarray(wait_s, dtype=float), (self._links,)), 0.0)

    def occupancy(self, there: np.ndarray) -> np.ndarray:
        """Persons now on a crossing over each road edge, shape (edges,), given those on each link, shape (links,)."""
        total = np.zeros(self._edges)
        np.add.at(total, self._pairs[:, 1], there[self._pairs[:, 0]])
        return total
