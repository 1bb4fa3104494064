"""One second of walking, compiled. `reference.py` says the same in NumPy and plain Python; tests compare the two.

A step has two halves, in this order:

1. everybody on a link walks at the speed of the density half a cell ahead, as it was at the step's start;
2. whoever is at a link's end (or at its origin) goes on, in the order of becoming ready, as far as the gates let
   through and the next link takes in; the rest of the second is walked there, across several short links if need be.

Density is linear between the middles of cells, and both directions count. Looking ahead keeps queues smooth (Blandin
and Goatin 2016, doi:10.1007/s00211-015-0717-6); into a full cell nobody walks. What a link takes in, and what its ends
let through, are the supply and the capacity of the cell transmission model (Daganzo 1994,
doi:10.1016/0191-2615(94)90002-7); in a jam each direction is taken in according to its share of the people there, and
slowly through a queue that comes the other way and cannot move; two such queues swap places one by one.
Beyond a link's end nobody is seen: people walk up to it, and wait there for the gate.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from models.crowd.ground import Flow, Ground, Walkers
from models.crowd.speed import ROWS_PER_DENSITY

CREEP = 0.1
"""Share of the free speed at which people who meet head-on in a jam edge past each other; an assumption."""
WADING = 0.5
"""Share of the speed left to those who are caught on a flooded link and wade out of it; an assumption."""
ROUNDS = 12
"""Most links that a walker can pass within one step."""


@nb.njit(cache=True, nogil=True, inline="always")
def _share(share: np.ndarray, density: float) -> float:
    """Share of the free speed left at a density (persons/m2)."""
    at = density * ROWS_PER_DENSITY
    row = int(at)
    if row >= share.size - 1:
        return 0.0
    return share[row] + (share[row + 1] - share[row]) * (at - row)


@nb.njit(cache=True, nogil=True, inline="always")
def _pace(
    share: np.ndarray,
    critical_pm2: float,
    jam_pm2: float,
    people: np.ndarray,
    unit: float,
    cell: int,
    heading: int,
    first: int,
    beyond: int,
    cells_done: float,
) -> float:
    """Share of the free speed of a walker on a link with the cells `first` to `beyond` - 1.

    `cells_done` is the way on the link in cells, `unit` the density that one walker makes (persons/m2).
    """
    there = people[cell, 0] + people[cell, 1]
    density = there * unit
    step = beyond - 1 - cell if heading == 1 else cell - first
    ahead = cell + 1 - 2 * heading
    if first <= ahead < beyond:
        there = people[ahead, 0] + people[ahead, 1]
        opposing = people[ahead, 1 - heading]
        beyond_pm2 = there * unit
    else:
        opposing = people[cell, 1 - heading]
        beyond_pm2 = min(density, critical_pm2)
    density += (beyond_pm2 - density) * (cells_done - step)
    pace = 0.0 if beyond_pm2 >= jam_pm2 else _share(share, density)
    if density > critical_pm2 and opposing > 0:
        pace = max(pace, CREEP * opposing / there)
    return pace


@nb.njit(cache=True, nogil=True, inline="always")
def _count_crowding(crowded: np.ndarray, thresholds: np.ndarray, link: int, density: float, dt: float) -> None:
    for level in range(thresholds.size):
        if density > thresholds[level]:
            crowded[link, level] += dt


@nb.njit(cache=True, nogil=True, inline="always")
def _piece(first_cell: np.ndarray, cells_per_m: np.ndarray, link: int, heading: int, along_m: float) -> int:
    """The cell of a link in which a walker is, which counts metres in its own heading."""
    first, last = first_cell[link], first_cell[link + 1] - 1
    step = min(int(along_m * cells_per_m[link]), last - first)
    return last - step if heading == 1 else first + step


@nb.njit(cache=True, nogil=True)
def _change_cells(moved: np.ndarray, ground: Ground, walkers: Walkers, people: np.ndarray) -> None:
    for i in moved:
        heading = walkers.heading[i]
        people[walkers.cell[i], heading] -= 1
        walkers.cell[i] = _piece(ground.first_cell, ground.cells_per_m, walkers.link[i], heading, walkers.along_m[i])
        people[walkers.cell[i], heading] += 1


@nb.njit(cache=True, nogil=True, inline="always")
def _fill_gate(flow: Flow, end: int, rate: float, now: float, dt: float) -> None:
    flow.gate[end] = min(flow.gate[end] + rate * (now - flow.gate_s[end]), rate * dt + 1.0)
    flow.gate_s[end] = now


@nb.njit(cache=True, nogil=True, inline="always")
def _fill_supply(ground: Ground, flow: Flow, link: int, heading: int, cell: int, now: float, dt: float) -> None:
    """What the first cell of a link takes in: its capacity, or in a jam what its density lets move on."""
    same, other = flow.people[cell, heading], flow.people[cell, 1 - heading]
    density = (same + other) * ground.per_area_pm2[link]
    rate, end = ground.capacity_ps[link], 2 * link + heading
    if density > ground.critical_pm2:
        moving = _share(ground.share, density) * same / (same + other)
        if now - flow.refused_s[end] < 1.5 * dt:
            moving += CREEP * other / (same + other)
        rate = rate * density * moving / ground.peak
    flow.supply[end] = min(flow.supply[end] + rate * (now - flow.supply_s[end]), rate * dt + 1.0)
    flow.supply_s[end] = now


@nb.njit(cache=True, nogil=True)
def _takes_in(
    ground: Ground,
    flow: Flow,
    link: int,
    heading: int,
    cell: int,
    now: float,
    dt: float,
    since: float,
    patience_s: float,
) -> bool:
    """Whether one more walker, ready `since` then, may enter a link; uses up the places it takes."""
    end = 2 * link + heading
    if flow.gate_s[end] < now:
        _fill_gate(flow, end, ground.capacity_ps[link], now, dt)
    if flow.supply_s[end] < now:
        _fill_supply(ground, flow, link, heading, cell, now, dt)
    if flow.gate[end] < 1.0:
        return False
    inside = flow.people[cell, 0] + flow.people[cell, 1]
    full = inside >= ground.storage[link]
    swap = now - flow.refused_s[end] < 1.5 * dt and not flow.owed[end]
    if flow.supply[end] >= 1.0 and (swap or not full):
        flow.owed[end] |= full
        flow.gate[end] -= 1.0
        flow.supply[end] -= 1.0
        flow.entered_s[end] = now
        return True
    if now - max(since, flow.entered_s[end]) > patience_s and inside < ground.crush_storage[link]:
        flow.gate[end] -= 1.0
        flow.entered_s[end] = now
        flow.squeezed[0] += 1
        return True
    return False


@nb.njit(cache=True, nogil=True)
def _walk(
    now: float,
    dt: float,
    active: np.ndarray,
    ground: Ground,
    walkers: Walkers,
    flow: Flow,
    next_link: np.ndarray,
    thresholds: np.ndarray,
    moved: np.ndarray,
    ready: np.ndarray,
) -> int:
    """First half of a step. Returns how many of `ready` (filled with walkers) may go on to another link.

    The arrays are taken out of their tuples first: in the loop that would cost more than the walking.
    """
    links, headings, cells, along, ready_s = (
        walkers.link, walkers.heading, walkers.cell, walkers.along_m, walkers.ready_s
    )  # fmt: skip
    stands, walked, step_m, free = walkers.stands, walkers.walked_m, walkers.step_m, walkers.free_speed_mps
    lengths, first_cell, per_area, share = ground.length_m, ground.first_cell, ground.per_area_pm2, ground.share
    cells_per_m, critical, jam = ground.cells_per_m, ground.critical_pm2, ground.jam_pm2
    link_from, link_to, wait_s, goals = ground.link_from, ground.link_to, ground.wait_s, walkers.destination
    people, closed, crowded = flow.people, flow.closed, flow.crowded_s
    n_ready = n_moved = 0
    until = now + dt
    for i in active:
        link = links[i]
        step_m[i] = 0.0
        if link >= 0:
            heading, cell, length, unit = headings[i], cells[i], lengths[link], per_area[link]
            density = (people[cell, 0] + people[cell, 1]) * unit
            if density > thresholds[0]:
                _count_crowding(crowded, thresholds, link, density, dt)
            if along[i] < length:
                if stands[i] and not closed[link]:
                    continue
                speed = free[i] * _pace(
                    share, critical, jam, people, unit, cell, heading, first_cell[link], first_cell[link + 1],
                    along[i] * cells_per_m[link],
                )  # fmt: skip
                if closed[link]:
                    speed *= WADING
                left = length - along[i]
                if along[i] + speed * dt < length:
                    along[i] += speed * dt
                    step_m[i] = speed * dt
                else:
                    along[i] = length
                    step_m[i] = left
                    onward = next_link[goals[i], link_from[link] if heading == 1 else link_to[link]]
                    ready_s[i] = now + left / speed + (wait_s[onward] if onward >= 0 else 0.0)
                walked[i] += step_m[i]
                if _piece(first_cell, cells_per_m, link, heading, along[i]) != cell:
                    moved[n_moved] = i
                    n_moved += 1
                if along[i] < length:
                    continue
        if ready_s[i] < until:
            ready[n_ready] = i
            n_ready += 1
    _change_cells(moved[:n_moved], ground, walkers, people)
    return n_ready


@nb.njit(cache=True, nogil=True)
def _head(ground: Ground, link: int, heading: int) -> int:
    """The node that a walker on a link walks to."""
    return ground.link_from[link] if heading == 1 else ground.link_to[link]


@nb.njit(cache=True, nogil=True)
def _pass_on(
    now: float,
    dt: float,
    i: int,
    ground: Ground,
    walkers: Walkers,
    flow: Flow,
    next_link: np.ndarray,
    goal_node: np.ndarray,
    cut_off: np.ndarray,
    patience_s: float,
) -> bool:
    """Take one walker on from where it stands. Returns whether it may pass yet another link in this step."""
    until = now + dt
    link, heading, goal = walkers.link[i], walkers.heading[i], walkers.destination[i]
    leaving = 2 * link + 1 - heading
    node = walkers.origin_node[i]
    if link >= 0:
        node = _head(ground, link, heading)
        if flow.gate_s[leaving] < until:
            _fill_gate(flow, leaving, ground.capacity_ps[link], until, dt)
        if flow.gate[leaving] < 1.0:
            return False
    caught = link >= 0 and flow.closed[link]
    arrived = node == goal_node[goal]
    onward = next_link[goal, node]
    start = max(walkers.ready_s[i], now)
    if not arrived:
        if onward < 0 or (flow.closed[onward] and not caught) or (cut_off[goal, node] and not caught):
            return False
        into = 0 if ground.link_from[onward] == node else 1
        entry = ground.first_cell[onward] if into == 0 else ground.first_cell[onward + 1] - 1
        if not _takes_in(ground, flow, onward, into, entry, until, dt, walkers.ready_s[i], patience_s):
            flow.refused_s[leaving] = until
            return False
    if link >= 0:
        flow.gate[leaving] -= 1.0
        flow.owed[leaving] = False
        flow.people[walkers.cell[i], heading] -= 1
    if arrived:
        walkers.arrive_s[i] = start
        walkers.link[i] = -1
        return False
    density = (flow.people[entry, 0] + flow.people[entry, 1] + 1) * ground.per_area_pm2[onward]
    speed = walkers.free_speed_mps[i] * _share(ground.share, density)
    if flow.closed[onward]:
        speed *= WADING
    length = ground.length_m[onward]
    far = _head(ground, onward, into)
    walkers.link[i], walkers.heading[i], walkers.stands[i] = onward, into, cut_off[goal, far]
    along = min(length, speed * (until - start))
    if walkers.stands[i] and not flow.closed[onward]:
        along = 0.0
    walkers.along_m[i] = along
    walkers.cell[i] = _piece(ground.first_cell, ground.cells_per_m, onward, into, along)
    walkers.walked_m[i] += along
    walkers.step_m[i] += along
    flow.people[walkers.cell[i], into] += 1
    if along < length:
        return False
    beyond = next_link[goal, far]
    walkers.ready_s[i] = start + length / speed + (ground.wait_s[beyond] if beyond >= 0 else 0.0)
    return walkers.ready_s[i] < until


@nb.njit(cache=True, nogil=True)
def step(
    now: float,
    dt: float,
    active: np.ndarray,
    ground: Ground,
    walkers: Walkers,
    flow: Flow,
    next_link: np.ndarray,
    goal_node: np.ndarray,
    cut_off: np.ndarray,
    thresholds: np.ndarray,
    patience_s: float,
    scratch: np.ndarray,
) -> int:
    """Move the walkers of `active` from `now` to `now + dt` (s). Returns how many stay active (in front, in order).

    Args:
        now: Seconds since the run's start.
        dt: Length of the step (s).
        active: Walkers that have set out and not arrived, int64, in order of departure; changed in place.
        ground: See `Ground`.
        walkers: See `Walkers`; changed in place.
        flow: See `Flow`; changed in place.
        next_link: Next link by destination and node, int32, shape (destinations, nodes); -1 at the goal or without way.
        goal_node: Node of each destination, shape (destinations,).
        cut_off: Whether the destination cannot be reached dry from the node, bool, shape (destinations, nodes).
        thresholds: Densities above which person-seconds are counted (persons/m2).
        patience_s: Time without anybody entering a full link after which somebody squeezes in (s).
        scratch: Room for two lists of walkers, int64, shape (2, walkers + 1).
    """
    ready = scratch[0]
    n_ready = _walk(now, dt, active, ground, walkers, flow, next_link, thresholds, scratch[1], ready)
    for _ in range(ROUNDS):
        if n_ready == 0:
            break
        due = np.empty(n_ready, dtype=np.float64)
        for r in range(n_ready):
            due[r] = walkers.ready_s[ready[r]]
        turn = ready[:n_ready][np.argsort(due, kind="mergesort")]
        n_ready = 0
        for r in range(turn.size):
            i = turn[r]
            if _pass_on(now, dt, i, ground, walkers, flow, next_link, goal_node, cut_off, patience_s):
                ready[n_ready] = i
                n_ready += 1
    left = 0
    for a in range(active.size):
        if math.isnan(walkers.arrive_s[active[a]]):
            active[left] = active[a]
            left += 1
    return left
