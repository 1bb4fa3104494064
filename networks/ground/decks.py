"""Decks lifted off the terrain, ways kept open beneath them and through buildings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from networks.ground.dams import FINE_ENOUGH_M, Beneath, Dam, find_dams, smear_m
from networks.ground.grid import CELL_M, Grid
from networks.ground.structures import Structure, points_along
from networks.ground.terrain import BUILDING, LAND, Terrain
from networks.repairs import Repair
from networks.sentence import say

LIFT_M = 0.5
"""A deck is in the terrain where it stands out by this much (m) from the ground on both sides."""
_SIDE_M = 25.0


def lift_decks(
    terrain: Terrain, structures: Sequence[Structure], beneath: Sequence[Beneath]
) -> tuple[Terrain, list[Repair]]:
    """Take bridge decks off a terrain, so that water flows beneath them.

    Where the heights under a deck stand out by more than `LIFT_M`, as in a surface model, they are replaced by the
    harmonic surface (Laplace) between the ground on both sides and at the abutments; heights below it stay. Where a
    waterway, road or railway passes beneath, its cells under the deck are brought down to the straight line between
    its heights on both sides, so that nothing dams it. Terrains too coarse for decks are opened for waterways alone.
    """
    heights = terrain.elevation_m.astype(np.float64)
    grid, repairs = terrain.grid, []
    smear = smear_m(terrain)
    decks = [one for one in structures if one.kind == "bridge"]
    fine = terrain.source_cell_m <= FINE_ENOUGH_M
    if fine:
        everywhere = grid.covered([_footprint(one, smear) for one in decks])
        for one in decks:
            repairs += _lift(heights, terrain.surface, grid, one, smear, everywhere)
    below = [other for other in beneath if fine or other.kind == "waterway"]
    repairs += [_opened(heights, grid, dam) for dam in find_dams(heights, grid, decks, below, smear)]
    return terrain.changed(elevation_m=np.round(heights, 3).astype(np.float32)), repairs


def _footprint(one: Structure, more_m: float) -> BaseGeometry:
    return one.line.buffer(one.half_width_m + more_m, cap_style="flat")


def _lift(
    heights: np.ndarray, surface: np.ndarray, grid: Grid, one: Structure, smear: float, decks: np.ndarray
) -> list[Repair]:
    """Lift one deck; `decks` are the cells under any deck, which say nothing of the ground."""
    found = grid.window(one.line.bounds, _SIDE_M + smear + one.half_width_m)
    if found is None:
        return []
    rows, columns, part = found
    under = part.covered([_footprint(one, smear)], touched=True)
    open_cells = surface[rows, columns] == LAND
    ground = ~under & ~decks[rows, columns] & (surface[rows, columns] != BUILDING)
    wanted = under & open_cells
    if not wanted.any() or not ground.any():
        return []
    window = heights[rows, columns]
    smooth = _harmonic(window, under | (decks[rows, columns] & ~ground), ground)
    excess = np.where(wanted, window - smooth, 0.0)
    if float(np.nanmax(excess)) < LIFT_M:
        return []
    lower = wanted & (excess > 0)
    before, after = float(window[lower].mean()), float(smooth[lower].mean())
    window[lower] = smooth[lower]
    why = say("the terrain holds the deck of a bridge, which would dam the water", "地形含有桥面，会阻断水流")
    x, y = _middle(one.line)
    change = (f"mean {before:.2f} m under the deck", f"mean {after:.2f} m, {int(lower.sum())} cells")
    return [Repair("deck_lifted", one.osm_text, " ".join(one.edges), why, *change, x, y)]


def _harmonic(window: np.ndarray, hidden: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The surface over `hidden` cells whose every height is the mean of its four neighbours'; `ground` is known.

    Neighbours that are neither hidden nor ground (buildings, the window's border) are walls.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import spsolve

    smooth = window.astype(np.float64).copy()
    rows, columns = np.nonzero(hidden)
    number = np.full(window.shape, -1)
    number[rows, columns] = np.arange(len(rows))
    count, right = np.zeros(len(rows)), np.zeros(len(rows))
    ones, others = [], []
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        y, x = rows + dy, columns + dx
        inside = (y >= 0) & (y < window.shape[0]) & (x >= 0) & (x < window.shape[1])
        y, x = np.where(inside, y, 0), np.where(inside, x, 0)
        known, unknown = inside & ground[y, x], inside & hidden[y, x]
        count += known | unknown
        right[known] += window[y[known], x[known]]
        ones.append(np.flatnonzero(unknown))
        others.append(number[y[unknown], x[unknown]])
    matrix = coo_matrix(
        (
            np.concatenate([count + 1e-9, -np.ones(sum(map(len, ones)))]),
            (
                np.concatenate([np.arange(len(rows)), *ones]),
                np.concatenate([np.arange(len(rows)), *others]),
            ),
        ),
        shape=(len(rows), len(rows)),
    )
    smooth[rows, columns] = spsolve(matrix.tocsc(), right + 1e-9 * window[rows, columns])
    return smooth


def _opened(heights: np.ndarray, grid: Grid, dam: Dam) -> Repair:
    rows, columns, inside = grid.cells(dam.points)
    high = inside & (heights[rows, columns] > dam.wanted_m)
    np.minimum.at(heights, (rows[high], columns[high]), dam.wanted_m[high])
    why = say(
        f"a {dam.beneath.kind} passes beneath this bridge and must not be dammed by it",
        "桥下有通道穿过，不应被桥体阻断",
    )
    before = f"{dam.height_m:.2f} m above the line between both sides"
    x, y = (float(v) for v in dam.points[len(dam.points) // 2])
    osm = f"{dam.bridge.osm_text} {dam.beneath.osm}"
    return Repair("opened_below_deck", osm, "", why, before, "on that line", x, y)


def open_passages(terrain: Terrain, structures: Sequence[Structure]) -> tuple[Terrain, list[Repair]]:
    """Let ways that pass through or beneath a building at ground level pass: their cells are land, not blocks.

    In a surface model they take the straight line between the heights at both ends, not the roof's.
    """
    heights, surface = terrain.elevation_m.copy(), terrain.surface.copy()
    grid, repairs = terrain.grid, []
    for one in structures:
        if one.kind != "passage" or one.use == "water":
            continue
        found = line_cells(grid, one.line, 0.0)
        if found is None:
            continue
        window, cells = found
        walls = np.zeros(grid.shape, dtype=bool)
        walls[window] = cells & (surface[window] == BUILDING)
        if not walls[window].any():
            continue
        surface[window][walls[window]] = LAND
        for part in getattr(one.line, "geoms", [one.line]):
            along, points = points_along(part, 2.0)
            level = np.interp(along, along[[0, -1]], grid.at(heights, points[[0, -1]]))
            rows, columns, inside = grid.cells(points)
            lower = inside & walls[rows, columns] & (heights[rows, columns] > level)
            heights[rows[lower], columns[lower]] = level[lower]
        why = say(
            "people or cars pass through this building at ground level, and so does water",
            "此建筑底层可通行，水亦可通过",
        )
        x, y = _middle(one.line)
        text = " ".join(one.edges)
        before, after = f"{int(walls[window].sum())} cells blocked by a building", "open"
        repairs.append(Repair("passage_opened", one.osm_text, text, why, before, after, x, y))
    return terrain.changed(elevation_m=heights, surface=surface), repairs


def line_cells(grid: Grid, line: BaseGeometry, half_width_m: float) -> tuple[tuple[slice, slice], np.ndarray] | None:
    """A window of the grid, and its cells that a line touches or that lie within half a width (m) of it."""
    found = grid.window(line.bounds, half_width_m + 2 * CELL_M)
    if found is None:
        return None
    rows, columns, part = found
    cells = part.covered([line], touched=True)
    if half_width_m > 0:
        cells |= part.covered([line.buffer(half_width_m, cap_style="flat")])
    return (rows, columns), cells


def _middle(line: LineString | MultiLineString) -> tuple[float, float]:
    point = line.interpolate(0.5, normalized=True) if line.geom_type == "LineString" else line.representative_point()
    return float(point.x), float(point.y)
