"""Gaps between houses: rows of buildings on a slope that would stand as dams let the water through."""

from __future__ import annotations

import numpy as np

from networks.ground.flow import Flow, catchments, flow_over
from networks.ground.terrain import BUILDING, LAND, WATER, Terrain
from networks.repairs import Repair
from networks.sentence import say

HELD_M = 0.9
"""Deeper water than this (m) no row of houses holds back: it finds gates, gaps and doors.

Walls of houses yield at about 3 feet of water that stands on one side alone (secondary source: FEMA P-936,
"Floodproofing Non-Residential Buildings", on tests of the US Army Corps of Engineers; neither text was at hand).
"""
STORM_M = 0.1
"""Rain on the catchment (m) by which a hollow must fill beyond `HELD_M` to be opened (guess: a hundred-year storm)."""
_ROUNDS = 6


def open_gaps(terrain: Terrain) -> tuple[Terrain, list[Repair]]:
    """Open a way through the houses, a cell wide, out of every hollow that they alone close and a storm would fill.

    Cells of a few metres close the gaps between houses, so that a row of them across a slope holds water up to its
    roofs, which nobody has seen. The way is that of the water on the ground without houses, from the hollow's lowest
    cell down to where it gets on by itself. Heights stay as they are; where the heights hold roofs (a surface model)
    the ground itself seems closed there, and nothing is opened.

    Returns:
        The terrain, and what was opened.
    """
    z, surface = terrain.elevation_m.astype(np.float64), terrain.surface.copy()
    outlet = surface == WATER
    if not (surface == BUILDING).any():
        return terrain, []
    bare, repairs = flow_over(z, terrain.cell_m, outlet=outlet), list[Repair]()
    for _ in range(_ROUNDS):
        flow = flow_over(z, terrain.cell_m, outlet=outlet, blocked=surface == BUILDING)
        opened = [
            _opened(terrain, surface, flow, bare, start, deep_m)
            for start, deep_m in _hollows(z, terrain.cell_m, flow, bare)
        ]
        repairs += [one for one in opened if one is not None]
        if not any(opened):
            break
    return terrain.changed(surface=surface), repairs


def _hollows(z: np.ndarray, cell_m: float, flow: Flow, bare: Flow) -> list[tuple[int, float]]:
    """Lowest cell (flat) and depth (m) of each hollow that houses make and a storm fills, the highest first."""
    from scipy.ndimage import label, labeled_comprehension

    depth = np.nan_to_num(flow.filled_m - z)
    labels, count = label(depth > 0.0)
    if not count:
        return []
    numbers = np.arange(1, count + 1)
    cells = np.arange(z.size).reshape(z.shape)
    lowest = labeled_comprehension(z, labels, numbers, lambda part, at: at[part.argmin()], int, 0, True)
    lowest = cells.ravel()[lowest]
    held = depth.ravel()[lowest] - (bare.filled_m - z).ravel()[lowest]
    deep = numbers[held > HELD_M]
    if not len(deep):
        return []
    bottom = np.zeros(count + 1)
    bottom[1:] = z.ravel()[lowest]
    part = np.where(labels > 0, np.maximum(0.0, bottom[labels] + HELD_M - z), 0.0)
    volume = np.bincount(labels.ravel(), weights=part.ravel(), minlength=count + 1) * cell_m**2
    area = catchments(flow, np.where(np.isin(labels, deep), labels, 0))
    full = [number for number in deep.tolist() if area.get(number, 0.0) * STORM_M > volume[number]]
    found = [(int(lowest[number - 1]), float(held[number - 1])) for number in full]
    return sorted(found, key=lambda one: (-z.ravel()[one[0]], one[0]))


def _opened(terrain: Terrain, surface: np.ndarray, flow: Flow, bare: Flow, start: int, deep_m: float) -> Repair | None:
    """Open the way from a cell on; None where it is open by now, or leads out of the map first."""
    flat, filled = surface.reshape(-1), flow.filled_m.reshape(-1)
    at, gone = start, list[int]()
    while not (gone and flat[at] != BUILDING and filled[at] < filled[start]):
        following = int(bare.down[at])
        if following == at:
            break
        gone += [*_side(terrain, at, following), following]
        at = following
    walls = [cell for cell in dict.fromkeys(gone) if flat[cell] == BUILDING]
    if not walls:
        return None
    flat[walls] = LAND
    row, column = divmod(start, surface.shape[1])
    corner = terrain.transform
    x, y = corner.c + (column + 0.5) * terrain.cell_m, corner.f - (row + 0.5) * terrain.cell_m
    why = say(
        "houses in a row would dam the water of the slope here; it finds gates and gaps that cells do not show",
        "此处连排房屋会像堤坝一样拦住坡面来水；实际会经门洞和间隙流出，而栅格无法表示",
    )
    return Repair("gap_opened", "", "", why, f"{deep_m:.2f} m of water held", f"{len(walls)} cells open", x, y)


def _side(terrain: Terrain, one: int, other: int) -> list[int]:
    """The lower of the two cells beside a diagonal step, since water passes through sides."""
    columns = terrain.surface.shape[1]
    (a, b), (c, d) = divmod(one, columns), divmod(other, columns)
    if a == c or b == d:
        return []
    return [min((a * columns + d, c * columns + b), key=lambda cell: float(terrain.elevation_m.flat[cell]))]
