"""The places that a flood run watches: lanes, doors, ponding points and underpasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from models.flood import LineCells, cells_under, lines_around
from networks import Camera, City, Pond, Terrain, UnderpassText, read_cameras, say, storage_of
from networks.sentence import Sentence
from scenarios.flooding.streets import Streets, told_apart
from scenarios.flooding.watched import WatchedUnderpass, watched_underpasses
from scenarios.members.flood_run import lanes_and_paths

CAMERA_M = 300.0
"""A camera further away shows nothing of a place (guess)."""
WARN_M = 0.15
"""At ponding points: a cautious driver's limit (guess)."""
LEFT_CELLS = 4
"""A hollow that is an underpass but for fewer cells is that underpass, and no ponding point beside it (guess)."""


@dataclass(frozen=True)
class Places:
    """What is watched; members share it.

    Attributes:
        roads: Cells under the city's edges.
        links: Cells under its walk links.
        doors: Cells around its buildings.
        ponds: Ponding points.
        pond_names: What people call them.
        pond_cells: Their cells, as lines.
        underpasses: With their tanks.
        cameras: The city's.
        edges: Ids of its edges, in the order of `roads`.
    """

    roads: LineCells
    links: LineCells
    doors: LineCells
    ponds: tuple[Pond, ...]
    pond_names: tuple[Sentence, ...]
    pond_cells: LineCells
    underpasses: tuple[WatchedUnderpass, ...]
    cameras: tuple[Camera, ...] = ()
    edges: tuple[str, ...] = ()

    def nearest_cameras(self, x: float, y: float) -> tuple[tuple[str, float], ...]:
        """Name or id, and distance (m), of the three nearest cameras within CAMERA_M; none where x is NaN."""
        near = sorted((float(np.hypot(one.x - x, one.y - y)), one.name or one.camera_id) for one in self.cameras)
        return tuple((name, away) for away, name in near[:3] if away <= CAMERA_M)

    def roads_in(self, pond: Pond) -> np.ndarray:
        """Indices of the edges that have a cell in a ponding point."""
        return lines_in(self.roads, pond.cells)


def lines_in(lines: LineCells, cells: np.ndarray) -> np.ndarray:
    """Indices of the lines that have one of some cells."""
    hit = np.isin(lines.cell, cells)
    ends = np.r_[lines.begins, len(lines.cell)].tolist()
    inside = [bool(hit[begin:end].any()) for begin, end in pairwise(ends)]
    return lines.wet_able[np.array(inside, bool)]


def watched_places(city: City, terrain: Terrain, ponds: Sequence[Pond], known: Sequence[UnderpassText] = ()) -> Places:
    """Find the cells of everything once, and what people call each place."""
    roads, links = lanes_and_paths(city, terrain)
    around = lines_around(list(city.layer("buildings").geometry), terrain.cell_m * 0.75)
    doors = cells_under(
        terrain.transform, around, terrain.elevation_m.shape, terrain.cell_m, low_cells=terrain.low_road
    )
    streets = Streets(city)
    underpasses = watched_underpasses(city, terrain, known, streets)
    ponds = beside_underpasses(terrain, ponds, underpasses)
    begins = np.cumsum([0, *(len(pond.cells) for pond in ponds)])[:-1]
    cells = np.concatenate([np.zeros(0, np.int64), *(pond.cells for pond in ponds)])
    pools = LineCells(len(ponds), np.arange(len(ponds)), cells, begins)
    names = told_apart([*(one.name for one in underpasses), *(_named(pond, streets) for pond in ponds)])
    under = tuple(replace(one, name=name) for one, name in zip(underpasses, names, strict=False))
    ids = tuple(city.layer("edges")["edge_id"])
    return Places(roads, links, doors, ponds, tuple(names[len(under) :]), pools, under, read_cameras(city), ids)


def beside_underpasses(
    terrain: Terrain, ponds: Sequence[Pond], underpasses: Sequence[WatchedUnderpass]
) -> tuple[Pond, ...]:
    """The ponding points without the cells of underpasses, which are watched by themselves."""
    taken = np.unique(np.concatenate([np.zeros(0, np.int64), *(one.cells for one in underpasses)]))
    ground, kept = terrain.elevation_m.ravel().astype(np.float64), list[Pond]()
    for pond in ponds:
        cells = pond.cells[~np.isin(pond.cells, taken)]
        if len(cells) == len(pond.cells):
            kept.append(pond)
        elif len(cells) >= LEFT_CELLS or pond.reports:
            cells = cells if len(cells) else pond.cells
            lowest = int(cells[np.argmin(ground[cells])])
            row, column = divmod(lowest, terrain.elevation_m.shape[1])
            x = terrain.transform.c + (column + 0.5) * terrain.cell_m
            y = terrain.transform.f - (row + 0.5) * terrain.cell_m
            bottom, below = float(ground[lowest]), ground[cells] < pond.spill_m
            storage = storage_of(ground[cells], terrain.cell_m, pond.spill_m) if below.any() else None
            kept.append(replace(pond, x=x, y=y, bottom_m=bottom, storage=storage, cells=cells))
    return tuple(kept)


def _named(pond: Pond, streets: Streets) -> Sentence:
    if pond.name:
        return say(pond.name, pond.name)
    return streets.place(pond.x, pond.y) or say(pond.pond_id, pond.pond_id)
