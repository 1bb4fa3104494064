"""Links on which a crowd gathers are cut into cells, and made whole again when they are empty."""

from __future__ import annotations

import numba as nb
import numpy as np

from models.crowd.city._kernels import step
from models.crowd.city.clocks import bring, repace
from models.crowd.city.compiling import CALLED
from models.crowd.city.queues import look_ahead, sleep
from models.crowd.city.streets import CELLS, FIRST, LENGTH, TICKS, Streets
from models.crowd.city.walkers import (
    CALM,
    CELL,
    CLOCK,
    CREDIT,
    DUE,
    ENTERED,
    HEAD,
    HEADING,
    HERE,
    IDLE,
    INSIDE,
    LINK,
    NEVER,
    PAST,
    RATE,
    ROOM,
    SINCE,
    STANDS,
    TAIL,
    TO_HEAT,
    WAS,
    WINDOW,
    Walkers,
)  # fmt: skip

CUT_EVERY = 5
"""Steps between two looks at the links that a crowd gathers on."""
JOIN_EVERY = 300
"""Steps between two looks at those that it has left."""


@CALLED
def _clear(cell: int, since: int, cells: np.ndarray) -> None:
    """A cell without anybody, known up to step `since`."""
    cells[cell, CLOCK] = cells[cell, HERE] = cells[cell, HERE + 1] = cells[cell, ROOM] = 0
    cells[cell, CREDIT] = cells[cell, CREDIT + 1] = cells[cell, CALM] = cells[cell, CALM + 1] = 0
    cells[cell, RATE] = cells[cell, WAS] = TICKS
    cells[cell, HEAD] = cells[cell, HEAD + 1] = cells[cell, TAIL] = cells[cell, TAIL + 1] = -1
    cells[cell, SINCE], cells[cell, ENTERED] = since, since - 1


@CALLED
def _cut(n: int, link: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    """Empty cells for a link; who waits to enter against its direction now waits at the last one."""
    cells, bits = walkers.cells, walkers.waiting
    first, last = int(streets.links[link, FIRST]), int(streets.links[link, FIRST] + streets.links[link, CELLS]) - 1
    bring(n, link, link, streets, walkers, thresholds)
    for cell in range(first, last + 1):
        _clear(cell, n + 1, cells)
    for heading, cell in ((0, first), (1, last)):
        cells[cell, CREDIT + heading] = cells[link, CREDIT + heading]
        cells[cell, HEAD + heading], cells[cell, TAIL + heading] = (
            cells[link, HEAD + heading],
            cells[link, TAIL + heading],
        )
        if cells[cell, HEAD + heading] >= 0:
            was, key = 2 * link + heading, 2 * cell + heading
            bits[was >> 6] &= ~(np.uint64(1) << np.uint64(was & 63))
            bits[key >> 6] |= np.uint64(1) << np.uint64(key & 63)
    _clear(link, n + 1, cells)


@nb.njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def cut_links(n: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    """Part 3 of step n: cut the links that have `hot` 2, and put everybody on them into the cell where it is."""
    people, cells, hot, links = walkers.people, walkers.cells, walkers.hot, streets.links
    clock = np.zeros(hot.size, dtype=np.int64)
    for link in range(hot.size):
        if hot[link] == 2:
            bring(n, link, link, streets, walkers, thresholds)
            clock[link] = cells[link, CLOCK]
            _cut(n, link, streets, walkers, thresholds)
    for i in range(people.shape[0]):
        link = people[i, LINK]
        if link < 0 or hot[link] != 2:
            continue
        number, heading = int(links[link, CELLS]), people[i, HEADING]
        length, slow = np.float64(links[link, LENGTH]), np.float64(walkers.slow[i])
        whole = max(1, int(length * slow + 0.5))
        piece = max(1, int(length / number * slow + 0.5))
        left = max(0, people[i, DUE] - (0 if people[i, PAST] == STANDS else clock[link]))
        done = max(0, whole - left)
        place = min(done // piece, number - 1)
        remains = max(1, (place + 1) * piece - done) if left > 0 else 0
        cell = int(links[link, FIRST]) + (number - 1 - place if heading == 1 else place)
        people[i, CELL], people[i, DUE] = cell, remains
        cells[cell, HERE + heading] += 1
        if left > 0 and walkers.wake[i] != NEVER:
            sleep(i, n + max(1, (remains + TICKS - 1) // TICKS), walkers)
    _settle(streets, walkers)


@CALLED
def _settle(streets: Streets, walkers: Walkers) -> None:
    """The pace of the cells that were just cut."""
    links, hot = streets.links, walkers.hot
    for link in range(hot.size):
        if hot[link] == 2:
            hot[link] = 1
            first = int(links[link, FIRST])
            for cell in range(first, first + int(links[link, CELLS])):
                repace(cell, link, streets, walkers)
    walkers.total[TO_HEAT] = 0


@CALLED
def join_cells(n: int, streets: Streets, walkers: Walkers) -> None:
    """Make links whole again on which nobody is, and which nobody waits to enter."""
    cells, links, hot = walkers.cells, streets.links, walkers.hot
    for link in range(hot.size):
        if hot[link] != 1:
            continue
        first = int(links[link, FIRST])
        busy = 0
        for cell in range(first, first + int(links[link, CELLS])):
            for heading in range(2):
                busy += cells[cell, HERE + heading] + (cells[cell, HEAD + heading] >= 0)
        if busy == 0:
            hot[link] = 0
            _clear(link, n + 1 - IDLE, cells)


@nb.njit(cache=True, nogil=True)
def walk(
    first: int, beyond: int, streets: Streets, walkers: Walkers, next_link: np.ndarray, goal_node: np.ndarray,
    thresholds: np.ndarray, patience: int, room: np.ndarray,
) -> int:  # fmt: skip
    """Steps `first` to `beyond` - 1, each in its three parts; see `_kernels.step`. Returns the agent-steps walked."""
    walked = 0
    for n in range(first, beyond):
        if n == first or n % WINDOW == 0:
            look_ahead(n, walkers)
        step(n, streets, walkers, next_link, goal_node, thresholds, patience, room)
        if n % CUT_EVERY == 0 and walkers.total[TO_HEAT] > 0:
            cut_links(n, streets, walkers, thresholds)
        if n % JOIN_EVERY == 0:
            join_cells(n, streets, walkers)
        walked += walkers.total[INSIDE]
    return walked


@nb.njit(cache=True, nogil=True)
def bring_all(n: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    """Bring every cell in which somebody is to the end of step n, so that all person-steps are counted."""
    for cell in range(streets.link_of_cell.size):
        if walkers.cells[cell, HERE] + walkers.cells[cell, HERE + 1] > 0:
            bring(n, cell, streets.link_of_cell[cell], streets, walkers, thresholds)
