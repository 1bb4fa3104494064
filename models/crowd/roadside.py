"""People on the ways along roads: when they are too many for them, they walk on the road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from networks import WalkGraph


class Roadside:
    """Which walk links run along which road edges.

    Args:
        graph: The walk graph.
        edges: Number of road edges.
        pairs: Rows (link, edge), shape (pairs, 2); see `networks.walking.along.links_along`.
    """

    def __init__(self, graph: WalkGraph, edges: int, pairs: np.ndarray) -> None:
        self._link, self._edge = np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
        area = np.asarray(graph.length_m * graph.width_m)
        self._area_m2 = np.bincount(self._edge, weights=area[self._link], minlength=edges)

    def density_pm2(self, there: np.ndarray) -> np.ndarray:
        """Persons/m2 on the ways along each edge, shape (edges,), given those on each link, shape (links,)."""
        people = np.bincount(self._edge, weights=there[self._link], minlength=len(self._area_m2))
        return np.asarray(np.divide(people, self._area_m2, out=np.zeros(len(people)), where=self._area_m2 > 0))
