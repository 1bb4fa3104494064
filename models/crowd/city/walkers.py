"""Everybody in the city, and the cells that they are in: whole numbers in arrays, changed in place by the kernel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from models.crowd.city.streets import PERSON, TICKS, Streets, aligned_rows
from models.crowd.plans import VisitorPlans

THRESHOLDS_PM2 = (2.0, 3.5, 5.0)
"""Densities above which person-seconds are counted: uncomfortable, dangerous, emergency (persons/m2)."""
PATIENCE_S = 60.0
"""When nobody could enter a full cell for so long (s), one of those who wait squeezes in: an assumption, so that people
who block each other at a corner come apart, as SUMO's pedestrians do after `jamtime`. `summary` counts how often."""
NEVER = 2**31 - 1
"""The step at which somebody wakes up who waits to be called."""
BLOCK = 256
"""Walkers that share one note of when the first of them wakes up beyond the window."""
WINDOW = 32
"""Steps in a window: who wakes up within it is noted step by step."""
CALM_STEPS = 8
"""Steps over which an inflow is averaged before it counts as a crowd."""
IDLE = 2 * CALM_STEPS
"""Steps that an empty cell is taken to have been empty for: its credit is full."""

EASE = 256
"""`Walkers.ease` where nothing slows anybody."""

LINK, CELL, HEADING, DUE, GOAL, NEXT, NODE, PAST = range(8)
"""Columns of `Walkers.people`. PAST: 1 when through the gate at the link's end, 2 when the wait before a crossing is
over, too; STANDS when they stay where they are, for want of a way: DUE then is what is left of the cell (ticks)."""
STANDS = 3
CLOCK, SINCE, RATE, WAS, HERE, CREDIT, HEAD, TAIL, CALM, ROOM, ENTERED = 0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 15
"""Columns of `Walkers.cells`; HERE, CREDIT, HEAD, TAIL and CALM have one for each heading."""
GATE, GATE_SINCE, GATE_HEAD, GATE_TAIL = range(4)
"""Columns of `Walkers.ends`."""
ARRIVED, SQUEEZED, MOVES, INSIDE, TO_HEAT, STRANDED, BEYOND, TOUCHED, TAKEN = range(9)
"""Entries of `Walkers.total`."""


class Walkers(NamedTuple):
    """What changes.

    Attributes:
        people: int32, shape (walkers, 8): link (-1: not on the streets), cell, heading (0 from the link's start to its
            end), clock of the cell at which its end is reached, row of the goal, next in a queue, node (where it sets
            out), and how far it has come at a node.
        wake: Step in which somebody has to be looked at again, int32, shape (walkers,).
        slow: Ticks for each metre at free speed, float32, shape (walkers,).
        arrive_s: When it arrived (s), NaN before, shape (walkers,).
        low: Earliest `wake` of each BLOCK of walkers that is beyond the window, or was set from Python, int32.
        rises: uint64, bits, shape (WINDOW, walkers / 64): who may wake up in a step of the window; `wake` has the word.
        cells: int32, shape (cells, 16): clock, step up to which it is known, its rate, and the rate of the step before
            a change; people by heading; credit to take people in; first and last who wait to enter; credit before a
            calm link is cut into cells; places left in this step; step when somebody entered. Row `link` is the
            whole of a calm link; the cells of the others come after.
        ends: int32, shape (2 x links, 4): credit of the gate at a link's end (2 link + heading), step up to which it is
            known, first and last who wait for it.
        hot: uint8, shape (links,): 0 calm, 1 cut into cells, 2 to be cut after this step.
        closed: bool, shape (links,): nobody enters but who comes out of another such link.
        held: bool, shape (links,): whoever comes to it waits at its ends: a crossing, while it shows red.
        doors: uint8, shape (links,), bits: 1 << heading where whoever comes to the link with that heading is handed
            over to another model instead of entering it; 4 << heading while nobody is.
        ease: How much of its pace water leaves to a link, int32, shape (links,); EASE for all of it.
        waiting: uint64, bits: cells (2 cell + heading) that somebody waits to enter.
        gated: uint64, bits: ends that somebody waits to leave by.
        crowded: Person-steps above each threshold, int64, shape (links, thresholds).
        arrived: Who arrived since it was last emptied, int32, shape (walkers,); total[ARRIVED] of them.
        taken: Who was handed over since it was last emptied, int32; total[TAKEN] of them. Empty without such links.
        total: int64: arrived, squeezed in, moves made, people on the streets, links to be cut, without any way,
            the first step beyond the window, an entry that means nothing, handed over.
    """

    people: np.ndarray
    wake: np.ndarray
    slow: np.ndarray
    arrive_s: np.ndarray
    low: np.ndarray
    rises: np.ndarray
    cells: np.ndarray
    ends: np.ndarray
    hot: np.ndarray
    closed: np.ndarray
    held: np.ndarray
    doors: np.ndarray
    ease: np.ndarray
    waiting: np.ndarray
    gated: np.ndarray
    crowded: np.ndarray
    arrived: np.ndarray
    taken: np.ndarray
    total: np.ndarray

    @property
    def bytes_each(self) -> float:
        """Bytes for each walker."""
        mine = (self.people, self.wake, self.slow, self.arrive_s, self.low, self.rises, self.arrived)
        return sum(array.nbytes for array in mine) / max(1, len(self.wake))


