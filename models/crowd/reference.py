"""One second of walking in NumPy and plain Python: slow; the compiled kernel must agree to the last digit."""

from __future__ import annotations

import numpy as np

from models.crowd._kernels import CREEP, ROUNDS, WADING
from models.crowd.ground import Flow, Ground, Walkers
from models.crowd.speed import ROWS_PER_DENSITY


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
    scratch: np.ndarray,  # noqa: ARG001 - the kernel's work space
) -> int:
    """Do what `_kernels.step` does, with the same arguments and result."""
    nodes = _Nodes(now, dt, ground, walkers, flow, next_link, goal_node, cut_off, patience_s)
    _walk(now, dt, active, nodes, thresholds)
    ended = (walkers.link[active] < 0) | (walkers.along_m[active] >= ground.length_m[walkers.link[active]])
    ready = active[ended & (walkers.ready_s[active] < now + dt)]
    for _ in range(ROUNDS):
        turn = ready[np.argsort(walkers.ready_s[ready], kind="stable")]
        ready = np.array([i for i in turn.tolist() if nodes.pass_on(i)], dtype=np.int64)
        if not len(ready):
            break
    still = active[np.isnan(walkers.arrive_s[active])]
    active[: len(still)] = still
    return len(still)


def _share(ground: Ground, density: np.ndarray) -> np.ndarray:
    at = np.asarray(density) * ROWS_PER_DENSITY
    row = np.minimum(at.astype(np.int64), len(ground.share) - 1)
    above = np.minimum(row + 1, len(ground.share) - 1)
    value = ground.share[row] + (ground.share[above] - ground.share[row]) * (at - row)
    return np.where(row >= len(ground.share) - 1, 0.0, value)


def _pace(
    ground: Ground, people: np.ndarray, link: np.ndarray, cell: np.ndarray, heading: np.ndarray, along_m: np.ndarray
) -> np.ndarray:
    """Share of the free speed of walkers on links, from the density half a cell ahead; shape as `link`."""
    first, beyond, unit = ground.first_cell[link], ground.first_cell[link + 1], ground.per_area_pm2[link]
    density = people[cell].sum(axis=1) * unit
    ahead = cell + 1 - 2 * heading
    inside = (ahead >= first) & (ahead < beyond)
    ahead = np.where(inside, ahead, cell)
    there = people[ahead].sum(axis=1)
    beyond_pm2 = np.where(inside, there * unit, np.minimum(density, ground.critical_pm2))
    step = np.where(heading == 1, beyond - 1 - cell, cell - first)
    density = density + (beyond_pm2 - density) * (along_m * ground.cells_per_m[link] - step)
    pace = np.where(beyond_pm2 >= ground.jam_pm2, 0.0, _share(ground, density))
    opposing = people[ahead, 1 - heading]
    edging = np.where((density > ground.critical_pm2) & (opposing > 0), CREEP * opposing / np.maximum(there, 1), 0.0)
    return np.maximum(pace, edging)


def cell_of(ground: Ground, link: np.ndarray, heading: np.ndarray, along_m: np.ndarray) -> np.ndarray:
    """The cell of a link in which a walker is, who counts metres in its own heading."""
    first, last = ground.first_cell[link], ground.first_cell[link + 1] - 1
    step = np.minimum((along_m * ground.cells_per_m[link]).astype(np.int64), last - first)
    return np.where(heading == 1, last - step, first + step)


def _walk(now: float, dt: float, active: np.ndarray, nodes: _Nodes, thresholds: np.ndarray) -> None:
    ground, walkers, flow = nodes.ground, nodes.walkers, nodes.flow
    walkers.step_m[active] = 0.0
    on = active[walkers.link[active] >= 0]
    density = flow.people[walkers.cell[on]].sum(axis=1) * ground.per_area_pm2[walkers.link[on]]
    for level, threshold in enumerate(thresholds):
        np.add.at(flow.crowded_s, (walkers.link[on[density > threshold]], level), dt)
    wet = flow.closed[walkers.link[on]]
    on = on[(walkers.along_m[on] < ground.length_m[walkers.link[on]]) & (~walkers.stands[on] | wet)]
    link, heading = walkers.link[on], walkers.heading[on].astype(np.int64)
    speed = walkers.free_speed_mps[on] * _pace(
        ground, flow.people, link, walkers.cell[on], heading, walkers.along_m[on]
    )
    speed = np.where(flow.closed[link], speed * WADING, speed)
    left = ground.length_m[link] - walkers.along_m[on]
    ends = walkers.along_m[on] + speed * dt >= ground.length_m[link]
    walkers.step_m[on] = np.where(ends, left, speed * dt)
    walkers.along_m[on] = np.where(ends, ground.length_m[link], walkers.along_m[on] + speed * dt)
    walkers.walked_m[on] += walkers.step_m[on]
    for i, at in zip(on[ends].tolist(), (now + left[ends] / speed[ends]).tolist(), strict=True):
        nodes.reach_end(i, at)
    np.subtract.at(flow.people, (walkers.cell[on], heading), 1)
    walkers.cell[on] = cell_of(ground, link, heading, walkers.along_m[on])
    np.add.at(flow.people, (walkers.cell[on], heading), 1)


