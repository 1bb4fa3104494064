"""Underpasses that a flood run watches, each with its tank: from the city's layer, and what a file knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.flood import limit_of
from models.flood.underpass import Sump
from networks import City, Terrain, Underpass, UnderpassText, read_underpasses, say, storage_of
from networks.ground.terrain import LAND
from networks.ground.underpass_file import PumpText
from networks.sentence import Sentence
from scenarios.flooding.streets import Streets

CONCENTRATION_S = 300.0
"""Rain takes so long (s) into an underpass whose catchment nobody surveyed (guess; drain design: 5-15 min)."""
PUMPS_FROM_M = 0.05
"""Pumps of which nothing but their flow is known start at this depth (guess)."""
CLOSE_M = 0.30
CLOSE_SOURCE = say("a car's limit, Pregnolato et al. 2017", "小汽车限深，Pregnolato等2017")


@dataclass(frozen=True)
class WatchedUnderpass:
    """An underpass with its tank.

    Attributes:
        sump: Its balance's inputs.
        name: What people call it.
        cell: Flat index of its lowest point's cell, -1 where the file alone knows it.
        x: Of its lowest point, m; NaN where the file alone knows it.
        y: Likewise.
        warn_m: Depth at which to warn; inf where nobody set one.
        close_m: Depth at which it closes.
        close_source: Who set that.
        surveyed: Storage and catchment come from a survey: its depths hold whatever the terrain is good for.
        about: The file's entry, or None.
        edges: Road edges through it.
        cells: Flat indices of the terrain's cells of the low road, below its brim; none where the terrain has none.
        rim: Flat index of the lowest open cell beside them, over which it would run.
        length_m: Of road under water at the depth at which a car's engine dies.
    """

    sump: Sump
    name: Sentence
    cell: int
    x: float
    y: float
    warn_m: float
    close_m: float
    close_source: Sentence
    surveyed: bool
    about: UnderpassText | None
    edges: tuple[str, ...] = ()
    cells: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    rim: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    length_m: float = 0.0


def watched_underpasses(
    city: City, terrain: Terrain, known: Sequence[UnderpassText], streets: Streets
) -> tuple[WatchedUnderpass, ...]:
    """The city's underpasses, each with what the file knows of it, and those that the file alone knows."""
    told = {one.id: one for one in known}
    mapped = read_underpasses(city)
    cells = low_cells(terrain, [one.lowest_m[:2] for one in mapped])
    found = [
        _watched(terrain, one, told.get(one.underpass_id), streets, mine)
        for one, mine in zip(mapped, cells, strict=True)
    ]
    ids = {one.underpass_id for one in mapped}
    return tuple(found + [_from_file(one) for one in known if one.id not in ids])


def low_cells(terrain: Terrain, lowest: Sequence[tuple[float, float]]) -> list[np.ndarray]:
    """The cells of each low road, by its lowest point: those that hang together with it; shared ones go to the nearer.

    Args:
        terrain: Its `low_road` says which cells are those of roads below others.
        lowest: x, y (m) of each.
    """
    from scipy.ndimage import label

    labels, _ = label(terrain.low_road, structure=np.ones((3, 3)))
    at = [cell_of(terrain, x, y) for x, y in lowest]
    found = []
    for number, cell in enumerate(at):
        cluster = int(labels.ravel()[cell])
        mine = np.flatnonzero(labels.ravel() == cluster) if cluster else np.zeros(0, np.int64)
        rivals = [other for other, one in enumerate(at) if cluster and int(labels.ravel()[one]) == cluster]
        if len(rivals) > 1:
            row, column = np.divmod(mine, labels.shape[1])
            x = terrain.transform.c + (column + 0.5) * terrain.cell_m
            y = terrain.transform.f - (row + 0.5) * terrain.cell_m
            away = np.array([np.hypot(x - lowest[other][0], y - lowest[other][1]) for other in rivals])
            mine = mine[away.argmin(axis=0) == rivals.index(number)]
        found.append(mine)
    return found


