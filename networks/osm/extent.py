"""The box that a map covers, and maps that no city's plane can hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from networks.errors import BadMap

WIDEST_KM = 250.0
"""A city's box is at most so long on a side: one UTM zone holds it with little distortion, and a grid of it fits."""
_NORTHMOST, _SOUTHMOST = 84.0, -80.0
"""UTM is defined between these parallels (NGA.SIG.0012, section 7)."""
Box = tuple[float, float, float, float]


class Drawn(Protocol):
    """A way, as far as the box needs it."""

    @property
    def osm_id(self) -> int:
        """Its id."""
        ...

    @property
    def nodes(self) -> tuple[int, ...]:
        """Its nodes."""
        ...

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        ...


def covered_box(stated: Any, lonlat: Mapping[int, tuple[float, float]], ways: list[Any], file: Path) -> tuple[Box, str]:
    """The header's box where it is sane, else the box of the streets and buildings; and which of them it is.

    Ferry lines, boundaries and the sea reach far beyond what an extract covers, so they do not count. East of the
    180th meridian the box runs on beyond 180 degrees, so that west < east always.

    Raises:
        BadMap: The box is wider than any city, or lies beyond UTM.
    """
    settled = {ref for way in ways if "highway" in way.tags or "building" in way.tags for ref in way.nodes}
    refs = [ref for ref in sorted(settled) if ref in lonlat] or list(lonlat)
    points = np.array([lonlat[ref] for ref in refs])
    points[:, 0] = _unwrapped(points[:, 0])
    low, high = points.min(axis=0), points.max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    source = "streets and buildings"
    header = _header_box(stated, crosses=box[2] > 180.0)
    if header is not None and max(size_km(header)) <= WIDEST_KM:
        inside = (points >= [header[0], header[1]]).all(axis=1) & (points <= [header[2], header[3]]).all(axis=1)
        if inside.mean() > 0.5:
            box, source = header, "file header"
    _refuse_beyond_utm(box, file)
    if max(size_km(box)) > WIDEST_KM:
        raise _too_wide(box, points, refs, ways, file)
    return box, source


def _unwrapped(lon: np.ndarray) -> np.ndarray:
    """Longitudes of a map across the 180th meridian, those beyond it counted on from 180."""
    if lon.max() - lon.min() <= 180.0:
        return lon
    turned = np.where(lon < 0, lon + 360.0, lon)
    return turned if turned.max() - turned.min() < 180.0 else lon


def _header_box(stated: Any, *, crosses: bool) -> Box | None:
    if not stated.valid():
        return None
    lower, upper = stated.bottom_left, stated.top_right
    west, east = float(lower.lon), float(upper.lon)
    if crosses and west > 0 > east:
        east += 360.0
    return (west, float(lower.lat), east, float(upper.lat)) if west < east and lower.lat < upper.lat else None


def size_km(box: Box) -> tuple[float, float]:
    """(Width, height) of a box in degrees, km, on a sphere of 6371 km."""
    west, south, east, north = box
    across = float(np.cos(np.radians(np.clip((south + north) / 2, -89.0, 89.0))))
    return (east - west) * 111.195 * across, (north - south) * 111.195


def _refuse_beyond_utm(box: Box, file: Path) -> None:
    middle = (box[1] + box[3]) / 2
    if not _SOUTHMOST <= middle <= _NORTHMOST:
        raise BadMap(
            f"the map lies at latitude {middle:.2f}, where the city's plane (UTM) is not defined",
            file=file,
            expected="a city between 80 degrees south and 84 degrees north",
            remedy="check the coordinates, latitude and longitude may be exchanged",
        )


def _too_wide(box: Box, points: np.ndarray, refs: list[int], ways: list[Drawn], file: Path) -> BadMap:
    """The error names the object that lies farthest from the middle of all."""
    middle = np.median(points, axis=0)
    far = refs[int(np.argmax(np.abs(points - middle).max(axis=1)))]
    way = next((w.osm_id for w in ways if far in w.nodes), None)
    lon, lat = points[refs.index(far)]
    width, height = size_km(box)
    return BadMap(
        f"its streets and buildings cover {width:.0f} x {height:.0f} km",
        file=file,
        place=f"node {far}" + (f" of way {way}" if way is not None else "") + f" at {lon:.4f}, {lat:.4f}",
        expected=f"one city, at most {WIDEST_KM:.0f} km wide",
        remedy="mend that object, or clip the map: osmium extract --bbox WEST,SOUTH,EAST,NORTH FILE -o CITY.osm.pbf",
    )
