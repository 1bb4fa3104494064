"""Streets by name as ponding points: where a model of water says how deep it stands on the road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.live.rows_now import places_in

if TYPE_CHECKING:
    from networks import City

Floats = NDArray[np.float64]
NEAR_M, M_PER_DEGREE = 200.0, 111_320.0
WET_M = 0.1
"""What stays shallower through the whole forecast is not told as a place."""


@dataclass
class WetStreets:
    """The streets of a city, by what they are called.

    One without a name is told by the nearest street that has one, in brackets; far from all of them, by its edge.

    Attributes:
        ids: Edges in the order of the city's layer.
        rows: Street -> rows of its edges.
        places: Street -> longitude and latitude of its first edge's middle (degrees).
        edges: Street -> those of its edges that will stand in water, as of the last `deepest`.
    """

    ids: tuple[str, ...]
    rows: Mapping[str, NDArray[np.int64]]
    places: Mapping[str, tuple[float, float]]
    edges: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, city: City) -> WetStreets:
        """The streets of a city's layer of edges."""
        layer = city.layer("edges")
        ids = tuple(str(edge) for edge in layer["edge_id"])
        found = defaultdict[str, list[int]](list)
        middles = places_in(city, "edges", "edge_id")
        named = {edge: str(name) for edge, name in zip(ids, layer["name"], strict=True) if name == name and name}
        called = _called(ids, named, middles)
        for row, edge in enumerate(ids):
            found[called[edge]].append(row)
        places = {name: middles[ids[rows[0]]] for name, rows in found.items()}
        return cls(ids, {name: np.array(rows) for name, rows in found.items()}, places)

    def deepest(self, depth_m: Floats) -> tuple[tuple[str, ...], Floats]:
        """Streets on which water will stand, and the deepest of each (streets, steps), m.

        Args:
            depth_m: By edge of the city (edges, steps).
        """
        self.edges.clear()
        told = list[Floats]()
        for name, rows in self.rows.items():
            wet = depth_m[rows].max(axis=1, initial=0.0) >= WET_M
            if wet.any():
                self.edges[name] = tuple(self.ids[row] for row in rows[wet])
                told.append(depth_m[rows].max(axis=0))
        return tuple(self.edges), np.array(told).reshape(len(told), depth_m.shape[1])


def _called(
    ids: tuple[str, ...], named: Mapping[str, str], middles: Mapping[str, tuple[float, float]]
) -> dict[str, str]:
    """What each edge is called."""
    from scipy.spatial import KDTree

    if not named:
        return {edge: edge for edge in ids}
    lon_m = M_PER_DEGREE * np.cos(np.radians(np.mean([lat for _, lat in middles.values()])))
    spots = np.array([middles[edge] for edge in ids]) * (lon_m, M_PER_DEGREE)
    rows = [row for row, edge in enumerate(ids) if edge in named]
    away_m, nearest = KDTree(spots[rows]).query(spots)
    near = {
        edge: f"({named[ids[rows[at]]]})" if m <= NEAR_M else edge
        for edge, at, m in zip(ids, nearest, away_m, strict=True)
    }
    return near | dict(named)
