"""Heights from a map's own points: spot heights, the coast at 0 m, and the surface between them."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import RBFInterpolator, RegularGridInterpolator
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import Plane
from networks.ground.grid import CELL_M, Grid
from networks.ground.terrain import Terrain, make_terrain
from networks.ground.vertical_error import FEWEST_SPOTS, VerticalError
from networks.osm.extract import Extract
from networks.osm.values import read_altitude, read_layer
from networks.sentence import say

_COAST_STEP_M = 40.0
_MOST_POINTS, _LATTICE_POINTS = 200_000, 20_000


def spot_heights(extract: Extract, plane: Plane, frame: Polygon) -> np.ndarray:
    """(n, 3) x, y, height (m) of nodes with `ele` on the ground, in file order.

    Roofs, towers and objects on bridges or above the ground (`layer`, `building`, `man_made=tower|mast`) are left out.
    """
    found = []
    west, south, east, north = frame.bounds
    for node in extract.nodes:
        height = read_altitude(node.tags.get("ele")).value
        raised = "building" in node.tags or read_layer(node.tags.get("layer")).value not in (0.0, None)
        raised = raised or node.tags.get("man_made") in ("tower", "mast", "crane", "chimney")
        if height is None or raised:
            continue
        x, y = plane.xy[node.osm_id]
        if west - 200 <= x <= east + 200 and south - 200 <= y <= north + 200:
            found.append((x, y, height))
    return np.array(found, dtype=float).reshape(-1, 3)


def coast_heights(lines: list[LineString], frame: Polygon) -> np.ndarray:
    """(n, 3) points every 40 m along the coast, height 0 m."""
    points = []
    for line in lines:
        near = line.intersection(frame.buffer(100.0))
        for part in getattr(near, "geoms", [near]):
            for along in np.arange(0.0, part.length, _COAST_STEP_M):
                point = part.interpolate(along)
                points.append((round(point.x, 3), round(point.y, 3), 0.0))
    return np.array(points, dtype=float).reshape(-1, 3)


def _surface(known: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Linear radial basis functions with a little smoothing, held within the range of the known heights.

    Source: Hardy 1971, doi:10.1029/JB076i008p01905 (multiquadrics; here their linear limit).
    """
    _, first = np.unique(np.round(known[:, :2], 1), axis=0, return_index=True)
    known = known[np.sort(first)]
    centre = known[:, :2].mean(axis=0)
    fit = RBFInterpolator((known[:, :2] - centre) / 100.0, known[:, 2], kernel="linear", smoothing=0.05)
    values = np.concatenate([fit((part - centre) / 100.0) for part in np.array_split(at, max(1, len(at) // 20000))])
    return np.clip(values, known[:, 2].min(), known[:, 2].max())


def _heights(known: np.ndarray, grid: Grid) -> np.ndarray:
    """(rows, columns) heights: at every cell of a small raster, else on a lattice and between its points bilinearly.

    The surface bends at the known points alone, which lie far apart beside the lattice's step.
    """
    cells = grid.rows * grid.columns
    if cells <= _MOST_POINTS:
        return _surface(known, grid.centres()).reshape(grid.shape)
    step = int(np.ceil(np.sqrt(cells / _LATTICE_POINTS)))
    rows, columns = (np.arange(0, n + step, step, dtype=float) for n in grid.shape)
    x, y = grid.left + (columns + 0.5) * CELL_M, grid.top - (rows + 0.5) * CELL_M
    lattice = np.column_stack([part.ravel() for part in np.meshgrid(x, y)])
    values = _surface(known, lattice).reshape(len(rows), len(columns))
    between = RegularGridInterpolator((rows, columns), values)
    across = np.arange(grid.columns, dtype=float)
    lines = [between(np.column_stack([np.full(grid.columns, row), across])) for row in range(grid.rows)]
    return np.array(lines)


def leave_one_out_rmse(spots: np.ndarray, coast: np.ndarray) -> float:
    """Root mean square error (m) at each spot height when it is left out; the coast stays in."""
    errors = []
    for i in range(len(spots)):
        rest = np.vstack([np.delete(spots, i, axis=0), coast])
        errors.append(_surface(rest, spots[i : i + 1, :2])[0] - spots[i, 2])
    return float(np.sqrt(np.mean(np.square(errors))))


def interpolated_terrain(
    spots: np.ndarray,
    coast: np.ndarray,
    grid: Grid,
    *,
    water: list[BaseGeometry],
    sea: list[BaseGeometry],
    buildings: list[BaseGeometry],
) -> Terrain | None:
    """Heights from spot heights and the coast; None when there are fewer than eight spot heights.

    The vertical error is that of leaving one out. The model is `terrain`: spot heights are taken on the ground. The
    mean distance between the spot heights stands in the place of a source's cell.
    """
    if len(spots) < FEWEST_SPOTS:
        return None
    heights = _heights(np.vstack([spots, coast]), grid)
    if sea:
        heights[grid.covered(sea)] = 0.0
    source = say(
        f"interpolated from {len(spots)} spot heights" + (", the coast at 0 m" if len(coast) else ""),
        f"由{len(spots)}个高程点插值" + ("，海岸线取0米" if len(coast) else ""),
    )
    error = VerticalError(
        round(leave_one_out_rmse(spots, coast), 3),
        "terrain",
        say("each spot height left out in turn", "逐一留出各高程点检验"),
    )
    spacing = float(np.sqrt(grid.rows * grid.columns * 25.0 / len(spots)))
    return make_terrain(heights, grid, error, source=source, source_cell_m=spacing, water=water, buildings=buildings)
