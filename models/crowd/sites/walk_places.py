"""Where on the walk graph a place lies: its nearest node, and how far the nearest way for walkers is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import City

FAR_M = 150.0
"""Further from any way for walkers than this, a place is off the network (guess)."""


class WalkPlaces:
    """Finds places on a city's walk graph.

    Args:
        city: The city.

    Raises:
        BadInput: It has no way for walkers at all.
    """

    def __init__(self, city: City) -> None:
        from scipy.spatial import cKDTree

        graph = city.walk_graph()
        if not len(graph.length_m):
            raise BadInput(f"{city.name} has no way for walkers", remedy="build the city from a map that has some")
        self._city, self._links = city, city.layer("walk_links").geometry.to_numpy()
        self._nodes = cKDTree(np.column_stack([graph.node_x, graph.node_y]))

    def to(self, x: float, y: float) -> tuple[int, float]:
        """The nearest node, and how far the nearest way is (m)."""
        from shapely.geometry import Point

        point = Point(x, y)
        return int(self._nodes.query((x, y))[1]), float(point.distance(self._links[self._tree.nearest(point)]))

    def off_walk_m(self, xy: np.ndarray) -> np.ndarray:
        """(n,) metres from each of (n, 2) places to the nearest way."""
        return np.array([self.to(float(x), float(y))[1] for x, y in xy])

    @cached_property
    def _tree(self) -> Any:
        from shapely import STRtree

        return STRtree(self._links)
