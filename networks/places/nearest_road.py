"""The road at which something stands: the nearest edge that is part of the net, and what lies under a point."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput

if TYPE_CHECKING:
    from pyproj import Transformer

    from networks.city import City


class NearestRoad:
    """Finds the road edge nearest to a point, among those that all others can reach and from which all can be reached.

    Edges in tunnels do not count where there are others: what is told on a map lies at the surface. Fictional roads
    beyond the border never count.

    Args:
        city: The city.
        vclass: Whose roads: `passenger`, `bus`, `emergency` or `bicycle`.
    """

    def __init__(self, city: City, vclass: str = "passenger") -> None:
        edges = city.layer("edges")
        edges = edges[_well_connected(city, vclass) & (edges["highway"] != "outside").to_numpy(dtype=bool)]
        open_air = edges[~edges["tunnel"].to_numpy(dtype=bool)]
        self._city, self._edges = city, open_air if len(open_air) else edges

    def to(self, x: float, y: float, *, without: Collection[str] = ()) -> tuple[str, float]:
        """Its id, and how far away it is (m); edges `without` count only where there are no others.

        Raises:
            BadInput: The city has no such road at all.
        """
        from shapely.geometry import Point

        if not len(self._edges):
            raise BadInput(
                f"{self._city.name} has no roads that hang together", remedy="check the map with twin quality"
            )
        away = self._edges.geometry.distance(Point(x, y)).to_numpy()
        if without and not (barred := self._edges["edge_id"].isin(without).to_numpy(dtype=bool)).all():
            away = np.where(barred, np.inf, away)
        nearest = int(np.argmin(away))
        return str(self._edges["edge_id"].iloc[nearest]), float(away[nearest])

    def plane(self, lon: float, lat: float) -> tuple[float, float]:
        """City coordinates (m) of a longitude and latitude.

        Raises:
            BadInput: It is outside the city's map, or the city has no geo reference.
        """
        city, (x, y) = self._city, self._projected(lon, lat)
        min_x, min_y, max_x, max_y = city.bounds
        if not (min_x <= x <= max_x and min_y <= y <= max_y):
            raise BadInput(
                f"{lon:g}, {lat:g} is outside the map of {city.name}",
                expected=f"longitude and latitude within {city.lonlat_range}",
                remedy="check the order: longitude first, then latitude",
            )
        return x, y

    def clipped(self, lon: float, lat: float) -> tuple[float, float]:
        """As `plane`, with a place beyond the map moved to the nearest place on its border."""
        x, y = self._projected(lon, lat)
        min_x, min_y, max_x, max_y = self._city.bounds
        return float(np.clip(x, min_x, max_x)), float(np.clip(y, min_y, max_y))

    def _projected(self, lon: float, lat: float) -> tuple[float, float]:
        if self._to_plane is None:
            raise BadInput(
                f"the road network of {self._city.name} has no geo reference, so degrees mean nothing in it",
                remedy="give edge: ID instead",
            )
        x, y = self._to_plane.transform(lon, lat)
        return float(x), float(y)

    def water(self, x: float, y: float) -> str:
        """The kind of water that a point lies in (sea, lake, river, ...), or "" on land."""
        from shapely.geometry import Point

        layer = self._city.layer("water")
        inside = layer[layer.geometry.contains(Point(x, y)).to_numpy(dtype=bool)] if len(layer) else layer
        return str(inside["kind"].iloc[0]) if len(inside) else ""

    def middle(self, edge_id: str) -> tuple[float, float]:
        """Coordinates (m) of the middle of an edge.

        Raises:
            BadInput: The city has no such edge.
        """
        edges = self._city.layer("edges")
        found = edges[edges["edge_id"] == edge_id]
        if not len(found):
            raise BadInput(f"the edge {edge_id!r} is not in the city {self._city.name}", expected="an edge of the city")
        point = found.geometry.iloc[0].interpolate(0.5, normalized=True)
        return float(point.x), float(point.y)

    @cached_property
    def _to_plane(self) -> Transformer | None:
        from pyproj import Transformer

        if not self._city.georeferenced:
            return None
        return Transformer.from_crs("EPSG:4326", self._city.crs, always_xy=True)


def _well_connected(city: City, vclass: str) -> np.ndarray:
    """(edges,) True in the largest strongly connected part of the road graph: no gateways, no dead ends."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = city.road_graph(vclass)
    allowed = np.asarray(graph.allowed, dtype=bool)
    tail, head = np.asarray(graph.conn_from), np.asarray(graph.conn_to)
    kept = allowed[tail] & allowed[head]
    n = len(allowed)
    arcs = coo_matrix((np.ones(int(kept.sum())), (tail[kept], head[kept])), shape=(n, n))
    _, part = connected_components(arcs, directed=True, connection="strong")
    if not allowed.any():
        return np.zeros(n, dtype=bool)
    largest: np.ndarray = (part == np.bincount(part[allowed]).argmax()) & allowed
    return largest
