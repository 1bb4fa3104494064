"""Ways on foot that run along roads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from shapely import STRtree, get_coordinates, line_interpolate_point
from shapely.geometry import LineString

ALONG_M = 14.0
"""A way runs along a road when its middle lies this close to the road's line; a guess: half a street of four lanes."""
_PARALLEL = np.cos(np.radians(25.0))
_KINDS = ("sidewalk", "footway", "path")


def links_along(
    links: Sequence[LineString], kinds: Sequence[str], roads: Sequence[LineString]
) -> np.ndarray:  # fmt: skip
    """Which walk links run along which roads, both directions of a road included.

    Args:
        links: Lines of the walk links (m).
        kinds: Their kinds; only sidewalks, footways and paths run along roads.
        roads: Lines of the road edges (m).

    Returns:
        Rows (link, road) in order, int64, shape (pairs, 2).
    """
    rows = np.array([k for k, kind in enumerate(kinds) if kind in _KINDS], dtype=np.int64)
    if not len(rows) or not len(roads):
        return np.empty((0, 2), dtype=np.int64)
    middles = line_interpolate_point([links[k] for k in rows], 0.5, normalized=True)
    link, road = STRtree(list(roads)).query(middles, predicate="dwithin", distance=ALONG_M)
    ways, streets = (np.array([_direction(line) for line in lines]) for lines in ([links[k] for k in rows], roads))
    parallel = np.abs((ways[link] * streets[road]).sum(axis=1)) >= _PARALLEL
    pairs = np.column_stack([rows[link[parallel]], road[parallel]]).astype(np.int64)
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def _direction(line: LineString) -> np.ndarray:
    """Unit vector from a line's begin to its end; 0 where they are one."""
    xy = get_coordinates(line)
    way = xy[-1, :2] - xy[0, :2]
    return np.asarray(way / max(float(np.hypot(*way)), 1e-9))