class _Nodes:
    """Second half of a step: going on from a link's end, one walker after the other."""

    def __init__(
        self,
        now: float,
        dt: float,
        ground: Ground,
        walkers: Walkers,
        flow: Flow,
        next_link: np.ndarray,
        goal_node: np.ndarray,
        cut_off: np.ndarray,
        patience_s: float,
    ) -> None:
        self.now, self.dt, self.until, self.patience_s = now, dt, now + dt, patience_s
        self.ground, self.walkers, self.flow = ground, walkers, flow
        self.next_link, self.goal_node, self.cut_off = next_link, goal_node, cut_off

    def reach_end(self, i: int, at: float) -> None:
        onward = self.next_link[self.walkers.destination[i], self._head(i)]
        self.walkers.ready_s[i] = at + (self.ground.wait_s[onward] if onward >= 0 else 0.0)

    def _head(self, i: int) -> int:
        link = self.walkers.link[i]
        return int((self.ground.link_to, self.ground.link_from)[self.walkers.heading[i]][link])

    def _refill(self, credit: np.ndarray, since: np.ndarray, end: int, rate: float) -> None:
        if since[end] < self.until:
            credit[end] = min(credit[end] + rate * (self.until - since[end]), rate * self.dt + 1.0)
            since[end] = self.until

    def _refuses(self, end: int) -> bool:
        return bool(self.until - self.flow.refused_s[end] < 1.5 * self.dt)

    def _intake(self, link: int, into: int, cell: int) -> float:
        """What the first cell of a link takes in (persons/s)."""
        ground = self.ground
        same, other = (int(self.flow.people[cell, side]) for side in (into, 1 - into))
        density = (same + other) * ground.per_area_pm2[link]
        rate = ground.capacity_ps[link]
        if density <= ground.critical_pm2:
            return float(rate)
        moving = _share(ground, density) * same / (same + other)
        if self._refuses(2 * link + into):
            moving += CREEP * other / (same + other)
        return float(rate * density * moving / ground.peak)

    def _takes_in(self, link: int, into: int, since: float) -> bool:
        flow, end, cell = self.flow, 2 * link + into, self._entry(link, into)
        self._refill(flow.gate, flow.gate_s, end, self.ground.capacity_ps[link])
        self._refill(flow.supply, flow.supply_s, end, self._intake(link, into, cell))
        inside = flow.people[cell].sum()
        if flow.gate[end] < 1.0:
            return False
        full = bool(inside >= self.ground.storage[link])
        swap = self._refuses(end) and not flow.owed[end]
        if flow.supply[end] >= 1.0 and (swap or not full):
            flow.owed[end] |= full
            flow.supply[end] -= 1.0
        elif (
            self.until - max(since, flow.entered_s[end]) > self.patience_s and inside < self.ground.crush_storage[link]
        ):
            flow.squeezed[0] += 1
        else:
            return False
        flow.gate[end] -= 1.0
        flow.entered_s[end] = self.until
        return True

    def pass_on(self, i: int) -> bool:
        ground, walkers, flow = self.ground, self.walkers, self.flow
        link, heading, goal = int(walkers.link[i]), int(walkers.heading[i]), int(walkers.destination[i])
        leaving = 2 * link + 1 - heading
        node = self._head(i) if link >= 0 else int(walkers.origin_node[i])
        if link >= 0:
            self._refill(flow.gate, flow.gate_s, leaving, ground.capacity_ps[link])
            if flow.gate[leaving] < 1.0:
                return False
        start = max(float(walkers.ready_s[i]), self.now)
        arrived = node == self.goal_node[goal]
        onward = int(self.next_link[goal, node])
        into = int(onward >= 0 and ground.link_from[onward] != node)
        if not arrived and not self._may_enter(i, onward, into, caught=link >= 0 and bool(flow.closed[link])):
            return False
        if link >= 0:
            flow.gate[leaving] -= 1.0
            flow.owed[leaving] = False
            flow.people[walkers.cell[i], heading] -= 1
        if arrived:
            walkers.arrive_s[i], walkers.link[i] = start, -1
            return False
        return self._enter(i, onward, into, start)

    def _may_enter(self, i: int, onward: int, into: int, *, caught: bool) -> bool:
        if onward < 0:
            return False
        node = (self.ground.link_from, self.ground.link_to)[into][onward]
        if not caught and (self.flow.closed[onward] or self.cut_off[self.walkers.destination[i], node]):
            return False
        if self._takes_in(onward, into, float(self.walkers.ready_s[i])):
            return True
        self.flow.refused_s[2 * self.walkers.link[i] + 1 - self.walkers.heading[i]] = self.until
        return False

    def _entry(self, link: int, into: int) -> int:
        return int(self.ground.first_cell[link] if into == 0 else self.ground.first_cell[link + 1] - 1)

    def _enter(self, i: int, link: int, into: int, start: float) -> bool:
        ground, walkers, flow = self.ground, self.walkers, self.flow
        density = (flow.people[self._entry(link, into)].sum() + 1) * ground.per_area_pm2[link]
        speed = float(walkers.free_speed_mps[i] * _share(ground, density) * (WADING if flow.closed[link] else 1.0))
        length = float(ground.length_m[link])
        walkers.link[i], walkers.heading[i] = link, into
        walkers.stands[i] = self.cut_off[walkers.destination[i], self._head(i)]
        along = min(length, speed * (self.until - start))
        if walkers.stands[i] and not flow.closed[link]:
            along = 0.0
        walkers.along_m[i] = along
        walkers.cell[i] = int(cell_of(ground, *(np.asarray(v) for v in (link, into, along))))
        walkers.walked_m[i] += along
        walkers.step_m[i] += along
        flow.people[walkers.cell[i], into] += 1
        if along < length:
            return False
        self.reach_end(i, start + length / speed)
        return bool(walkers.ready_s[i] < self.until)