def gather(plans: VisitorPlans, goal: np.ndarray, streets: Streets, thresholds: int) -> Walkers:
    """Everybody at home, on empty streets. `goal` is the row of the next-link table; the plans are
    in order of departure.
    """
    n, links, cells = len(plans), len(streets.links), len(streets.link_of_cell)
    people = aligned_rows(n, 8, np.int32)
    people[:] = -1
    people[:, HEADING] = people[:, PAST] = 0
    people[:, GOAL], people[:, NODE] = goal, plans.origin_node
    steps = plans.depart_s / streets.step_s
    wake = np.floor(steps).astype(np.int32)
    people[:, DUE] = np.floor((steps - wake) * TICKS)
    return Walkers(
        people=people,
        wake=wake,
        slow=(TICKS / (plans.free_speed_mps * streets.step_s)).astype(np.float32),
        arrive_s=np.full(n, np.nan),
        low=np.minimum.reduceat(wake, np.arange(0, n, BLOCK)) if n else wake.copy(),
        rises=np.zeros((WINDOW, (n + 63) // 64), dtype=np.uint64),
        cells=_empty_cells(cells),
        ends=_empty_ends(streets),
        hot=np.zeros(links, dtype=np.uint8),
        closed=np.zeros(links, dtype=np.bool_),
        held=np.zeros(links, dtype=np.bool_),
        doors=np.zeros(links, dtype=np.uint8),
        ease=np.full(links, EASE, dtype=np.int32),
        waiting=np.zeros((2 * cells + 63) // 64, dtype=np.uint64),
        gated=np.zeros((2 * links + 63) // 64, dtype=np.uint64),
        crowded=np.zeros((links, thresholds), dtype=np.int64),
        arrived=np.zeros(n, dtype=np.int32),
        taken=np.zeros(0, dtype=np.int32),
        total=np.zeros(9, dtype=np.int64),
    )


def _empty_cells(cells: int) -> np.ndarray:
    """Cells without anybody, full of credit."""
    rows = aligned_rows(cells, 16, np.int32)
    rows[:, SINCE] = -IDLE
    rows[:, RATE] = rows[:, WAS] = TICKS
    rows[:, HEAD : HEAD + 2] = rows[:, TAIL : TAIL + 2] = -1
    return rows


def _empty_ends(streets: Streets) -> np.ndarray:
    ends = aligned_rows(2 * len(streets.links), 4, np.int32)
    ends[:, GATE] = PERSON
    ends[:, GATE_HEAD] = ends[:, GATE_TAIL] = -1
    return ends
