"""The places that a flood run watches: lanes, doors, ponding points and underpasses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.flood import LineCells, cells_under, lines_around
from models.flood.underpass import Sump
from networks import (
    Camera,
    City,
    Pond,
    StorageCurve,
    Terrain,
    Underpass,
    UnderpassText,
    read_cameras,
    read_underpasses,
    say,
    storage_of,
)
from networks.ground.underpass_file import PumpText
from networks.sentence import Sentence
from scenarios.members.flood_run import lanes_and_paths

CONCENTRATION_S = 300.0
"""Rain takes so long (s) into an underpass whose catchment nobody surveyed (guess; drain design: 5-15 min)."""
PUMPS_FROM_M = 0.05
"""Pumps of which nothing but their flow is known start at this depth (guess)."""
CAMERA_M = 300.0
"""A camera further away shows nothing of a place (guess)."""
WARN_M = 0.15
"""At ponding points: a cautious driver's limit (guess)."""
CLOSE_M = 0.30
CLOSE_SOURCE = say("a car's limit, Pregnolato et al. 2017", "小汽车限深，Pregnolato等2017")


@dataclass(frozen=True)
class WatchedUnderpass:
    """An underpass with its tank.

    Attributes:
        sump: Its balance's inputs.
        name: To be shown.
        cell: Flat index of its lowest point's cell, -1 where the file alone knows it.
        x: Of its lowest point, m; NaN where the file alone knows it.
        y: Likewise.
        warn_m: Depth at which to warn; inf where nobody set one.
        close_m: Depth at which it closes.
        close_source: Who set that.
        surveyed: Storage and catchment come from a survey: its depths hold whatever the terrain is good for.
        about: The file's entry, or None.
        edges: Road edges through it.
    """

    sump: Sump
    name: str
    cell: int
    x: float
    y: float
    warn_m: float
    close_m: float
    close_source: Sentence
    surveyed: bool
    about: UnderpassText | None
    edges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """What is watched; members share it.

    Attributes:
        roads: Cells under the city's edges.
        links: Cells under its walk links.
        doors: Cells around its buildings.
        ponds: Ponding points.
        pond_cells: Their cells, as lines.
        underpasses: With their tanks.
        cameras: The city's.
    """

    roads: LineCells
    links: LineCells
    doors: LineCells
    ponds: tuple[Pond, ...]
    pond_cells: LineCells
    underpasses: tuple[WatchedUnderpass, ...]
    cameras: tuple[Camera, ...] = ()

    def nearest_cameras(self, x: float, y: float) -> tuple[str, ...]:
        """Names or ids of the three nearest cameras within CAMERA_M, the nearest first; none where x is NaN."""
        near = sorted((float(np.hypot(one.x - x, one.y - y)), one.name or one.camera_id) for one in self.cameras)
        return tuple(name for away, name in near[:3] if away <= CAMERA_M)


def watched_places(city: City, terrain: Terrain, ponds: Sequence[Pond], known: Sequence[UnderpassText] = ()) -> Places:
    """Find the cells of everything once."""
    roads, links = lanes_and_paths(city, terrain)
    around = lines_around(list(city.layer("buildings").geometry), terrain.cell_m * 0.75)
    doors = cells_under(
        terrain.transform, around, terrain.elevation_m.shape, terrain.cell_m, low_cells=terrain.low_road
    )
    begins = np.cumsum([0, *(len(pond.cells) for pond in ponds)])[:-1]
    cells = np.concatenate([np.zeros(0, np.int64), *(pond.cells for pond in ponds)])
    pools = LineCells(len(ponds), np.arange(len(ponds)), cells, begins)
    return Places(
        roads, links, doors, tuple(ponds), pools, watched_underpasses(city, terrain, known), read_cameras(city)
    )


def watched_underpasses(city: City, terrain: Terrain, known: Sequence[UnderpassText]) -> tuple[WatchedUnderpass, ...]:
    """The city's underpasses, each with what the file knows of it, and those that the file alone knows."""
    told = {one.id: one for one in known}
    mapped = read_underpasses(city)
    found = [_watched(terrain, one, told.get(one.underpass_id)) for one in mapped]
    ids = {one.underpass_id for one in mapped}
    return tuple(found + [_from_file(one) for one in known if one.id not in ids])


def _watched(terrain: Terrain, one: Underpass, about: UnderpassText | None) -> WatchedUnderpass:
    x, y, lowest = one.lowest_m
    rows, columns = terrain.elevation_m.shape
    column = min(max(int((x - terrain.transform.c) // terrain.cell_m), 0), columns - 1)
    row = min(max(int((terrain.transform.f - y) // terrain.cell_m), 0), rows - 1)
    curve = about.curve() if about else None
    if curve is None:
        curve = _wedge(terrain, one, row, column, lowest)
    area, after = one.catchment_m2, CONCENTRATION_S
    if about and about.catchment:
        area, after = about.catchment.area_m2 * about.catchment.runoff, about.catchment.after_s
    pump = about.pump if about and about.pump else _mapped_pump(one)
    sump = Sump(one.underpass_id, curve, area, after, pump, about.backflow if about else None)
    return WatchedUnderpass(
        sump, (about.name if about else "") or one.name or one.underpass_id, row * columns + column, x, y,
        about.warn.depth_m if about and about.warn else np.inf, about.close.depth_m if about else CLOSE_M,
        say(about.close.source, about.close.source) if about else CLOSE_SOURCE,
        about is not None and about.surveyed, about, one.edges,
    )  # fmt: skip


def _mapped_pump(one: Underpass) -> PumpText | None:
    """The pump of the city's layer: what it lifts at any head, from PUMPS_FROM_M on."""
    if one.pump_m3s <= 0:
        return None
    curve = ((0.0, one.pump_m3s),)
    return PumpText(curve=curve, lift_m=0.0, start_m=PUMPS_FROM_M, stop_m=PUMPS_FROM_M / 2, source=one.pump_source)


def _wedge(terrain: Terrain, one: Underpass, row: int, column: int, lowest: float) -> StorageCurve:
    """Storage by the burned-in cells around its lowest point; by its own depth on one cell where there are none."""
    from scipy.ndimage import label

    brim = lowest + max(one.depth_m, 0.1)
    labels, _ = label(terrain.low_road, structure=np.ones((3, 3)))
    mine = int(labels[row, column])
    ground = terrain.elevation_m[labels == mine] if mine else np.array([lowest])
    below = ground[ground < brim]
    return storage_of(below if len(below) else np.array([lowest]), terrain.cell_m, brim)


def _from_file(one: UnderpassText) -> WatchedUnderpass:
    curve, catchment = one.curve(), one.catchment
    assert curve is not None and catchment is not None
    area = catchment.area_m2 * catchment.runoff
    sump = Sump(one.id, curve, area, catchment.after_s, one.pump, one.backflow)
    warn = one.warn.depth_m if one.warn else np.inf
    source = say(one.close.source, one.close.source)
    nowhere = float("nan")
    return WatchedUnderpass(sump, one.name or one.id, -1, nowhere, nowhere, warn, one.close.depth_m, source, True, one)
