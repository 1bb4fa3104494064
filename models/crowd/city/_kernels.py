"""Steps of a whole city's walkers, compiled. `reference.py` says the same plainly; tests compare the two.

Nobody is looked at in every step. Each cell has a clock that runs at the pace of its density; a walker notes the
reading at which it will be through, and wakes up when that may be the case at the earliest. A clock is brought up to
date when somebody enters or leaves. So a step costs what happens in it, and a queue costs its first walker.

A step has three parts, in this order:

1. who waits for a gate at a link's end, then who waits to enter a cell, in the order of ends and cells, each queue in
   the order of joining it;
2. who wakes up, in the order of departure: through the gate at the link's end, and on into the next cell, several cells
   in a step if need be; or into a queue;
3. links on which a crowd gathers are cut into cells of ten metres (`_cells.py`).

What a cell takes in and what a link's ends let through are whole numbers of credit, refilled from the people that were
there at the step's start (the cell transmission model, Daganzo 1994, doi:10.1016/0191-2615(94)90002-7). In a jam each
direction is taken in by its share of the people there and a tenth of the other's (an assumption); two who wait to enter
each other's cell swap, past those who cannot; whoever has waited too long squeezes in.
"""

from __future__ import annotations

import numpy as np

from models.crowd.city.ahead import AHEAD, read_ahead
from models.crowd.city.clocks import area_of, ask_to_cut, bring
from models.crowd.city.compiling import CALLED, INLINE
from models.crowd.city.gates import fill_gate, through_gate
from models.crowd.city.moving import arrive, enter, first_cell, goes_within, hand_over
from models.crowd.city.queues import join, pop, set_bits, sleep, take, woken
from models.crowd.city.streets import AREA, CAPACITY, FROM, LENGTH, PERSON, TICKS, TO, WAIT, Streets
from models.crowd.city.walkers import (
    CELL,
    CLOCK,
    CREDIT,
    DUE,
    ENTERED,
    GATE,
    GATE_HEAD,
    GOAL,
    HEAD,
    HEADING,
    HERE,
    LINK,
    NEVER,
    NEXT,
    NODE,
    PAST,
    RATE,
    ROOM,
    SINCE,
    SQUEEZED,
    STRANDED,
    TAIL,
    TOUCHED,
    WAS,
    Walkers,
)  # fmt: skip

LOOKS = 8
"""Most cells from which a queue's people come that are looked through for somebody to swap with, in a step."""
ROUNDS = 64
"""Most cells that a walker can pass within one step."""
HALF = TICKS // 2
"""What is left of a step, on average, for somebody who was let through in it."""


@INLINE
def _held(link: int, cell: int, into: int, streets: Streets, walkers: Walkers) -> bool:
    """Whether nobody may enter a cell from another link: its lights are red, or another model walks it and is full."""
    shut = walkers.held[link] or (walkers.doors[link] >> (2 + into)) & 1 == 1
    return shut and cell == first_cell(streets.links, walkers.hot, link, into)


@INLINE
def _come_to(
    n: int, i: int, cell: int, link: int, into: int, spare: int, streets: Streets, walkers: Walkers,
    thresholds: np.ndarray,
) -> int:  # fmt: skip
    """Put somebody into a cell, or hand it over to the model that walks the link; see `enter`."""
    if walkers.people[i, LINK] != link and (walkers.doors[link] >> into) & 1 == 1:
        hand_over(n, i, cell, link, into, streets, walkers, thresholds)
        return -1
    return enter(n, i, cell, link, into, spare, streets, walkers, thresholds)


