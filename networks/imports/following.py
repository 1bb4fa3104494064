"""Which road edges a line drawn along streets follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from shapely import STRtree, distance, get_parts, line_interpolate_point, line_locate_point
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

if TYPE_CHECKING:
    from networks.city import City

NEAR_M = 15.0
_POINTS = np.linspace(0.1, 0.9, 5)


class Following:
    """Matches lines to the edges that buses may use.

    An edge is followed when five points spread over it lie within 15 m of the line, in the order in which the line
    passes them, and as far apart along it as along the edge (within a half).
    """

    def __init__(self, city: City) -> None:
        edges = city.layer("edges")
        usable = edges[edges["bus"]]
        self._ids = [str(edge) for edge in usable["edge_id"]]
        self._lines = np.array(list(usable.geometry), dtype=object)
        self._tree = STRtree(self._lines)

    def edges(self, course: BaseGeometry) -> list[str]:
        """Edges in the order in which a line passes them."""
        found: list[tuple[int, float, str]] = []
        for number, part in enumerate(get_parts(linemerge(course) if course.geom_type != "LineString" else course)):
            found += [(number, *one) for one in self._on(part)]
        return [edge for _, _, edge in sorted(found)]

    def _on(self, part: LineString) -> list[tuple[float, str]]:
        near = np.sort(self._tree.query(part, predicate="dwithin", distance=NEAR_M))
        if not len(near):
            return []
        lines = self._lines[near]
        points = line_interpolate_point(lines[:, None], _POINTS[None, :], normalized=True)
        along = line_locate_point(part, points)
        driven = along[:, -1] - along[:, 0]
        length = np.array([line.length for line in lines]) * (_POINTS[-1] - _POINTS[0])
        fits = (distance(points, part) <= NEAR_M).all(axis=1) & (np.diff(along, axis=1) > 0).all(axis=1)
        fits &= (driven > 0.5 * length) & (driven < 1.5 * length)
        return [(float(along[i, 2]), self._ids[int(near[i])]) for i in np.flatnonzero(fits)]
