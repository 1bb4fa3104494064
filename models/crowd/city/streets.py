"""The streets of a whole city as the kernel walks them: what stands still, in rows that fill one cache line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.crowd.speed import CAPACITY_PMS, JAM_DENSITY_PM2, ROWS_PER_DENSITY, SpeedTable, speed_table
from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

CELL_M = 10.0
"""Longest piece of a link on which density is measured (m)."""
MIN_AREA_M2 = 4.0
"""Smallest area on which density is measured (m2), so that two people on a stub do not look like a crush."""
CRUSH_PM2 = 8.0
"""Density to which people who have lost patience squeeze in (persons/m2); Helbing et al. 2007 measured up to 10,
doi:10.1103/PhysRevE.75.046109."""
TICKS = 8192
"""What a walker covers in a step at its free speed. Clocks count in whole ticks: no order of additions matters."""
PERSON = 4096
"""One person in the credits that limit a flow: they are whole numbers, too."""
FROM, TO, FIRST, CELLS, LENGTH, AREA, CAPACITY, WAIT = range(8)
"""Columns of `Streets.links`."""
CACHE_LINE = 64
"""Bytes that memory answers with at a time."""
CALM_PMS = 0.35
"""Inflow (persons/m/s) up to which a link need not be cut into cells: everybody walks within 0.3 %
of the free speed."""
CALM_PM2 = 0.3
"""Density up to which it need not (persons/m2)."""


def aligned_rows(count: int, columns: int, dtype: type[np.generic]) -> np.ndarray:
    """Zeros, shape (count, columns), the first row at the beginning of a cache line (NumPy puts it 16 bytes off).

    A row of 64 bytes is then read in one go, where it would take two lines and wait for both.
    """
    nbytes = count * columns * np.dtype(dtype).itemsize
    room = np.zeros(nbytes + CACHE_LINE, dtype=np.uint8)
    start = -room.ctypes.data % CACHE_LINE
    return room[start : start + nbytes].view(dtype).reshape(count, columns)


class Streets(NamedTuple):
    """What does not move.

    Attributes:
        links: float32, shape (links, 8): start and end node, first cell, number of cells (CELL_M at most),
            length (m), area (m2), largest flow through an end (PERSON each step), expected wait before it (steps).
        link_of_cell: int32, shape (cells,): row `link` stands for the whole of a link; cells come
            after all links.
        pace: Ticks of a step left at a density, int32, row k / 512 persons/m2. Not below that of the largest flow: in
            a denser cell people walk up and wait at its end, until the next one takes them in.
        supply: Share of the largest flow that a cell takes in at a density, PERSON for all of it; rows as `pace`.
        jam_pm2: Density at which a cell is full (persons/m2).
        crush_pm2: Density to which people squeeze in who have waited for too long (persons/m2).
        step_s: Length of a step (s).
    """

    links: np.ndarray
    link_of_cell: np.ndarray
    pace: np.ndarray
    supply: np.ndarray
    jam_pm2: float
    crush_pm2: float
    step_s: float


def lay_streets(
    graph: WalkGraph,
    *,
    step_s: float = 1.0,
    jam_density: float = JAM_DENSITY_PM2,
    capacity_pms: float = CAPACITY_PMS,
    wait_s: np.ndarray | float = 0.0,
    table: SpeedTable | None = None,
) -> Streets:
    """Cut every link into cells of `CELL_M` at most, and work out what each lets through.

    The speed is Weidmann's (see `models/crowd/speed.py`) unless a calibrated `table` is given; what a cell takes in is
    the supply of the cell transmission model (Daganzo 1994, doi:10.1016/0191-2615(94)90002-7): all of the capacity up
    to the density of the largest flow, density x speed beyond it.

    Raises:
        BadInput: A link without length or width, a step or a capacity that is not positive.
    """
    for name, value in {"step_s": step_s, "capacity_pms": capacity_pms, "jam_density": jam_density}.items():
        if not value > 0:
            raise BadInput(f"{name} is {value}", expected="more than 0")
    table = table or speed_table(jam_density)
    links = len(graph.length_m)
    wait = np.broadcast_to(np.asarray(wait_s, dtype=np.float64), (links,))
    if links > 2**20:
        raise BadInput(f"{links} links", expected="a million links at most", remedy="cut the city's map")
    length, width = _measures(graph)
    cells = np.maximum(1, np.ceil(length / CELL_M - 1e-9)).astype(np.int64)
    rows = aligned_rows(links, 8, np.float32)
    rows[:, FROM], rows[:, TO] = graph.link_from, graph.link_to
    rows[:, FIRST], rows[:, CELLS] = links + np.cumsum(cells) - cells, cells
    rows[:, LENGTH], rows[:, AREA] = length, length * width
    rows[:, CAPACITY] = np.maximum(1.0, np.rint(width * capacity_pms * step_s * PERSON))
    rows[:, WAIT] = np.rint(wait / step_s)
    density = np.arange(len(table.share)) / ROWS_PER_DENSITY
    top = round(table.critical_pm2 * ROWS_PER_DENSITY)
    supply = np.where(density <= table.critical_pm2, 1.0, density * table.share / table.peak)
    return Streets(
        links=rows,
        link_of_cell=np.concatenate([np.arange(links), np.repeat(np.arange(links), cells)]).astype(np.int32),
        pace=np.rint(np.maximum(table.share, table.share[top]) * TICKS).astype(np.int32),
        supply=np.rint(supply * PERSON).astype(np.int32),
        jam_pm2=table.jam_pm2,
        crush_pm2=max(CRUSH_PM2, table.jam_pm2),
        step_s=float(step_s),
    )


def _measures(graph: WalkGraph) -> tuple[np.ndarray, np.ndarray]:
    """Lengths and widths (m), shape (links,) each."""
    measures = []
    for name in ("length_m", "width_m"):
        values = np.ascontiguousarray(getattr(graph, name), dtype=np.float64)
        bad = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
        if len(bad):
            raise BadInput(
                f"a walk link has {name} {values[bad[0]]}", place=f"link {int(bad[0])}", expected="more than 0 m"
            )
        measures.append(values)
    return measures[0], measures[1]


def cell_area_m2(streets: Streets, hot: np.ndarray) -> np.ndarray:
    """Area over which each link's density is measured (m2), shape (links,): a cell's where `hot`, else the link's."""
    cut = np.where(hot, streets.links[:, CELLS], 1.0)
    return np.asarray(np.maximum(streets.links[:, AREA] / cut, MIN_AREA_M2))


__all__ = ["CELL_M", "PERSON", "TICKS", "Streets", "cell_area_m2", "lay_streets"]
