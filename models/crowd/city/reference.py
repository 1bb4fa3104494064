"""The steps of `_kernels.py` plainly: every clock and every credit in every step, queues as lists; slow.

Walking is NumPy over all cells and walkers, passing on plain Python. Nobody sleeps here, and nothing is left for later,
so that what the kernel saves is what a comparison tests. Both must agree to the last digit.
"""

from __future__ import annotations

from collections import defaultdict, deque

import numpy as np

from models.crowd.city._cells import CUT_EVERY, JOIN_EVERY
from models.crowd.city._kernels import HALF, LOOKS, ROUNDS
from models.crowd.city.plain_cells import PlainCells
from models.crowd.city.streets import AREA, CALM_PM2, CELLS, FIRST, FROM, LENGTH, PERSON, TICKS, TO, WAIT, Streets
from models.crowd.city.walkers import DUE, GOAL, NODE, gather
from models.crowd.plans import VisitorPlans

_STREET, _GATE, _QUEUE, _CROSSING, _HOME, _DONE = range(6)


class PlainCity(PlainCells):
    """The same population as `CityCrowd` moves, step by step.

    Attributes:
        arrive_s: When each walker arrived (s), NaN before.
        link, cell: Where each is, -1 when not on the streets.
        squeezed: How often somebody squeezed in.
        taken: Who was handed over to another model.
    """

    def __init__(
        self, plans: VisitorPlans, goal: np.ndarray, streets: Streets, next_link: np.ndarray, goal_node: np.ndarray,
        thresholds: np.ndarray, patience: int,
    ) -> None:  # fmt: skip
        start = gather(plans, goal, streets, len(thresholds))
        super().__init__(start, streets, thresholds)
        self.next_link, self.goal_node, self.patience = next_link, goal_node, patience
        self.goal, self.origin, self.slow = start.people[:, GOAL], start.people[:, NODE], start.slow
        n = len(plans)
        self.link, self.cell = np.full(n, -1), np.full(n, -1)
        self.heading, self.past = np.zeros(n, dtype=int), np.zeros(n, dtype=int)
        self.state, self.due, self.wake = np.full(n, _HOME), start.people[:, DUE].astype(int), start.wake.astype(int)
        self.arrive_s = np.full(n, np.nan)
        self.at_gate: dict[int, deque[int]] = defaultdict(deque)
        self.at_cell: dict[int, deque[int]] = defaultdict(deque)
        self.squeezed = 0
        self.taken: list[int] = []

    def walk(self, first: int, beyond: int) -> None:
        """Steps `first` to `beyond` - 1."""
        for n in range(first, beyond):
            self._begin()
            self._serve(n)
            for i in self._through(n):
                spare, past = self._spare(i)
                self._go_on(n, i, spare, past_gate=past, admitted=False)
            if n % CUT_EVERY == 0:
                self._cut(n)
            if n % JOIN_EVERY == 0:
                self._join(n)

    def _through(self, n: int) -> list[int]:
        """Who is through its cell, over a wait, or sets out; in order."""
        walking = (self.state == _STREET) & (self.clock[self.cell] >= self.due)
        rises = np.isin(self.state, (_CROSSING, _HOME)) & (self.wake <= n)
        return [int(i) for i in np.flatnonzero(walking | rises)]

    def _spare(self, i: int) -> tuple[int, bool]:
        if self.state[i] == _STREET:
            beyond = self.clock[self.cell[i]] - self.due[i]
            return int(min(beyond * TICKS // self._pace(i), TICKS)), False
        return (TICKS - int(self.due[i]) if self.link[i] < 0 and self.past[i] == 0 else HALF), True

    def _pace(self, i: int) -> int:
        return int(self.was[self.cell[i]])

    def _serve(self, n: int) -> None:
        """Who waits for a gate, then who waits to enter a cell."""
        for end in sorted(end for end, queue in self.at_gate.items() if queue):
            while self.at_gate[end] and self.gate[end] >= PERSON:
                self.gate[end] -= PERSON
                self._go_on(n, self.at_gate[end].popleft(), HALF, past_gate=True, admitted=False)
        for key in sorted(key for key, queue in self.at_cell.items() if queue):
            self._serve_cell(n, key)

    def _serve_cell(self, n: int, key: int) -> None:
        queue, cell, into = self.at_cell[key], key // 2, key % 2
        link = int(self.streets.link_of_cell[cell])
        if self._is_held(link, cell, into):
            return
        crush = int(np.ceil(self._area[cell] * self.streets.crush_pm2))
        swaps = 1 + int(float(self.streets.links[link, AREA]) / float(self.streets.links[link, LENGTH])) // 2
        while queue:
            i, other = queue[0], None
            if self.credit[cell, into] < PERSON or self.room[cell] < 1:
                pair = self._who_swaps(cell, into) if swaps else None
                if pair is not None:
                    i, other = pair
                    self.at_cell[2 * int(self.cell[i]) + 1 - int(self.heading[i])].remove(other)
                    swaps -= 1
                elif n - self.entered[cell] <= self.patience or self.here[cell].sum() >= crush:
                    return
                else:
                    self.squeezed += 1
            queue.remove(i)
            for who in (other, i):
                if who is not None:
                    self._go_on(n, who, HALF, past_gate=True, admitted=True)

    def _who_swaps(self, cell: int, into: int) -> tuple[int, int] | None:
        """The first two who wait to enter each other's cell."""
        looks, seen = LOOKS, -1
        for i in self.at_cell[2 * cell + into]:
            there = int(self.cell[i])
            if there not in (-1, seen) and looks > 0:
                looks, seen = looks - 1, there
                for other in self.at_cell[2 * there + 1 - int(self.heading[i])]:
                    if self.cell[other] == cell and self.heading[other] == 1 - into:
                        return i, other
        return None

    def _go_on(self, n: int, i: int, spare: int, *, past_gate: bool, admitted: bool) -> None:
        for _ in range(ROUNDS):
            way = self._way(n, i, spare, past_gate=past_gate, admitted=admitted)
            if way is None:
                return
            onward, into, target = way
            if not admitted:
                waits = self.at_cell[2 * target + into]
                full = waits or self.credit[target, into] < PERSON or self.room[target] < 1
                if full or self._is_held(onward, target, into):
                    waits.append(i)
                    self.state[i] = _QUEUE
                    if self.link[i] >= 0:
                        self._ask(int(self.link[i]))
                    return
            if onward != self.link[i] and int(self.doors[onward]) >> into & 1:
                self.credit[target, into] = max(self.credit[target, into] - PERSON, -PERSON)
                self._leave(i)
                self.link[i] = self.cell[i] = -1
                self.state[i], self.arrive_s[i] = _DONE, np.inf
                self.taken.append(i)
                return
            spare = self._enter(n, i, onward, into, target, spare)
            if spare < 0:
                return
            past_gate = admitted = False

    def _way(
        self, n: int, i: int, spare: int, *, past_gate: bool, admitted: bool
    ) -> tuple[int, int, int] | None:  # fmt: skip
        """Link, heading and cell to enter next; None when somebody arrives, waits, or has no way."""
        link, heading, rows = int(self.link[i]), int(self.heading[i]), self.streets.links
        if link >= 0 and self.hot[link]:
            first = int(rows[link, FIRST])
            after = int(self.cell[i]) + 1 - 2 * heading
            if first <= after < first + int(rows[link, CELLS]):
                return link, heading, after
        node = int(self.origin[i])
        if link >= 0:
            node = int(rows[link, FROM if heading else TO])
            end = 2 * link + heading
            if not past_gate and not admitted:
                if self.at_gate[end] or self.gate[end] < PERSON:
                    self.at_gate[end].append(i)
                    self.state[i] = _GATE
                    self._ask(link)
                    return None
                self.gate[end] -= PERSON
            self.past[i] = max(1, self.past[i])
        if node == self.goal_node[self.goal[i]]:
            self._leave(i)
            self.link[i] = self.cell[i] = -1
            self.state[i], self.arrive_s[i] = _DONE, (n + 1 - spare / TICKS) * self.streets.step_s
            return None
        onward = int(self.next_link[self.goal[i], node])
        if onward < 0 or (link < 0 and self.closed[onward]):
            self.state[i] = _DONE
            return None
        if rows[onward, WAIT] > 0 and self.past[i] < 2 and not admitted:
            self.past[i], self.state[i], self.wake[i] = 2, _CROSSING, n + int(rows[onward, WAIT])
            return None
        into = 0 if int(rows[onward, FROM]) == node else 1
        return onward, into, self._entry(onward, into)

    def _entry(self, link: int, into: int) -> int:
        """The cell by which a link is entered with a heading."""
        if not self.hot[link]:
            return link
        return int(self.streets.links[link, FIRST]) + (int(self.streets.links[link, CELLS]) - 1 if into else 0)

    def _is_held(self, link: int, cell: int, into: int) -> bool:
        return (bool(self.held[link]) or int(self.doors[link]) >> (2 + into) & 1 == 1) and cell == self._entry(
            link, into
        )

    def _leave(self, i: int) -> None:
        if self.link[i] >= 0:
            self.here[self.cell[i], self.heading[i]] -= 1
            self._repace(int(self.cell[i]))

    def _ask(self, link: int) -> None:
        if not self.hot[link] and self.streets.links[link, CELLS] > 1:
            self.asked[link] = True

    def _need(self, i: int, link: int) -> int:
        length = float(self.streets.links[link, LENGTH])
        if self.hot[link]:
            length /= float(self.streets.links[link, CELLS])
        return max(1, int(length * float(self.slow[i]) + 0.5))

    def _enter(self, n: int, i: int, link: int, into: int, cell: int, spare: int) -> int:
        self._leave(i)
        self.here[cell, into] += 1
        self.room[cell] -= 1
        self.entered[cell] = n
        self.credit[cell, into] = max(self.credit[cell, into] - PERSON, -PERSON)
        self._repace(cell)
        if not self.hot[link] and self.link[i] != link:
            self.calm[cell, into] -= PERSON
            crowd = CALM_PM2 * float(self.streets.links[link, AREA]) + 2
            if self.calm[cell, into] < 0 or self.here[cell].sum() > crowd:
                self._ask(link)
        self.link[i], self.cell[i], self.heading[i], self.past[i] = link, cell, into, 0
        self.state[i] = _STREET
        pace = int(self.was[cell])
        self.due[i] = self.clock[cell] + self._need(i, link) - spare * pace // TICKS
        beyond = int(self.clock[cell] - self.due[i])
        return beyond * TICKS // pace if beyond >= 0 else -1

    def _cut(self, n: int) -> None:
        for link in np.flatnonzero(self.asked).tolist():
            first, number = int(self.streets.links[link, FIRST]), int(self.streets.links[link, CELLS])
            last, clock = first + number - 1, int(self.clock[link])
            on = np.flatnonzero(self.link == link)
            whole = [self._need(i, link) for i in on.tolist()]
            for cell in range(first, last + 1):
                self._reset(cell, n)
            for heading, cell in ((0, first), (1, last)):
                self.credit[cell, heading] = self.credit[link, heading]
                self.at_cell[2 * cell + heading] = self.at_cell.pop(2 * link + heading, deque())
            self._reset(link, n)
            self.hot[link], self.asked[link] = True, False
            self._area = self._areas()
            for i, need in zip(on.tolist(), whole, strict=True):
                piece, left = self._need(i, link), max(0, int(self.due[i]) - clock)
                done = max(0, need - left)
                place = min(done // piece, number - 1)
                self.cell[i] = first + (number - 1 - place if self.heading[i] else place)
                self.due[i] = max(1, (place + 1) * piece - done) if left > 0 else 0
                self.here[self.cell[i], self.heading[i]] += 1
            for cell in range(first, last + 1):
                self._repace(cell)

    def _join(self, n: int) -> None:
        for link in np.flatnonzero(self.hot).tolist():
            first, number = int(self.streets.links[link, FIRST]), int(self.streets.links[link, CELLS])
            cells = range(first, first + number)
            if self.here[first : first + number].any() or any(
                self.at_cell.get(2 * cell + heading) for cell in cells for heading in range(2)
            ):
                continue
            self._make_whole(link, n)
