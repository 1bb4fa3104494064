"""What people under way do when links close or open: turn round, wade out, or stay where they are."""

from __future__ import annotations

import numpy as np

from models.crowd.city.streets import FROM, TO, Streets
from models.crowd.city.walkers import BLOCK, DUE, GOAL, HEADING, HERE, LINK, NEVER, PAST, STANDS, STRANDED, Walkers
from models.crowd.city.ways import CityWays
from models.crowd.city.whereabouts import Whereabouts, whereabouts
from models.crowd.speed import FREE_SPEED_MPS

NO_WAY_S = 1e9
"""Added to a way out of the water, so that any way to the goal is nearer."""


def look_again(step: int, streets: Streets, walkers: Walkers, ways: CityWays) -> None:
    """Have everybody look where to go, now that `ways` have changed; all cells are known up to `step`.

    Who is on a link turns round where the goal (or, under water, the way out of it) is nearer by its other end. Who is
    on a dry link without any way to its goal stays there until one opens.
    """
    _leave_queues(walkers)
    there = whereabouts(step, np.flatnonzero(walkers.people[:, LINK] >= 0), streets, walkers)
    goal = walkers.people[there.who, GOAL]
    ends = streets.links[there.link][:, [FROM, TO]].astype(np.int64)
    ahead = np.where(there.heading == 1, ends[:, 0], ends[:, 1])
    behind = np.where(there.heading == 1, ends[:, 1], ends[:, 0])
    wet = walkers.closed[there.link]
    onward = (there.length_m - there.along_m) / FREE_SPEED_MPS + _left_s(ways, goal, ahead)
    back = there.along_m / FREE_SPEED_MPS + _left_s(ways, goal, behind)
    no_way = ~wet & (np.minimum(onward, back) >= NO_WAY_S)
    turns = ~no_way & ((back < onward) | (ways.next_link[goal, ahead] == there.link))
    left = _turn(there, turns, walkers)
    stood = walkers.people[there.who, PAST] == STANDS
    walks = ~no_way & (turns | stood)
    walkers.people[there.who[walks], PAST] = 0
    walkers.people[there.who[walks], DUE] = (there.clock + left)[walks]
    walkers.people[there.who[no_way], PAST] = STANDS
    walkers.people[there.who[no_way], DUE] = left[no_way]
    waits = (walkers.wake == NEVER) & np.isnan(walkers.arrive_s)
    waits[there.who[walks]] = True
    waits[there.who[no_way]] = False
    walkers.wake[there.who[no_way]] = NEVER
    _call_up(np.flatnonzero(waits), step, walkers)
    walkers.total[STRANDED] = int(no_way.sum())


def _left_s(ways: CityWays, goal: np.ndarray, node: np.ndarray) -> np.ndarray:
    left = ways.cost_s[goal, node].astype(np.float64)
    out = NO_WAY_S + np.minimum(ways.out_s[node], NO_WAY_S)
    return np.where(np.isfinite(left), left, out)


def _turn(there: Whereabouts, turns: np.ndarray, walkers: Walkers) -> np.ndarray:
    """Turn people round where they are. Returns what is left of everybody's cell in its heading (ticks)."""
    who, cell, heading = there.who[turns], there.cell[turns], there.heading[turns]
    np.subtract.at(walkers.cells, (cell, HERE + heading), 1)
    np.add.at(walkers.cells, (cell, HERE + 1 - heading), 1)
    walkers.people[who, HEADING] = 1 - heading
    return np.where(turns, there.piece - there.left, there.left)


def _leave_queues(walkers: Walkers) -> None:
    for rows, columns in ((walkers.cells, slice(8, 12)), (walkers.ends, slice(2, 4))):
        rows[:, columns] = -1
    walkers.waiting[:] = walkers.gated[:] = 0


def _call_up(who: np.ndarray, step: int, walkers: Walkers) -> None:
    """Have people look where to go in this step."""
    walkers.wake[who] = step
    np.minimum.at(walkers.low, who // BLOCK, walkers.wake[who])
