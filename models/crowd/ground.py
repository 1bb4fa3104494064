"""The ground that people walk on, and where each of them is: arrays for the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.crowd.plans import VisitorPlans
from models.crowd.speed import SpeedTable
from networks import BadInput

if TYPE_CHECKING:
    from networks import WalkGraph

CELL_M = 10.0
"""Longest piece of a link on which density is measured (m)."""
MIN_AREA_M2 = 4.0
"""Smallest area on which density is measured (m2), so that two people on a stub do not look like a crush."""
CRUSH_PM2 = 8.0
"""Density to which people who have lost patience squeeze in (persons/m2); Helbing et al. 2007 measured up to 10,
doi:10.1103/PhysRevE.75.046109."""


class Ground(NamedTuple):
    """What does not move. Shapes: (links,) unless said otherwise.

    Attributes:
        link_from: Node at the link's start.
        link_to: Node at the link's end.
        length_m: Length (m).
        width_m: Width (m).
        first_cell: First cell of the link; cells of a link are equal and consecutive, shape (links + 1,).
        cells_per_m: Cells for each metre of the link (1/m).
        per_area_pm2: Density that one walker makes in a cell (persons/m2).
        storage: Walkers that a cell holds at jam density.
        crush_storage: Walkers that a cell holds when people squeeze in.
        capacity_ps: Largest flow through either end of the link (persons/s).
        wait_s: Expected wait before the link may be entered (s): pedestrian signals.
        share, critical_pm2, peak, jam_pm2: See `SpeedTable`.
    """

    link_from: np.ndarray
    link_to: np.ndarray
    length_m: np.ndarray
    width_m: np.ndarray
    first_cell: np.ndarray
    cells_per_m: np.ndarray
    per_area_pm2: np.ndarray
    storage: np.ndarray
    crush_storage: np.ndarray
    capacity_ps: np.ndarray
    wait_s: np.ndarray
    share: np.ndarray
    critical_pm2: float
    peak: float
    jam_pm2: float


class Walkers(NamedTuple):
    """Where everybody is. Shape (walkers,), in order of departure.

    A walker with `link` -1 has not entered the graph. `along_m` counts in the walker's own direction: 0 forward
    (from `link_from` to `link_to`), 1 backward. `ready_s` is when it may leave the end of its link, or set out.
    `stands` says that its destination is cut off. `arrive_s` is NaN until it arrives; `step_m` is the last step's way.
    """

    link: np.ndarray
    heading: np.ndarray
    cell: np.ndarray
    along_m: np.ndarray
    ready_s: np.ndarray
    stands: np.ndarray
    arrive_s: np.ndarray
    walked_m: np.ndarray
    step_m: np.ndarray
    destination: np.ndarray
    origin_node: np.ndarray
    free_speed_mps: np.ndarray


class Flow(NamedTuple):
    """What changes on the ground.

    Attributes:
        people: Walkers in each cell by heading, int64, shape (cells, 2).
        gate, supply: Walkers that a link's end may let through / take in just now, float, shape (links x 2,);
            end 2 i is the start of link i, 2 i + 1 its end.
        gate_s, supply_s: When these were last filled up (s).
        entered_s: When somebody last entered the link by that end (s).
        refused_s: When the next link last refused somebody who wanted to leave by that end (s); the last
            entry stands for those who have not entered the graph.
        owed: Whether somebody entered by that end beyond storage, in exchange for somebody who has yet to leave by it.
        closed: Links that are closed (flooded), bool, shape (links,).
        crowded_s: Person-seconds above each threshold of `THRESHOLDS_PM2`, shape (links, 3).
        squeezed: How often somebody lost patience and squeezed into a full cell, shape (1,).
    """

    people: np.ndarray
    gate: np.ndarray
    gate_s: np.ndarray
    supply: np.ndarray
    supply_s: np.ndarray
    entered_s: np.ndarray
    refused_s: np.ndarray
    owed: np.ndarray
    closed: np.ndarray
    crowded_s: np.ndarray
    squeezed: np.ndarray


def lay_ground(graph: WalkGraph, *, capacity_pms: float, wait_s: np.ndarray, table: SpeedTable) -> Ground:
    """Cut the graph's links into cells of at most `CELL_M` and work out what each holds.

    Raises:
        BadInput: A link without length or width.
    """
    length = np.ascontiguousarray(graph.length_m, dtype=np.float64)
    width = np.ascontiguousarray(graph.width_m, dtype=np.float64)
    for name, values in (("length_m", length), ("width_m", width)):
        bad = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
        if len(bad):
            raise BadInput(
                f"a walk link has {name} {values[bad[0]]}", place=f"link {int(bad[0])}", expected="more than 0 m"
            )
    cells = np.maximum(1, np.ceil(length / CELL_M - 1e-9)).astype(np.int64)
    area = np.maximum(length / cells * width, MIN_AREA_M2)
    return Ground(
        link_from=np.ascontiguousarray(graph.link_from, dtype=np.int32),
        link_to=np.ascontiguousarray(graph.link_to, dtype=np.int32),
        length_m=length,
        width_m=width,
        first_cell=np.concatenate([[0], np.cumsum(cells)]).astype(np.int64),
        cells_per_m=cells / length,
        per_area_pm2=1.0 / area,
        storage=np.ceil(area * table.jam_pm2).astype(np.int64),
        crush_storage=np.ceil(area * max(CRUSH_PM2, table.jam_pm2)).astype(np.int64),
        capacity_ps=width * capacity_pms,
        wait_s=np.ascontiguousarray(wait_s, dtype=np.float64),
        share=table.share,
        critical_pm2=table.critical_pm2,
        peak=table.peak,
        jam_pm2=table.jam_pm2,
    )


def gather_walkers(plans: VisitorPlans, destination: np.ndarray) -> Walkers:
    """Everybody at home: nobody on a link yet. `destination` numbers the rows of the next-link table."""
    n = len(plans)
    return Walkers(
        link=np.full(n, -1, dtype=np.int32),
        heading=np.zeros(n, dtype=np.int8),
        cell=np.full(n, -1, dtype=np.int64),
        along_m=np.zeros(n),
        ready_s=plans.depart_s.copy(),
        stands=np.zeros(n, dtype=np.bool_),
        arrive_s=np.full(n, np.nan),
        walked_m=np.zeros(n),
        step_m=np.zeros(n),
        destination=np.ascontiguousarray(destination, dtype=np.int32),
        origin_node=plans.origin_node.copy(),
        free_speed_mps=plans.free_speed_mps.copy(),
    )


def empty_flow(ground: Ground, thresholds: int) -> Flow:
    """Nobody on the ground, every gate open."""
    links = len(ground.length_m)
    return Flow(
        people=np.zeros((int(ground.first_cell[-1]), 2), dtype=np.int64),
        gate=np.zeros(2 * links),
        gate_s=np.full(2 * links, -1e9),
        supply=np.zeros(2 * links),
        supply_s=np.full(2 * links, -1e9),
        entered_s=np.full(2 * links, -1e9),
        refused_s=np.full(2 * links + 1, -1e9),
        owed=np.zeros(2 * links, dtype=np.bool_),
        closed=np.zeros(links, dtype=np.bool_),
        crowded_s=np.zeros((links, thresholds)),
        squeezed=np.zeros(1, dtype=np.int64),
    )
