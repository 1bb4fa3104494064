"""Dams: what stands across a waterway, road or railway where it passes beneath a bridge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, Point

from networks.ground.grid import CELL_M, Grid
from networks.ground.structures import Structure, points_along
from networks.ground.terrain import Terrain

DAM_M = {"waterway": 0.05, "road": 0.2, "railway": 0.2}
"""What stands out by less (m) across a way beneath a deck is let be."""
FINE_ENOUGH_M = 31.0
"""Heights in larger cells (m), or from points further apart, cannot hold a deck: it is narrower than they see."""


@dataclass(frozen=True)
class Beneath:
    """Something at ground level that may pass beneath decks; `osm` is its way, e.g. `w5`.

    `kind` is `waterway`, `road` or `railway`.
    """

    osm: str
    kind: str
    line: LineString


@dataclass(frozen=True)
class Dam:
    """Ground that stands out across a way beneath a bridge.

    Attributes:
        bridge: The bridge.
        beneath: The way.
        points: (n, 2) along the way, from one side of the bridge to the other, m.
        wanted_m: (n,) heights of the straight line between both sides, m.
        height_m: By how much the ground stands out, m.
    """

    bridge: Structure
    beneath: Beneath
    points: np.ndarray
    wanted_m: np.ndarray
    height_m: float


def smear_m(terrain: Terrain) -> float:
    """How far beyond its edge a deck still lifts the heights of a raster: half a cell of its source, m."""
    return min(terrain.source_cell_m, FINE_ENOUGH_M) / 2


def find_dams(
    heights: np.ndarray, grid: Grid, structures: Sequence[Structure], beneath: Sequence[Beneath], smear: float
) -> Iterator[Dam]:
    """Every dam beneath a bridge; `heights` (rows, columns; m) may be brought down between one and the next."""
    tree = STRtree([other.line for other in beneath])
    for one in structures:
        if one.kind == "bridge":
            for index in sorted(tree.query(one.line, predicate="crosses").tolist()):
                yield from _dams(heights, grid, one, beneath[index], max(smear, CELL_M))


def _dams(heights: np.ndarray, grid: Grid, one: Structure, other: Beneath, aside: float) -> Iterator[Dam]:
    crossing = other.line.intersection(one.line.buffer(one.half_width_m + aside, cap_style="flat"))
    for part in getattr(crossing, "geoms", [crossing]):
        if part.geom_type != "LineString" or part.length < 0.1:
            continue
        first, last = sorted(other.line.project(Point(part.coords[side])) for side in (0, -1))
        begin, end = max(0.0, first - CELL_M), min(other.line.length, last + CELL_M)
        if any(one.line.distance(other.line.interpolate(d)) < one.half_width_m for d in (begin, end)):
            continue  # it ends beneath the deck
        along, points = points_along(LineString([other.line.interpolate(d) for d in np.linspace(begin, end, 33)]), 2.0)
        bed = grid.across(heights, points, CELL_M).min(axis=0)  # ways are drawn no better than to a cell
        wanted = bed[0] + (bed[-1] - bed[0]) * along / along[-1]
        _, _, inside = grid.cells(points)
        height = float(np.where(inside, bed - wanted, 0.0).max())
        if height >= DAM_M[other.kind]:
            yield Dam(one, other, points, wanted, height)
