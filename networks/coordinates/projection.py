"""The city's plane: the UTM zone of its centre."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from shapely.geometry import Polygon


def utm_epsg(lon: float, lat: float) -> str:
    """`EPSG:326zz` (north) or `EPSG:327zz` (south) for a point in degrees."""
    zone = min(int((lon + 180) // 6) + 1, 60)
    return f"EPSG:{326 if lat >= 0 else 327}{zone:02d}"


def utm_proj4(epsg: str) -> str:
    """The PROJ words that netconvert takes for a UTM zone given as `EPSG:326zz` or `EPSG:327zz`."""
    south = " +south" if epsg[5:8] == "327" else ""
    return f"+proj=utm +zone={int(epsg[8:])}{south} +ellps=WGS84 +datum=WGS84 +units=m +no_defs"


class Plane:
    """Node positions in the city's plane, metres, rounded to the millimetre so that digests are stable."""

    def __init__(self, lonlat: Mapping[int, tuple[float, float]], epsg: str) -> None:
        from pyproj import Transformer

        self.epsg = epsg
        self._forward = Transformer.from_crs("EPSG:4326", epsg, always_xy=True)
        ids = list(lonlat)
        x, y = self._forward.transform(*np.array([lonlat[i] for i in ids]).reshape(-1, 2).T)
        self.xy: dict[int, tuple[float, float]] = dict(
            zip(ids, zip(np.round(x, 3).tolist(), np.round(y, 3).tolist(), strict=True), strict=True)
        )

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """One point in degrees -> metres."""
        x, y = self._forward.transform(lon, lat)
        return round(float(x), 3), round(float(y), 3)

    def add(self, node: int, lon: float, lat: float) -> tuple[float, float]:
        """Give a node that the map lacks a place, degrees -> metres."""
        self.xy[node] = self.point(lon, lat)
        return self.xy[node]

    def frame(self, box: tuple[float, float, float, float], steps: int = 16) -> Polygon:
        """The map's border: a box in degrees as a polygon in metres (its sides bend a little)."""
        west, south, east, north = box
        across, up = np.linspace(west, east, steps), np.linspace(south, north, steps)
        lon = np.concatenate([across, np.full(steps, east), across[::-1], np.full(steps, west)])
        lat = np.concatenate([np.full(steps, south), up, np.full(steps, north), up[::-1]])
        x, y = self._forward.transform(lon, lat)
        ring = Polygon(np.column_stack([np.round(x, 3), np.round(y, 3)]))
        return ring.buffer(0)


@contextmanager
def own_proj() -> Iterator[None]:
    """Hide PROJ_LIB and PROJ_DATA where SUMO's Python packages set them: rasterio cannot read SUMO's tables."""
    hidden = {k: v for k in ("PROJ_LIB", "PROJ_DATA") if "sumo" in (v := os.environ.get(k, ""))}
    for key in hidden:
        del os.environ[key]
    try:
        yield
    finally:
        os.environ.update(hidden)
