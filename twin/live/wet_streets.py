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
WET_M = 0.1
"""What stays shallower through the whole forecast is not told as a place."""


@dataclass
class WetStreets:
    """The streets of a city, by what they are called; one without a name by its edge.

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
        for row, (edge, name) in enumerate(zip(ids, layer["name"], strict=True)):
            found[str(name) if name == name and name else edge].append(row)
        middles = places_in(city, "edges", "edge_id")
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
