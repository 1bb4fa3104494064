"""By which gate visitors drive in, and how long they reckon with."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Router
from scenarios.travel.origins import leaving_weights

if TYPE_CHECKING:
    from networks import City

SLOWER = 1.3
"""Drivers reckon with so many times the free-flow time (guess)."""


class WaysIn:
    """Ways from the gates of the map to car parks.

    Args:
        city: Its gateways.
        kernel: Roads of cars.
        roads: Edges (indices) of car parks.
    """

    def __init__(self, city: City, kernel: Router, roads: Collection[int]) -> None:
        self._gates, self._weight = leaving_weights(city, kernel.graph.edge_ids, direction="in")
        ends = sorted(roads)
        allowed = np.asarray(kernel.graph.allowed, dtype=bool)
        self._weight = np.where(allowed[self._gates], self._weight, 0.0) if len(self._gates) else self._weight
        taken_s = kernel.matrix(self._gates.tolist(), ends, kernel.free_s) if ends and len(self._gates) else np.empty(0)
        self._taken_s = {end: taken_s[:, k] for k, end in enumerate(ends)} if taken_s.size else {}

    def draw(self, road: int, u: float) -> tuple[int, float] | None:
        """A gate from which a way leads to this road, at `u` in [0, 1), and s to drive; None where none does."""
        if road not in self._taken_s:
            return None
        taken_s = self._taken_s[road]
        weight = np.where(np.isfinite(taken_s) & (self._gates != road), self._weight, 0.0)
        if not weight.sum():
            return None
        k = min(int(np.searchsorted(np.cumsum(weight) / weight.sum(), u, side="right")), len(weight) - 1)
        return int(self._gates[k]), SLOWER * float(taken_s[k])
