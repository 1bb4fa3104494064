"""What two maps both cover: a change can be told only there, for maps are clipped differently."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
from scipy import ndimage
from shapely import get_coordinates, segmentize

from networks.osm.objects import MapObject

CELL_M = 25.0
_GAP_M = 250.0
_SMALL_M2 = 100_000.0
"""Ground that one map alone covers counts as covered by both while it is smaller: a quarter that was built or torn
down, not another clip."""


class Flat:
    """Degrees to metres around the middle of a map, true to a thousandth over a city."""

    def __init__(self, lon: float, lat: float) -> None:
        self._lon, self._lat = lon, lat
        self._scale = np.array([111_195.0 * math.cos(math.radians(lat)), 111_195.0])

    def metres(self, degrees: np.ndarray) -> np.ndarray:
        """(n, 2) degrees -> (n, 2) m."""
        return np.asarray((degrees - np.array([self._lon, self._lat])) * self._scale)


class Cover:
    """The ground that both of two maps cover, as a grid of cells."""

    def __init__(self, old: Mapping[str, MapObject], new: Mapping[str, MapObject], flat: Flat) -> None:
        points = [_points(objects.values(), flat) for objects in (old, new)]
        both = np.vstack(points)
        pad = _GAP_M + 2 * CELL_M
        self._low = both.min(axis=0) - pad
        self._shape = tuple((np.ceil((both.max(axis=0) + pad - self._low) / CELL_M)).astype(int) + 1)
        self._old, self._new = (self._closed(found) for found in points)
        self._common = self._old & self._new
        apart = self._old ^ self._new
        labels, count = ndimage.label(apart, structure=np.ones((3, 3)))
        sizes = ndimage.sum_labels(apart, labels, np.arange(1, count + 1)) * CELL_M**2
        small = np.isin(labels, 1 + np.flatnonzero(sizes <= _SMALL_M2))
        self._common |= small

    @property
    def common_km2(self) -> float:
        """Area that both cover, km2."""
        return float(self._common.sum()) * CELL_M**2 / 1e6

    def holds(self, metres: np.ndarray) -> np.ndarray:
        """(n,) whether points (n, 2) in metres lie where both maps cover the ground."""
        cells = np.floor((metres - self._low) / CELL_M).astype(int)
        inside = ((cells >= 0) & (cells < np.array(self._shape))).all(axis=1)
        found = np.zeros(len(cells), dtype=bool)
        found[inside] = self._common[tuple(cells[inside].T)]
        return found

    def _closed(self, points: np.ndarray) -> np.ndarray:
        """Cells with an object, gaps up to 2 x 250 m closed."""
        cells = np.zeros(self._shape, dtype=bool)
        cells[tuple(np.floor((points - self._low) / CELL_M).astype(int).T)] = True
        reach = _GAP_M / CELL_M
        grown = ndimage.distance_transform_edt(~cells) <= reach
        return np.asarray((ndimage.distance_transform_edt(grown) > reach) | cells)


def _points(objects: Iterable[MapObject], flat: Flat) -> np.ndarray:
    """Points of streets and buildings at least every cell; ferry lines and coasts reach beyond a map."""
    shapes = [one.shape for one in objects if one.kind in ("road", "path", "building")]
    if not shapes:
        return np.zeros((1, 2))
    return flat.metres(get_coordinates(segmentize(np.array(shapes, dtype=object), CELL_M / 111_195.0)))
