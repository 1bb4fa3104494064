"""A day of visitors: they come, walk to an attraction, wait at its gate, stay, walk on, and go home."""

from __future__ import annotations

from collections import defaultdict

import mesa
import numpy as np

from models.crowd.city.city_crowd import CityCrowd
from models.crowd.city.people import MOST_VISITS, DayPeople, Sources
from models.crowd.city.site_table import SiteTable, Taste, choose
from models.crowd.city.walkers import NODE
from networks import WalkGraph
from networks.errors import BadInput

LOOK_S = 10.0
"""How often gates open and stays end (s)."""
_HOME = -2


class Attractions(mesa.Agent):
    """All attractions as one Mesa agent: queues at the gates, people inside, and who goes where next.

    Attributes:
        inside: People inside each, int, shape (sites,).
        queue: People at each gate, int, shape (sites,).
        visits: Visits begun at each, int, shape (sites,).
        visit_s: Time spent inside (person-seconds), shape (sites,).
        wait_s: Time spent at gates (person-seconds), shape (sites,).
        most: Most people inside at one time, int, shape (sites,).
    """

    def __init__(self, model: CityDay) -> None:
        super().__init__(model)
        count = len(model.sites)
        self.inside, self.queue, self.visits, self.most = (np.zeros(count, dtype=np.int64) for _ in range(4))
        self.visit_s, self.wait_s, self._credit = (np.zeros(count) for _ in range(3))
        self._gates: list[list[np.ndarray]] = [[] for _ in range(count)]
        self._leaving: dict[int, list[tuple[int, np.ndarray]]] = defaultdict(list)

    def come(self, who: np.ndarray, site: np.ndarray) -> None:
        """People stand in line at the gates of their sites, in the order given."""
        for at in np.unique(site).tolist():
            line = who[site == at]
            self._gates[at].append(line)
            self.queue[at] += len(line)

    def admit(self, look: int, model: CityDay) -> None:
        """Let in as many as gates and capacities allow; the rest wait on."""
        sites, holds = model.sites, model.holds
        self.wait_s += self.queue * LOOK_S
        self._credit = np.minimum(self._credit + sites.gate_ps * LOOK_S, sites.gate_ps * LOOK_S + 1.0)
        room = np.where(model.one_out_one_in, np.maximum(0, holds - self.inside), np.inf)
        allowed = np.minimum(np.minimum(self._credit, room), self.queue).astype(np.int64)
        if sites.opening is not None:
            allowed[~sites.opening.is_open(model.now_s)] = 0
        for at in np.flatnonzero(allowed > 0).tolist():
            line = np.concatenate(self._gates[at])
            enter, self._gates[at] = line[: allowed[at]], [line[allowed[at] :]]
            self._stay(look, at, enter, model)
        self._credit -= allowed
        self.queue -= allowed
        self.most = np.maximum(self.most, self.inside)

    def _stay(self, look: int, at: int, who: np.ndarray, model: CityDay) -> None:
        party, day = model.people.party[who], model.people
        place = np.minimum(model.visit[party], MOST_VISITS - 1)
        stay = model.sites.stay_s(np.full(len(who), at), day.stay_z[party, place])
        if model.sites.opening is not None:
            stay = model.sites.opening.stay_s(at, model.now_s, stay, day.stay_z[party, place])
        self.inside[at] += len(who)
        self.visits[at] += len(who)
        self.visit_s[at] += stay.sum()
        ends = look + np.maximum(1, np.ceil(stay / LOOK_S)).astype(np.int64)
        order = np.argsort(ends, kind="stable")
        when, first = np.unique(ends[order], return_index=True)
        for end, group in zip(when.tolist(), np.split(who[order], first[1:]), strict=True):
            self._leaving[end].append((at, group))

    def turn_away(self, over: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Who stands at gates that have closed for good (`over`, bool, (sites,)), and at which, shape (n,) each."""
        shut = np.flatnonzero(over & (self.queue > 0))
        who = [np.concatenate(self._gates[at]) for at in shut.tolist()]
        for at in shut.tolist():
            self._gates[at], self.queue[at] = [], 0
        return (np.concatenate(who) if who else np.empty(0, dtype=np.int32)), np.repeat(shut, [len(one) for one in who])

    def let_out(self, look: int) -> tuple[np.ndarray, np.ndarray]:
        """Who leaves now, and the site that each leaves, shape (n,) each."""
        ends = self._leaving.pop(look, [])
        if not ends:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int64)
        who = np.concatenate([group for _, group in ends])
        site = np.repeat([at for at, _ in ends], [len(group) for _, group in ends])
        np.subtract.at(self.inside, site, 1)
        return who, site


class CityDay(CityCrowd):
    """`CityCrowd` with attractions: what people do from their arrival in the city until they are back at the source.

    Where a group goes next is a multinomial logit over attraction, walking time, crowding and weather, drawn when its
    first member is free; the others follow. A site is visited once. Who has seen enough, finds nothing open or is late
    goes back to where it came from.

    Args:
        graph: The walk graph.
        sources: Where people come from.
        sites: The attractions.
        people: Who comes; see `draw_people`.
        taste: What they weigh.
        closes_s: From then on (s after the run's start) everybody who is free goes home.
        rain_s: (from, to) when it rains (s), or None.
        one_out_one_in: Whether each site admits nobody beyond its capacity, bool, shape (sites,) or one for all.
        more: Passed to `CityCrowd`.

    Raises:
        BadInput: A site or a source off the network, or no site at all.
    """

    def __init__(
        self, graph: WalkGraph, sources: Sources, sites: SiteTable, people: DayPeople, *, taste: Taste | None = None,
        closes_s: float = 10 * 3600.0, rain_s: tuple[float, float] | None = None,
        one_out_one_in: bool | np.ndarray = False, **more: object,
    ) -> None:  # fmt: skip
        _check(graph, sources, sites)
        self.sources, self.sites, self.people, self.taste = sources, sites, people, taste or Taste()
        self.closes_s, self.rain_s = closes_s, rain_s
        self.one_out_one_in = np.broadcast_to(np.asarray(one_out_one_in), (len(sites),))
        self.holds = sites.holds(self.taste.area_per_person_m2)
        groups = len(people.taste_u)
        self.visit = np.zeros(groups, dtype=np.int8)
        self._next = np.full((groups, MOST_VISITS + 1), -1, dtype=np.int16)
        self._stage = np.zeros(len(people), dtype=np.int8)
        self._at = np.full(len(people), -1, dtype=np.int16)
        super().__init__(
            graph,
            people.plans(sources, np.full(len(people), sites.node[0])),
            goals=np.concatenate([sites.nodes, sources.node]),
            **more,  # type: ignore[arg-type]
        )
        self.attractions = Attractions(self)
        self._walk_s = self._walks()
        self._sent, self._looks = 0, 0

    def live(self, until_s: float) -> None:
        """The day up to `until_s` (s), a multiple of LOOK_S."""
        steps = round(LOOK_S / self.streets.step_s)
        while self.now_s < until_s - 1e-6:
            self._set_out()
            self.walk(steps)
            self._looks += 1
            self._look()

    def _look(self) -> None:
        who = self.take_arrived()
        site = self._at[who].astype(np.int64)
        here = site >= 0
        self.attractions.come(who[here], site[here])
        who, site = self.attractions.let_out(self._looks)
        if len(who):
            self._send_on(who, self.sites.node[site], leaving=site)
        if self.sites.opening is not None:
            who, site = self.attractions.turn_away(self.sites.opening.over(self.now_s))
            if len(who):
                self._send_on(who, self.node[who])
        self.attractions.admit(self._looks, self)

    def _set_out(self) -> None:
        """Choose the first site of those who arrive in the city before the next look."""
        due = int(np.searchsorted(self.people.arrive_s, self.now_s + LOOK_S, side="left"))
        if due > self._sent:
            who = np.arange(self._sent, due, dtype=np.int32)
            self._sent = due
            self._send_on(who, self.sources.node[self.people.source[who]], self.people.arrive_s[who])

    def close(self, closed: np.ndarray) -> None:
        """See `CityCrowd.close`; sites that no open way leads to are chosen no more."""
        super().close(closed)
        self._walk_s = self._walks()

    def _walks(self) -> np.ndarray:
        """Walking time to the nearest gate of each site from each node (s), shape (sites, nodes)."""
        gates = self.sites.gates or tuple((int(node),) for node in self.sites.node)
        return np.stack([self.routes.cost_s[self.routes.destination(np.array(one))].min(axis=0) for one in gates])

    def _nearest_gate(self, site: np.ndarray, node: np.ndarray) -> np.ndarray:
        """The gate (node) of each person's site that is nearest from, or to, a node."""
        found = self.sites.node[site].copy()
        for at in np.unique(site).tolist() if self.sites.gates else ():
            gates = np.array(self.sites.gates[at])
            if len(gates) > 1:
                mine = site == at
                found[mine] = gates[self.routes.cost_s[self.routes.destination(gates)][:, node[mine]].argmin(axis=0)]
        return found

    def _send_on(
        self, who: np.ndarray, node: np.ndarray, when_s: np.ndarray | None = None, leaving: np.ndarray | None = None
    ) -> None:
        """Send people to where they want to go next from `node`; `leaving`: the sites that they go out of."""
        party, stage = self.people.party[who], self._stage[who]
        self._decide(party, stage, node)
        site = self._next[party, stage].astype(np.int64)
        home = site < 0
        self._at[who] = np.where(home, _HOME, site)
        self._stage[who] = np.minimum(stage + 1, MOST_VISITS)
        goal = self.sources.node[self.people.source[who]]
        goal[~home] = self._nearest_gate(site[~home], node[~home])
        if leaving is not None and self.sites.gates:
            self.walkers.people[who, NODE] = self._nearest_gate(leaving, goal)
        np.maximum.at(self.visit, party, stage)
        self.send(who, goal, np.full(len(who), self.now_s) if when_s is None else when_s)

    def _decide(self, party: np.ndarray, stage: np.ndarray, node: np.ndarray) -> None:
        """Where the groups go that have not chosen yet, seen from where their first member stands."""
        first = np.unique(party[self._next[party, stage] == -1], return_index=False)
        if not len(first):
            return
        row = np.full(int(first.max()) + 1, -1)
        open_ = np.flatnonzero(self._next[party, stage] == -1)
        row[party[open_][::-1]] = open_[::-1]
        lead = row[first]
        now, stages = self.now_s, stage[lead].astype(np.int64)
        raining = self.rain_s is not None and self.rain_s[0] <= now < self.rain_s[1]
        there = self.attractions.inside + self.attractions.queue
        walk_s = self._walk_s[:, node[lead]].T
        if self.sites.opening is not None:
            walk_s = walk_s + self.sites.opening.wait_s(now + walk_s)
        utility = self.taste.utility(self.sites, walk_s, there, raining=raining)
        seen = self._next[first]
        for k in range(MOST_VISITS):
            known = np.flatnonzero(seen[:, k] >= 0)
            utility[known, seen[known, k]] = -np.inf
        chosen = choose(utility, self.people.taste_u[first, np.minimum(stages, MOST_VISITS - 1)])
        enough = np.zeros(len(self._next), dtype=np.int64)
        enough[self.people.party] = self.people.visits
        stops = (stages >= enough[first]) | (now >= self.closes_s) | (chosen < 0)
        self._next[first, stages] = np.where(stops, _HOME, chosen)

    @property
    def at_home(self) -> int:
        """How many have gone back to where they came from."""
        return int(((self._at == _HOME) & np.isfinite(self.walkers.arrive_s)).sum())


def _check(graph: WalkGraph, sources: Sources, sites: SiteTable) -> None:
    nodes = len(graph.node_x)
    for what, given in (("attraction", sites.node), ("a gate, number", sites.nodes), ("source", sources.node)):
        off = np.flatnonzero((given < 0) | (given >= nodes))
        if len(off):
            raise BadInput(
                f"{what} {int(off[0])} is at node {given[off[0]]}, which the walk graph does not have",
                expected=f"0 to {nodes - 1}",
                remedy="move its gate onto a footway, or draw the footway that leads to it",
            )
    if not len(sites):
        raise BadInput("there is no attraction", expected="one at least")
