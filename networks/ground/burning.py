"""Low roads burned into the terrain: ramps, the covered part of an underpass, the mouths of a sag tunnel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from networks.ground.decks import line_cells
from networks.ground.dives import FALL, MOUTH_M, Dive, kind_of_group
from networks.ground.grid import CELL_M
from networks.ground.terrain import BUILDING, LAND, WATER, Terrain
from networks.repairs import Repair
from networks.sentence import say


def burn_in(terrain: Terrain, groups: Sequence[Sequence[Dive]]) -> tuple[Terrain, np.ndarray, list[Repair]]:
    """Bring the terrain down to the roadway of each group of dives (one underpass each).

    An underpass is burned from ramp top to ramp top, beneath buildings, too; of a sag tunnel the ramps and 20 m inside
    each mouth, where the roadway falls on, so that a sump gathers what runs in. Heights that are lower already stay.

    Returns:
        The terrain with `low_road` set; (rows, columns) int: 0, or the number (from 1) of the group that owns a cell;
        what was changed.
    """
    heights, surface = terrain.elevation_m.astype(np.float64), terrain.surface.copy()
    low, owner = terrain.low_road.copy(), np.zeros(heights.shape, dtype=np.int32)
    repairs = []
    for number, group in enumerate(groups, 1):
        lowered = 0
        for dive in group:
            for points, road in _stretches(dive, kind_of_group(group)):
                lowered += _burn(heights, surface, low, owner, terrain, dive, points, road, number)
        if lowered:
            repairs.append(_told(group, lowered))
    rounded = np.round(heights, 3).astype(np.float32)
    return terrain.changed(elevation_m=rounded, surface=surface, low_road=low), owner, repairs


def _stretches(dive: Dive, kind: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Points and roadway heights that are burned, stretch by stretch."""
    if kind == "underpass":
        return [(dive.points, dive.road_m)]
    step = np.hypot(*np.diff(dive.points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(step)])
    roof = along[dive.covered]
    parts = []
    for mouth, inwards in ((roof[0], 1.0), (roof[-1], -1.0)):
        inside = (along - mouth) * inwards
        chosen = inside <= MOUTH_M
        depth = np.maximum(0.0, inside[chosen]) * FALL
        foot = float(np.interp(mouth, along, dive.road_m))
        parts.append((dive.points[chosen], np.where(inside[chosen] > 0, foot - depth, dive.road_m[chosen])))
    return parts


def _burn(
    heights: np.ndarray,
    surface: np.ndarray,
    low: np.ndarray,
    owner: np.ndarray,
    terrain: Terrain,
    dive: Dive,
    points: np.ndarray,
    road: np.ndarray,
    number: int,
) -> int:
    """Burn one stretch; how many cells were lowered."""
    line = LineString(points)
    found = line_cells(terrain.grid, line, dive.half_width_m)
    if found is None:
        return 0
    window, cells = found
    part = terrain.grid.window(line.bounds, dive.half_width_m + 2 * CELL_M)
    assert part is not None
    centres = part[2].centres()[cells.ravel()]
    level = np.full(cells.shape, np.inf)
    level[cells] = road[cKDTree(points).query(centres)[1]]
    mine = cells & (surface[window] != WATER)
    lower = mine & (level < heights[window])
    heights[window][lower] = level[lower]
    surface[window][mine & (surface[window] == BUILDING)] = LAND
    low[window][lower] = True
    owner[window][mine] = number
    return int(lower.sum())


def _told(group: Sequence[Dive], lowered: int) -> Repair:
    deepest = min(group, key=lambda dive: dive.lowest[2])
    at = int(deepest.road_m.argmin())
    why = say(
        "this road passes below the ground: its ramps and lowest point are brought down, and water gathers there",
        "该道路低于地面通过；将其坡道与最低点降至路面高程，使积水汇于此处",
    )
    osm = " ".join(f"w{way}" for dive in group for way in dive.ways)
    before = f"ground at {float(deepest.ground_m[at]):.2f} m"
    after = f"roadway at {float(deepest.road_m[at]):.2f} m ({deepest.profile_source}), {lowered} cells"
    return Repair("low_road_burned", osm, "", why, before, after, *deepest.lowest[:2])
