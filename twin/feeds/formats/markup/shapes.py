"""Places of messages as GeoJSON (RFC 7946): degrees WGS84, longitude first, outer rings counterclockwise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

EARTH_M = 6_371_008.8
"""Mean radius (IUGG)."""

Corner = tuple[float, float]


def point(lon: float, lat: float) -> dict[str, Any]:
    """One place."""
    return {"type": "Point", "coordinates": [lon, lat]}


def line(corners: Sequence[Corner]) -> dict[str, Any]:
    """A line through corners (lon, lat); a point where they are all one."""
    if len(set(corners)) == 1:
        return point(*corners[0])
    return {"type": "LineString", "coordinates": [list(corner) for corner in corners]}


def polygon(ring: Sequence[Corner], holes: Sequence[Sequence[Corner]] = ()) -> dict[str, Any]:
    """The area within a ring (lon, lat), whose last corner is its first, without its holes."""
    rings = [_turned(ring, left=True), *(_turned(hole, left=False) for hole in holes)]
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in one] for one in rings]}


def _turned(ring: Sequence[Corner], *, left: bool) -> Sequence[Corner]:
    twice_area = sum(ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1] for i in range(len(ring) - 1))
    return ring if (twice_area >= 0) == left else ring[::-1]


def circle(lon: float, lat: float, radius_m: float, corners: int) -> dict[str, Any]:
    """A circle on the sphere as a regular polygon; its centre where the radius is 0, or it reaches a pole or 180 E.

    Corners lie on the circle, so that the polygon is smaller: by 0.2 % of its area with 64 corners.
    """
    angle, phi = radius_m / EARTH_M, math.radians(lat)
    if radius_m <= 0 or abs(phi) + angle >= math.pi / 2:
        return point(lon, lat)
    if abs(lon) + math.degrees(math.asin(math.sin(angle) / math.cos(phi))) >= 180:
        return point(lon, lat)
    ring = []
    for number in range(corners):
        bearing = -2 * math.pi * number / corners
        sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
        east = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * sine)
        ring.append((lon + math.degrees(east), math.degrees(math.asin(sine))))
    return polygon([*ring, ring[0]])


def gathered(shapes: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Several shapes as one; None where there is none. Equal ones are kept once."""
    distinct = list({repr(shape): shape for shape in shapes}.values())
    if len(distinct) <= 1:
        return distinct[0] if distinct else None
    sorts = {shape["type"] for shape in distinct}
    if len(sorts) == 1 and (sort := sorts.pop()) in {"Point", "LineString", "Polygon"}:
        return {"type": f"Multi{sort}", "coordinates": [shape["coordinates"] for shape in distinct]}
    return {"type": "GeometryCollection", "geometries": distinct}
