"""Checks of a modelled terrain: pits, the coast, water that flows on beneath bridges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from shapely import get_coordinates, segmentize
from shapely.geometry import LineString

from networks.ground.dams import Beneath, Dam, find_dams, smear_m
from networks.ground.flow import Flow
from networks.ground.grid import CELL_M
from networks.ground.structures import Structure
from networks.ground.terrain import LAND, WATER, Terrain

SHALLOW_M = 0.1
DEEP_M = 0.5
"""Pits less deep than 0.1 m are not counted; those deeper than 0.5 m without a reason are doubtful."""


@dataclass(frozen=True)
class Pit:
    """Ground from which water has no way out over land: depth (m), area (m2), volume (m3), its deepest point (m).

    `reason` is `underpass`, `water` (a pond or river beside it), or "" where nothing on the map explains it; `edges`
    are the road edges that it covers.
    """

    x: float
    y: float
    depth_m: float
    area_m2: float
    volume_m3: float
    reason: str
    edges: tuple[str, ...] = ()


def find_pits(
    terrain: Terrain, flow: Flow, low: np.ndarray, streets: Sequence[tuple[str, LineString]] = ()
) -> list[Pit]:
    """Every pit at least 0.1 m deep, the largest volume first.

    Args:
        terrain: The finished terrain.
        flow: The ways of water on it.
        low: (rows, columns) bool: cells of underpasses.
        streets: Ids and axes (m) of the road edges at ground level.
    """
    from scipy.ndimage import label

    depth = np.nan_to_num(flow.filled_m - terrain.elevation_m)
    labels, count = label(depth > 0.0)
    if not count:
        return []
    flat, deep = labels.ravel(), depth.ravel()
    order = np.lexsort((deep, flat))
    last = np.searchsorted(flat[order], np.arange(1, count + 1), side="right") - 1
    top = order[last]
    area = np.bincount(flat, minlength=count + 1)[1:] * CELL_M**2
    volume = np.bincount(flat, weights=deep, minlength=count + 1)[1:] * CELL_M**2
    wet = terrain.surface == WATER
    near = wet.copy()
    near[1:] |= wet[:-1]
    near[:-1] |= wet[1:]
    near[:, 1:] |= wet[:, :-1]
    near[:, :-1] |= wet[:, 1:]
    explained = {"water": set(np.unique(labels[near]).tolist()), "underpass": set(np.unique(labels[low]).tolist())}
    covered = _streets_in(labels, terrain, streets)
    pits = []
    for k in np.flatnonzero(deep[top] >= SHALLOW_M):
        row, column = divmod(int(top[k]), terrain.elevation_m.shape[1])
        x, y = terrain.transform.c + (column + 0.5) * CELL_M, terrain.transform.f - (row + 0.5) * CELL_M
        reason = next((why for why in ("underpass", "water") if int(k) + 1 in explained[why]), "")
        size = (round(float(deep[top[k]]), 3), float(area[k]), round(float(volume[k]), 1))
        pits.append(Pit(x, y, *size, reason, tuple(covered.get(int(k) + 1, ()))))
    return sorted(pits, key=lambda pit: (-pit.volume_m3, pit.x, pit.y))


def _streets_in(
    labels: np.ndarray, terrain: Terrain, streets: Sequence[tuple[str, LineString]]
) -> dict[int, list[str]]:
    """Label of a pit -> ids of the streets with a point in it, in the streets' order."""
    if not streets:
        return {}
    points, which = get_coordinates(segmentize([line for _, line in streets], CELL_M), return_index=True)
    rows, columns, inside = terrain.grid.cells(points)
    pit = np.where(inside, labels[rows, columns], 0)
    found: dict[int, list[str]] = {}
    for index, label in np.unique(np.column_stack([which, pit])[pit > 0], axis=0).tolist():
        found.setdefault(label, []).append(streets[index][0])
    return found


def dammed(terrain: Terrain, structures: Sequence[Structure], beneath: Sequence[Beneath]) -> list[Dam]:
    """Waterways that a bridge still dams by 5 cm or more: there should be none."""
    flows = [other for other in beneath if other.kind == "waterway"]
    return list(find_dams(terrain.elevation_m, terrain.grid, structures, flows, smear_m(terrain)))


def coast_heights_m(terrain: Terrain, sea: np.ndarray) -> float | None:
    """The median height (m) of land beside the sea; None without a coast. `sea`: (rows, columns) bool."""
    beside = np.zeros(sea.shape, dtype=bool)
    beside[1:] |= sea[:-1]
    beside[:-1] |= sea[1:]
    beside[:, 1:] |= sea[:, :-1]
    beside[:, :-1] |= sea[:, 1:]
    land = beside & (terrain.surface == LAND)
    return round(float(np.median(terrain.elevation_m[land])), 3) if land.any() else None


def pit_figures(pits: Sequence[Pit], terrain: Terrain) -> dict[str, Any]:
    """Figures of the pits for the manifest; `pit_share` is the land in unexplained pits deeper than 0.5 m.

    A pit that is less deep than the terrain's own error cannot be told from noise: those are `pits_within_error`.
    """
    land = max(1, int((terrain.surface == LAND).sum())) * CELL_M**2
    odd = [pit for pit in pits if not pit.reason]
    error = terrain.vertical_error_m
    return {
        "pits": len(pits),
        "pits_explained": len(pits) - len(odd),
        "pits_within_error": sum(pit.depth_m <= error for pit in odd) if error == error else None,
        "pit_volume_m3": round(sum(pit.volume_m3 for pit in pits), 1),
        "pit_deepest_m": max((pit.depth_m for pit in pits), default=0.0),
        "pit_share": round(min(1.0, sum(pit.area_m2 for pit in odd if pit.depth_m > DEEP_M) / land), 5),
        "largest_pits": [{k: v for k, v in asdict(pit).items() if k != "edges"} for pit in pits[:10]],
    }
