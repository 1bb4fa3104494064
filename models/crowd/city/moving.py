"""Into a cell, out of it, and home: what a walker does to the cells that it leaves and enters, compiled."""

from __future__ import annotations

import numpy as np

from models.crowd.city.clocks import ask_to_cut, bring, repace
from models.crowd.city.compiling import INLINE
from models.crowd.city.queues import sleep
from models.crowd.city.streets import AREA, CALM_PM2, CELLS, FIRST, FROM, LENGTH, PERSON, TICKS, TO, Streets
from models.crowd.city.walkers import (
    ARRIVED,
    CALM,
    CELL,
    CLOCK,
    CREDIT,
    DUE,
    ENTERED,
    HEADING,
    HERE,
    INSIDE,
    LINK,
    MOVES,
    NEVER,
    NEXT,
    NODE,
    PAST,
    ROOM,
    TAKEN,
    WAS,
    Walkers,
)  # fmt: skip


@INLINE
def leave(n: int, i: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    """Take somebody out of its cell."""
    cell, link = walkers.people[i, CELL], walkers.people[i, LINK]
    if link < 0:
        walkers.total[INSIDE] += 1
        return
    bring(n, cell, link, streets, walkers, thresholds)
    walkers.cells[cell, HERE + walkers.people[i, HEADING]] -= 1
    repace(cell, link, streets, walkers)


@INLINE
def enter(
    n: int, i: int, cell: int, link: int, into: int, spare: int, streets: Streets, walkers: Walkers,
    thresholds: np.ndarray,
) -> int:  # fmt: skip
    """Put somebody into a cell with `spare` ticks of the step left. Returns the ticks left beyond it, -1 if none."""
    cells, people = walkers.cells, walkers.people
    leave(n, i, streets, walkers, thresholds)
    bring(n, cell, link, streets, walkers, thresholds)
    cells[cell, HERE + into] += 1
    cells[cell, ROOM] -= 1
    cells[cell, ENTERED] = n
    cells[cell, CREDIT + into] = max(cells[cell, CREDIT + into] - PERSON, -PERSON)
    repace(cell, link, streets, walkers)
    length = np.float64(streets.links[link, LENGTH])
    if walkers.hot[link] == 1:
        length /= streets.links[link, CELLS]
    elif people[i, LINK] != link:
        cells[cell, CALM + into] -= PERSON
        here = cells[cell, HERE] + cells[cell, HERE + 1]
        if cells[cell, CALM + into] < 0 or here > CALM_PM2 * np.float64(streets.links[link, AREA]) + 2:
            ask_to_cut(link, streets, walkers)
    people[i, LINK], people[i, CELL], people[i, HEADING], people[i, PAST] = link, cell, into, 0
    need = max(1, int(length * np.float64(walkers.slow[i]) + 0.5))
    pace, clock = cells[cell, WAS], cells[cell, CLOCK]
    due = clock + need - spare * pace // TICKS
    people[i, DUE] = due
    walkers.total[MOVES] += 1
    if due <= clock:
        return (clock - due) * TICKS // pace
    sleep(i, n + max(1, (due - clock + TICKS - 1) // TICKS), walkers)
    return -1


@INLINE
def first_cell(links: np.ndarray, hot: np.ndarray, link: int, into: int) -> int:
    """The cell by which a link is entered with a heading."""
    if hot[link] != 1:
        return link
    return int(links[link, FIRST]) + (int(links[link, CELLS]) - 1 if into == 1 else 0)


@INLINE
def goes_within(links: np.ndarray, link: int, heading: int, cell: int) -> bool:
    """Whether the next cell belongs to the same link."""
    first = int(links[link, FIRST])
    return cell > first if heading == 1 else cell < first + int(links[link, CELLS]) - 1


@INLINE
def _off_the_streets(n: int, i: int, node: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray) -> None:
    leave(n, i, streets, walkers, thresholds)
    walkers.total[INSIDE] -= 1
    walkers.people[i, LINK] = walkers.people[i, CELL] = -1
    walkers.people[i, NODE], walkers.people[i, PAST] = node, 0
    walkers.wake[i] = NEVER


@INLINE
def arrive(
    n: int, i: int, node: int, spare: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray
) -> None:  # fmt: skip
    total = walkers.total
    _off_the_streets(n, i, node, streets, walkers, thresholds)
    walkers.arrive_s[i] = (n + 1 - spare / TICKS) * streets.step_s
    walkers.arrived[total[ARRIVED]] = i
    total[ARRIVED] += 1


@INLINE
def hand_over(
    n: int, i: int, cell: int, link: int, into: int, streets: Streets, walkers: Walkers, thresholds: np.ndarray
) -> None:  # fmt: skip
    """Take somebody off the streets who came to a cell that another model walks; `arrive_s` is infinite meanwhile."""
    walkers.cells[cell, CREDIT + into] = max(walkers.cells[cell, CREDIT + into] - PERSON, -PERSON)
    node = int(streets.links[link, TO] if into == 1 else streets.links[link, FROM])
    _off_the_streets(n, i, node, streets, walkers, thresholds)
    walkers.arrive_s[i] = np.inf
    walkers.people[i, NEXT] = link
    walkers.taken[walkers.total[TAKEN]] = i
    walkers.total[TAKEN] += 1
