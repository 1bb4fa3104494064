"""The land of a city: a map of a coast may cover far more sea than town."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import STRtree, box, get_parts, union_all
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

SHORE_M = 500.0
"""Sea before the land that the terrain keeps: water runs off into it."""


def land_frame(frame: Polygon, sea: Sequence[BaseGeometry], standing: Sequence[BaseGeometry]) -> Polygon:
    """The part of a map's border that holds the land with something on it, and the sea before it.

    Args:
        frame: The map's border, m.
        sea: The sea within it, m.
        standing: Streets and buildings, m.

    Returns:
        An upright rectangle; the border itself where the map has no sea, or nothing stands on its land.
    """
    if not sea or not standing:
        return frame
    land = get_parts(frame.difference(union_all(sea)))
    settled = set(STRtree(land).query(list(standing), predicate="intersects")[1].tolist())
    if not settled:
        return frame
    reach = union_all([*land[sorted(settled)], *standing]).bounds
    part = box(*frame.bounds).intersection(box(*reach).buffer(SHORE_M, join_style="mitre"))
    assert isinstance(part, Polygon)
    return part