@INLINE
def _go_on(
    n: int, i: int, spare: int, past_gate: bool, admitted: bool, streets: Streets, walkers: Walkers,
    next_link: np.ndarray, goal_node: np.ndarray, thresholds: np.ndarray,
) -> None:  # fmt: skip
    """Take on somebody who is through its cell (or sets out), with `spare` ticks of the step left."""
    people, links = walkers.people, streets.links
    for _ in range(ROUNDS):
        link, heading, cell = people[i, LINK], people[i, HEADING], people[i, CELL]
        if link >= 0 and walkers.hot[link] == 1 and goes_within(links, link, heading, cell):
            onward, into, target = link, heading, cell + 1 - 2 * heading
        else:
            node = people[i, NODE]
            if link >= 0:
                node = int(links[link, FROM] if heading == 1 else links[link, TO])
                if not past_gate and not admitted and not through_gate(n, i, link, heading, streets, walkers):
                    return
                people[i, PAST] = max(1, people[i, PAST])
            goal = people[i, GOAL]
            if node == goal_node[goal]:
                arrive(n, i, node, spare, streets, walkers, thresholds)
                return
            onward = next_link[goal, node]
            if onward < 0 or (link < 0 and walkers.closed[onward]):
                walkers.wake[i] = NEVER
                walkers.total[STRANDED] += 1
                return
            if links[onward, WAIT] > 0 and people[i, PAST] < 2 and not admitted:
                people[i, PAST] = 2
                sleep(i, n + int(links[onward, WAIT]), walkers)
                return
            into = 0 if int(links[onward, FROM]) == node else 1
            target = first_cell(streets.links, walkers.hot, onward, into)
        if not admitted:
            bring(n, target, onward, streets, walkers, thresholds)
            cells = walkers.cells
            full = cells[target, HEAD + into] >= 0 or cells[target, CREDIT + into] < PERSON or cells[target, ROOM] < 1
            if full or _held(onward, target, into, streets, walkers):
                join(i, cells, target, HEAD + into, TAIL + into, walkers.waiting, 2 * target + into, walkers)
                if link >= 0:
                    ask_to_cut(link, streets, walkers)
                return
        spare = _come_to(n, i, target, onward, into, spare, streets, walkers, thresholds)
        if spare < 0:
            return
        past_gate = admitted = False
    sleep(i, n + 1, walkers)


@CALLED
def _let_on(
    n: int, i: int, admitted: bool, streets: Streets, walkers: Walkers,
    next_link: np.ndarray, goal_node: np.ndarray, thresholds: np.ndarray,
) -> None:  # fmt: skip
    """Take on somebody who was let through in this step."""
    _go_on(n, i, HALF, True, admitted, streets, walkers, next_link, goal_node, thresholds)