def cell_of(terrain: Terrain, x: float, y: float) -> int:
    """Flat index of the cell that holds a point (m), or of the one on the border next to it."""
    rows, columns = terrain.elevation_m.shape
    column = min(max(int((x - terrain.transform.c) // terrain.cell_m), 0), columns - 1)
    row = min(max(int((terrain.transform.f - y) // terrain.cell_m), 0), rows - 1)
    return row * columns + column


def _watched(
    terrain: Terrain, one: Underpass, about: UnderpassText | None, streets: Streets, cells: np.ndarray
) -> WatchedUnderpass:
    x, y, lowest = one.lowest_m
    brim = lowest + max(one.depth_m, 0.1)
    below = cells[(terrain.elevation_m.ravel()[cells] < brim) & (terrain.surface.ravel()[cells] == LAND)]
    curve = about.curve() if about else None
    if curve is None:
        ground = terrain.elevation_m.ravel()[below] if len(below) else np.array([lowest])
        curve = storage_of(ground, terrain.cell_m, brim)
    area, after = one.catchment_m2, CONCENTRATION_S
    if about and about.catchment:
        area, after = about.catchment.area_m2 * about.catchment.runoff, about.catchment.after_s
    pump = about.pump if about and about.pump else _mapped_pump(one)
    sump = Sump(one.underpass_id, curve, area, after, pump, about.backflow if about else None)
    own = say(about.name, about.name) if about and about.name else None
    name = own or streets.underpass(one.name, one.edges, x, y) or say(one.underpass_id, one.underpass_id)
    return WatchedUnderpass(
        sump, name, cell_of(terrain, x, y), x, y,
        about.warn.depth_m if about and about.warn else np.inf, about.close.depth_m if about else CLOSE_M,
        say(about.close.source, about.close.source) if about else CLOSE_SOURCE,
        about is not None and about.surveyed, about, one.edges, below, _rim(terrain, below), _under_water_m(one),
    )  # fmt: skip


def _rim(terrain: Terrain, cells: np.ndarray) -> np.ndarray:
    """The lowest open cell beside some cells; none where there is none."""
    from scipy.ndimage import binary_dilation

    inside = np.zeros(terrain.elevation_m.shape, bool)
    inside.ravel()[cells] = True
    beside = binary_dilation(inside, np.ones((3, 3))) & ~inside & ~terrain.low_road & (terrain.surface == LAND)
    found = np.flatnonzero(beside)
    return found[[np.argmin(terrain.elevation_m.ravel()[found])]] if len(found) else found


def _under_water_m(one: Underpass) -> float:
    """Length (m) of road under water when a car's engine dies: all that is covered, and the feet of the ramps."""
    deep = limit_of("car").stalls_m
    return one.covered_m + sum(min(ramp.length_m, deep / max(ramp.grade, 1e-3)) for ramp in one.ramps)


def _mapped_pump(one: Underpass) -> PumpText | None:
    """The pump of the city's layer: what it lifts at any head, from PUMPS_FROM_M on."""
    if one.pump_m3s <= 0:
        return None
    curve = ((0.0, one.pump_m3s),)
    return PumpText(curve=curve, lift_m=0.0, start_m=PUMPS_FROM_M, stop_m=PUMPS_FROM_M / 2, source=one.pump_source)


def _from_file(one: UnderpassText) -> WatchedUnderpass:
    curve, catchment = one.curve(), one.catchment
    assert curve is not None and catchment is not None
    area = catchment.area_m2 * catchment.runoff
    sump = Sump(one.id, curve, area, catchment.after_s, one.pump, one.backflow)
    warn = one.warn.depth_m if one.warn else np.inf
    source = say(one.close.source, one.close.source)
    nowhere = float("nan")
    name = say(one.name or one.id, one.name or one.id)
    return WatchedUnderpass(sump, name, -1, nowhere, nowhere, warn, one.close.depth_m, source, True, one)
