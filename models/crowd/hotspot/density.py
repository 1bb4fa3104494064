"""How densely people stand: the area that each has, and what that makes of a patch of ground.

Source: Steffen and Seyfried 2010, Methods for measuring pedestrian density, flow, speed and direction with minimal
scatter, doi:10.1016/j.physa.2009.12.015: everybody owns the ground that is nearer to them than to anybody else; inside
that cell density is one over its area.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from models.crowd.hotspot.tracks import Tracks
from networks import BadInput


def own_ground(xy_m: np.ndarray, area: Polygon) -> np.ndarray:
    """The part of `area` that is nearer to each person than to anybody else; polygons, shape (n,).

    Where an obstacle cuts a cell in pieces, the piece counts that the person stands in.

    Args:
        xy_m: Where people are (m), shape (n, 2), inside the area.
        area: The ground, with obstacles as holes.

    Raises:
        BadInput: Two people in one place, or somebody outside the area.
    """
    if len(xy_m) == 0:
        return np.empty(0, dtype=object)
    who = shapely.points(xy_m)
    outside = np.flatnonzero(~shapely.intersects(area, who))
    if len(outside):
        raise BadInput(
            "somebody stands outside the area",
            place=f"person {int(outside[0])} at {xy_m[outside[0]].round(3).tolist()} m",
            expected="positions inside the polygon, in its projection",
        )
    if len(np.unique(xy_m, axis=0)) < len(xy_m):
        raise BadInput("two people are in one place", place="positions", expected="places that differ")
    if len(xy_m) == 1:
        return np.array([area], dtype=object)
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(xy_m), extend_to=area.envelope, ordered=True))
    shapely.prepare(area)
    cut = np.flatnonzero(~shapely.contains_properly(area, cells))
    cells[cut] = _own_piece(shapely.intersection(cells[cut], area), who[cut])
    return np.asarray(cells)


def _own_piece(cells: np.ndarray, who: np.ndarray) -> np.ndarray:
    for row in np.flatnonzero(shapely.get_type_id(cells) != 3):
        pieces = [part for part in shapely.get_parts(cells[row]) if part.area > 0]
        near = [piece.distance(who[row]) for piece in pieces]
        cells[row] = pieces[int(np.argmin(near))]
    return cells


def density_pm2(cells: np.ndarray, patches: list[BaseGeometry]) -> np.ndarray:
    """Density of patches (persons/m2), shape (patches,): the mean, over a patch, of one over the own ground's area.

    Args:
        cells: See `own_ground`.
        patches: Polygons that do not reach beyond the area.
    """
    result = np.zeros(len(patches))
    if len(cells) == 0:
        return result
    shapes = np.asarray(patches, dtype=object)
    shapely.prepare(shapes)
    which, cell = shapely.STRtree(cells).query(patches, predicate="intersects")
    share = np.ones(len(which))
    cut = np.flatnonzero(~shapely.covers(shapes[which], cells[cell]))
    share[cut] = shapely.area(shapely.intersection(cells[cell[cut]], shapes[which[cut]])) / shapely.area(
        cells[cell[cut]]
    )
    np.add.at(result, which, share)
    return np.asarray(result / shapely.area(shapes))


def speed_mps(cells: np.ndarray, patch: BaseGeometry, speed: np.ndarray) -> float:
    """Mean speed on a patch (m/s), weighted with the share of it that each person owns; NaN where nobody does."""
    shared = shapely.area(shapely.intersection(cells, patch))
    known = np.isfinite(speed)
    return float(np.average(speed[known], weights=shared[known])) if shared[known].sum() > 0 else float("nan")


def density_and_speed(
    tracks: Tracks, area: Polygon, patch: Polygon, *, every_s: float = 1.0, over_s: float = 0.4
) -> np.ndarray:
    """Density (persons/m2) and speed (m/s) on one patch, shape (times, 3): time (s), density, speed.

    Args:
        tracks: Positions; those outside `area` are left out.
        area: The ground.
        patch: The measuring field.
        every_s: Time between rows (s).
        over_s: Time over which velocities are taken (s).
    """
    velocity = np.hypot(*tracks.velocity_mps(over_s).T)
    inside = shapely.contains_xy(area, tracks.xy_m[:, 0], tracks.xy_m[:, 1])
    stride, rows = max(1, round(every_s / tracks.every_s)), []
    for number, here in tracks.frames():
        if number % stride == 0:
            kept = np.flatnonzero(inside[here]) + here.start
            cells = own_ground(tracks.xy_m[kept], area)
            dense = float(density_pm2(cells, [patch])[0])
            rows.append((number * tracks.every_s, dense, speed_mps(cells, patch, velocity[kept])))
    return np.array(rows).reshape(-1, 3)