@CALLED
def _serve_gate(
    n: int, end: int, streets: Streets, walkers: Walkers, next_link: np.ndarray, goal_node: np.ndarray,
    thresholds: np.ndarray,
) -> None:  # fmt: skip
    ends = walkers.ends
    fill_gate(n, end, int(streets.links[end // 2, CAPACITY]), ends)
    while ends[end, GATE_HEAD] >= 0 and ends[end, GATE] >= PERSON:
        i = pop(ends, end, GATE_HEAD, walkers.gated, end, walkers)
        ends[end, GATE] -= PERSON
        _let_on(n, i, False, streets, walkers, next_link, goal_node, thresholds)


@CALLED
def _serve_cell(
    n: int, key: int, streets: Streets, walkers: Walkers, next_link: np.ndarray, goal_node: np.ndarray,
    thresholds: np.ndarray, patience: int,
) -> None:  # fmt: skip
    """Let in who waits to enter a cell with one heading (key: 2 cell + heading)."""
    cells, people, bits = walkers.cells, walkers.people, walkers.waiting
    cell, into = key >> 1, key & 1
    link = streets.link_of_cell[cell]
    if _held(link, cell, into, streets, walkers):
        return
    bring(n, cell, link, streets, walkers, thresholds)
    crush = int(np.ceil(area_of(streets, walkers.hot, link) * streets.crush_pm2))
    swaps = 1 + int(np.float64(streets.links[link, AREA]) / streets.links[link, LENGTH]) // 2
    while cells[cell, HEAD + into] >= 0:
        i, other, before, back = cells[cell, HEAD + into], -1, -1, -1
        if cells[cell, CREDIT + into] < PERSON or cells[cell, ROOM] < 1:
            if swaps > 0:
                i, before, other, back = _who_swaps(cell, into, cells, people)
            if other < 0:
                here = cells[cell, HERE] + cells[cell, HERE + 1]
                if n - cells[cell, ENTERED] <= patience or here >= crush:
                    return
                walkers.total[SQUEEZED] += 1
        take(i, before, cells, cell, HEAD + into, TAIL + into, bits, key, walkers)
        if other >= 0:
            swaps -= 1
            there, away = people[i, CELL], 1 - people[i, HEADING]
            take(other, back, cells, there, HEAD + away, TAIL + away, bits, 2 * there + away, walkers)
            _let_on(n, other, True, streets, walkers, next_link, goal_node, thresholds)
        _let_on(n, i, True, streets, walkers, next_link, goal_node, thresholds)


@CALLED
def _who_swaps(cell: int, into: int, cells: np.ndarray, people: np.ndarray) -> tuple[int, int, int, int]:
    """The first two who wait to enter each other's cell, however many before them go elsewhere or set out.

    Returns:
        Who waits to enter `cell` and who waits before it, then who stands there and who waits before that one; -1 for
        nobody. Without such two: the first in the queue, and nobody.
    """
    looks, seen, before, i = LOOKS, -1, -1, cells[cell, HEAD + into]
    while i >= 0 and looks > 0:
        there = people[i, CELL]
        if there not in (-1, seen):
            looks, seen, back = looks - 1, there, -1
            other = cells[there, HEAD + 1 - people[i, HEADING]]
            while other >= 0:
                if people[other, CELL] == cell and people[other, HEADING] == 1 - into:
                    return i, before, other, back
                back, other = other, people[other, NEXT]
        before, i = i, people[i, NEXT]
    return cells[cell, HEAD + into], -1, -1, -1


@INLINE
def _wake(
    n: int, i: int, streets: Streets, walkers: Walkers, next_link: np.ndarray, goal_node: np.ndarray,
    thresholds: np.ndarray,
) -> None:  # fmt: skip
    """Look at somebody who may be through its cell, whose wait is over, or who sets out."""
    people, cells = walkers.people, walkers.cells
    past_gate, spare = True, HALF
    if people[i, LINK] < 0:
        if people[i, PAST] == 0:
            spare = TICKS - people[i, DUE]
    elif people[i, PAST] == 0:
        cell = people[i, CELL]
        passed = n + 1 - cells[cell, SINCE]
        pace = cells[cell, RATE] if passed > 0 else cells[cell, WAS]
        beyond = cells[cell, CLOCK] + pace * max(0, passed) - people[i, DUE]
        if beyond < 0:
            sleep(i, n + max(1, (TICKS - 1 - beyond) // TICKS), walkers)
            return
        past_gate, spare = False, min(beyond * TICKS // pace, TICKS)
    _go_on(n, i, spare, past_gate, False, streets, walkers, next_link, goal_node, thresholds)


@CALLED
def step(
    n: int, streets: Streets, walkers: Walkers, next_link: np.ndarray, goal_node: np.ndarray, thresholds: np.ndarray,
    patience: int, room: np.ndarray,
) -> None:  # fmt: skip
    """Parts 1 and 2 of step n.

    Args:
        n: Number of the step, from 0.
        streets: See `Streets`.
        walkers: See `Walkers`; changed in place.
        next_link: Next link by goal and node, int32, shape (goals, nodes); -1 at the goal or without a way.
        goal_node: Node of each goal, shape (goals,).
        thresholds: Densities above which person-steps are counted (persons/m2).
        patience: Steps without anybody entering a full cell after which somebody squeezes in.
        room: Room for the numbers of all cells by heading, or of all walkers, and AHEAD more, int64.
    """
    for k in range(set_bits(walkers.gated, room)):
        _serve_gate(n, room[k], streets, walkers, next_link, goal_node, thresholds)
    for k in range(set_bits(walkers.waiting, room)):
        _serve_cell(n, room[k], streets, walkers, next_link, goal_node, thresholds, patience)
    count = woken(n, walkers, room)
    for k in range(0, count, AHEAD):
        batch = room[k : min(k + AHEAD, count)]
        walkers.total[TOUCHED] = read_ahead(batch, room[room.size - AHEAD :], streets, walkers, next_link)
        for i in batch:
            _wake(n, i, streets, walkers, next_link, goal_node, thresholds)
