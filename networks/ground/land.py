"""The land of a city and the sea before it: a map of a coast may cover far more sea than town."""

from __future__ import annotations

from collections.abc import Sequence

from shapely import STRtree, box, get_parts, line_merge, union_all
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

SHORE_M = 500.0
"""Sea before the land that the terrain keeps: water runs off into it."""
_TOUCH_M = 0.01


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


def sea_beyond(sea: Sequence[BaseGeometry], frame: Polygon) -> list[BaseGeometry]:
    """The sea and what it runs on to straight across the map's border.

    An upright raster reaches beyond the border, which is a box in degrees and turned by less than 3.3 degrees in its
    UTM zone. Land runs on as land: its heights are the terrain's own.

    Args:
        sea: The sea within the border, m.
        frame: The border, m.
    """
    west, south, east, north = frame.bounds
    wedge_m = 0.06 * max(east - west, north - south)
    return [union_all([face, _strip(face, frame, wedge_m).difference(frame)]) for face in sea]


def _strip(face: BaseGeometry, frame: Polygon, width_m: float) -> BaseGeometry:
    """A strip along the part of the border that a face of the sea touches."""
    shared = frame.boundary.intersection(face.buffer(_TOUCH_M))
    return line_merge(shared).buffer(width_m, cap_style="flat", join_style="mitre")
