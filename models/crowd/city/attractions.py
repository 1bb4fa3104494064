"""Attractions in a day: lines at their gates, people inside, and when each of them leaves."""

from __future__ import annotations

from collections import defaultdict, deque

import mesa
import numpy as np

from models.crowd.city.people import MOST_VISITS, DayPeople
from models.crowd.city.site_table import SiteTable

LOOK_S = 10.0
"""How often gates open and stays end (s)."""


class Attractions(mesa.Agent):
    """All attractions as one Mesa agent: queues at the gates, people inside, and who leaves when.

    Attributes:
        inside: People inside each, int, shape (sites,).
        queue: People at each gate, int, shape (sites,).
        visits: Visits begun at each, int, shape (sites,).
        visit_s: Time spent inside (person-seconds), shape (sites,).
        wait_s: Time spent at gates (person-seconds), shape (sites,).
        most: Most people inside at one time, int, shape (sites,).
    """

    def __init__(self, model: mesa.Model, sites: SiteTable, people: DayPeople) -> None:
        super().__init__(model)
        self.sites, self.people, count = sites, people, len(sites)
        self.inside, self.queue, self.visits, self.most = (np.zeros(count, dtype=np.int64) for _ in range(4))
        self.visit_s, self.wait_s, self._credit = (np.zeros(count) for _ in range(3))
        self._gates: list[deque[np.ndarray]] = [deque() for _ in range(count)]
        self._leaving: dict[int, list[np.ndarray]] = defaultdict(list)
        self._within = np.full(len(people), -1, dtype=np.int16)

    def come(self, who: np.ndarray, site: np.ndarray) -> None:
        """People stand in line at the gates of their sites, in the order given."""
        order = np.argsort(site, kind="stable")
        for first, beyond in _runs(site[order]):
            at, line = int(site[order[first]]), who[order[first:beyond]]
            self._gates[at].append(line)
            self.queue[at] += len(line)

    def admit(self, look: int, now_s: float, room: np.ndarray, visit: np.ndarray) -> None:
        """Let in as many as gates allow, and `room` (persons, shape (sites,)); the rest wait on.

        `visit` tells the number of each group's visit, from 0, shape (groups,).
        """
        sites = self.sites
        self.wait_s += self.queue * LOOK_S
        self._credit = np.minimum(self._credit + sites.gate_ps * LOOK_S, sites.gate_ps * LOOK_S + 1.0)
        allowed = np.minimum(np.minimum(self._credit, room), self.queue).astype(np.int64)
        if sites.opening is not None:
            allowed[~sites.opening.is_open(now_s)] = 0
        some = np.flatnonzero(allowed > 0)
        if len(some):
            who = np.concatenate([part for at in some.tolist() for part in self._first(at, int(allowed[at]))])
            self._stay(look, now_s, np.repeat(some, allowed[some]), who, visit)
        self._credit -= allowed
        self.queue -= allowed
        self.most = np.maximum(self.most, self.inside)

    def _first(self, at: int, count: int) -> list[np.ndarray]:
        """Take so many from the head of a line, which is at least as long."""
        line, taken = self._gates[at], []
        while count > 0:
            part = line.popleft()
            if len(part) > count:
                line.appendleft(part[count:])
                part = part[:count]
            taken.append(part)
            count -= len(part)
        return taken

    def _stay(self, look: int, now_s: float, at: np.ndarray, who: np.ndarray, visit: np.ndarray) -> None:
        party, count = self.people.party[who], len(self.inside)
        normal = self.people.stay_z[party, np.minimum(visit[party], MOST_VISITS - 1)]
        stay = self.sites.stay_s(at, normal)
        if self.sites.opening is not None:
            stay = self.sites.opening.stay_s(at, now_s, stay, normal)
        entered = np.bincount(at, minlength=count)
        self.inside += entered
        self.visits += entered
        self.visit_s += np.bincount(at, weights=stay, minlength=count)
        self._within[who] = at
        ends = look + np.maximum(1, np.ceil(stay / LOOK_S)).astype(np.int64)
        order = np.argsort(ends, kind="stable")
        who, ends = who[order], ends[order]
        for first, beyond in _runs(ends):
            self._leaving[int(ends[first])].append(who[first:beyond])

    def turn_away(self, over: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Who stands at gates that have closed for good (`over`, bool, (sites,)), and at which, shape (n,) each."""
        shut = np.flatnonzero(over & (self.queue > 0))
        site, who = np.repeat(shut, self.queue[shut]), [part for at in shut.tolist() for part in self._gates[at]]
        for at in shut.tolist():
            self._gates[at].clear()
        self.queue[shut] = 0
        return (np.concatenate(who) if who else np.empty(0, dtype=np.int32)), site

    def let_out(self, look: int) -> tuple[np.ndarray, np.ndarray]:
        """Who leaves now, and the site that each leaves, shape (n,) each."""
        ends = self._leaving.pop(look, [])
        if not ends:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        who = np.concatenate(ends)
        site = self._within[who].astype(np.int64)
        self.inside -= np.bincount(site, minlength=len(self.inside))
        return who, site


def _runs(values: np.ndarray) -> list[tuple[int, int]]:
    """First and one beyond the last of each run of equal values."""
    if not len(values):
        return []
    bounds = np.flatnonzero(values[1:] != values[:-1]) + 1
    return list(zip([0, *bounds.tolist()], [*bounds.tolist(), len(values)], strict=True))
