"""Arrays and geometry as small text: quantised, delta-coded, gzipped, base64. The page unpacks them (pages/map.js)."""

from __future__ import annotations

import base64
import gzip
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from geopandas import GeoSeries

PER_DEGREE = 1_000_000
"""Coordinates are whole millionths of a degree: 0.11 m or finer."""


class Packed(TypedDict):
    """One array: `gz` is base64 of gzip of the little-endian bytes in C order."""

    dtype: str
    shape: list[int]
    gz: str


class Shapes(TypedDict):
    """Lines or rings: `starts` (n+1,) row starts, `xy` (points, 2) delta-coded millionths of a degree."""

    starts: Packed
    xy: Packed


def pack(array: npt.NDArray[Any]) -> Packed:
    """Pack an array of uint8, int32 or float32; the same array gives the same text.

    Raises:
        ValueError: Another dtype, which the page cannot read.
    """
    if array.dtype not in (np.uint8, np.int32, np.float32):
        raise ValueError(f"cannot pack {array.dtype}: give uint8, int32 or float32")
    raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    text = base64.b64encode(gzip.compress(raw, compresslevel=6, mtime=0)).decode("ascii")
    return {"dtype": str(array.dtype), "shape": list(array.shape), "gz": text}


def unpack(packed: Packed) -> npt.NDArray[Any]:
    """The array again, as the page sees it."""
    raw = gzip.decompress(base64.b64decode(packed["gz"]))
    return np.frombuffer(raw, dtype=np.dtype(packed["dtype"]).newbyteorder("<")).reshape(packed["shape"])


def pack_coordinates(xy_deg: npt.NDArray[np.float64], starts: npt.NDArray[np.integer[Any]]) -> Shapes:
    """Pack points (m, 2) in degrees whose rows begin at `starts` (n+1,)."""
    whole = np.rint(xy_deg * PER_DEGREE).astype(np.int32).reshape(-1, 2)
    deltas = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int32)).astype(np.int32)
    return {"starts": pack(starts.astype(np.int32)), "xy": pack(deltas)}


def unpack_coordinates(shapes: Shapes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    """Degrees (m, 2) and starts (n+1,)."""
    return np.cumsum(unpack(shapes["xy"]), axis=0) / PER_DEGREE, unpack(shapes["starts"])


def pack_lines(lines: GeoSeries) -> Shapes:
    """Pack LineStrings, one row each, from any coordinate system (an empty or missing line keeps its row)."""
    import shapely

    coordinates, rows = shapely.get_coordinates(_degrees(lines), return_index=True)
    return pack_coordinates(coordinates, _starts(rows, len(lines)))


def pack_areas(areas: GeoSeries) -> dict[str, Any]:
    """Pack Polygons and MultiPolygons with the triangles that fill them, one row per polygon.

    Returns:
        `points` (Shapes: all rings of a polygon, one after the other), `first_corner` (polygons+1,) and `corners`
        (3 x triangles,), delta-coded indices of points, of the constrained Delaunay triangulation.
    """
    import shapely

    parts = shapely.get_parts(_degrees(areas))
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    points, rows = shapely.get_coordinates(parts, return_index=True)
    triangles, polygon = shapely.get_parts(shapely.constrained_delaunay_triangles(parts), return_index=True)
    tips = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3].reshape(-1, 2)
    place: dict[tuple[int, float, float], int] = {}
    for at, key in enumerate(zip(rows.tolist(), *points.T.tolist(), strict=True)):
        place.setdefault(key, at)
    keys = zip(np.repeat(polygon, 3).tolist(), *tips.T.tolist(), strict=True)
    corners = np.fromiter((place[key] for key in keys), np.int32, len(tips))
    return {
        "points": pack_coordinates(points, _starts(rows, len(parts))),
        "first_corner": pack(_starts(np.repeat(polygon, 3), len(parts)).astype(np.int32)),
        "corners": pack(np.diff(corners, prepend=np.int32(0)).astype(np.int32)),
    }


def _degrees(shapes: GeoSeries) -> npt.NDArray[Any]:
    if len(shapes) == 0:
        return np.empty(0, dtype=object)
    wanted = shapes.to_crs(4326) if shapes.crs is not None else shapes
    return np.asarray(wanted.array)


def _starts(rows: npt.NDArray[np.integer[Any]], count: int) -> npt.NDArray[np.int64]:
    counts = np.bincount(rows, minlength=count) if len(rows) else np.zeros(count, np.int64)
    return np.concatenate([[0], np.cumsum(counts)])
