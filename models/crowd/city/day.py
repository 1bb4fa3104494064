"""A day of visitors: they come, walk to an attraction, wait at its gate, stay, walk on, and go home."""

from __future__ import annotations

import numpy as np

from models.crowd.city.attractions import LOOK_S, Attractions
from models.crowd.city.city_crowd import CityCrowd
from models.crowd.city.controls.controls import Controls
from models.crowd.city.controls.gates import with_gates
from models.crowd.city.controls.guide import Guide
from models.crowd.city.controls.measures import Line, Shuttle, Signs
from models.crowd.city.controls.wishes import Wishes, wishes_under
from models.crowd.city.people import MOST_VISITS, DayPeople, Sources
from models.crowd.city.site_table import SiteTable, Taste, choose
from models.crowd.city.walkers import NODE
from networks import WalkGraph
from networks.errors import BadInput

_HOME = -2


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
        controls: What is done about the day; None: nothing.
        lines: Runs by which people get home from some sources.
        more: Passed to `CityCrowd`.

    Attributes:
        shut: Links that are closed whatever measures there are, bool, shape (links,).
        at_home: How many have gone back to where they came from.
        present_s: Time between setting out and being back, over all (person-seconds).

    Raises:
        BadInput: A site or a source off the network, or no site at all.
    """

    def __init__(
        self, graph: WalkGraph, sources: Sources, sites: SiteTable, people: DayPeople, *, taste: Taste | None = None,
        closes_s: float = 10 * 3600.0, rain_s: tuple[float, float] | None = None,
        one_out_one_in: bool | np.ndarray = False, controls: Controls | None = None, lines: tuple[Line, ...] = (),
        **more: object,
    ) -> None:  # fmt: skip
        _check(graph, sources, sites)
        controls = controls or Controls()
        controls.fit(
            len(graph.length_m), len(graph.node_x), len(sites), len(sources.kind), tuple(one.source for one in lines)
        )  # fmt: skip
        self.wishes: Wishes = wishes_under(controls, people)
        people = self.wishes.people
        sites, one_out_one_in = with_gates(sites, controls, one_out_one_in)
        self.sources, self.sites, self.people, self.taste = sources, sites, people, taste or Taste()
        self.closes_s, self.rain_s = closes_s, rain_s
        self.one_out_one_in = one_out_one_in
        self.holds = sites.holds(self.taste.area_per_person_m2)
        groups = len(people.taste_u)
        self.visit = np.zeros(groups, dtype=np.int8)
        self._next = np.full((groups, MOST_VISITS + 1), -1, dtype=np.int16)
        self._stage = np.zeros(len(people), dtype=np.int8)
        self._at = np.full(len(people), -1, dtype=np.int16)
        super().__init__(
            graph,
            people.plans(sources, np.full(len(people), sites.node[0])),
            goals=np.concatenate([sites.nodes, sources.node, [one.from_node for one in controls.of(Shuttle)]]),
            kinds=2 if controls.of(Signs) else 1,
            **more,  # type: ignore[arg-type]
        )
        self.shut = np.zeros(len(graph.length_m), dtype=bool)
        self.attractions = Attractions(self, sites, people)
        self._walk_s = self._walks()
        self._wish = np.zeros(groups, dtype=np.int64)
        self._wish[people.party] = np.minimum(people.visits, MOST_VISITS)
        self.guide = Guide(self, people, controls, lines)
        self.at_home, self.present_s = 0, 0.0
        self._sent, self._looks = 0, 0

    def live(self, until_s: float) -> None:
        """The day up to `until_s` (s), a multiple of LOOK_S."""
        steps = round(LOOK_S / self.streets.step_s)
        while self.now_s < until_s - 1e-6:
            if self.guide.begin():
                self.close(self.shut)
            self._set_out()
            self.walk(steps)
            self._looks += 1
            self._look()

    def _look(self) -> None:
        self.present_s += (self._sent - self.at_home) * LOOK_S
        self.guide.look(self._looks, LOOK_S)
        who = self.guide.arrived(self.take_arrived())
        site = self._at[who].astype(np.int64)
        here = site >= 0
        self.at_home += int((~here).sum())
        self.guide.come_home(who[~here])
        self.attractions.come(who[here], site[here])
        who, site = self.attractions.let_out(self._looks)
        if len(who):
            self._send_on(who, self.sites.node[site], leaving=site)
        if self.sites.opening is not None:
            who, site = self.attractions.turn_away(self.sites.opening.over(self.now_s))
            if len(who):
                self._send_on(who, self.node[who])
        room = np.where(self.one_out_one_in, np.maximum(0, self.holds - self.attractions.inside), np.inf)
        self.attractions.admit(self._looks, self.now_s, room, self.visit)

    def _set_out(self) -> None:
        """Choose the first site of those who arrive in the city before the next look."""
        due = int(np.searchsorted(self.people.arrive_s, self.now_s + LOOK_S, side="left"))
        if due > self._sent:
            who = np.arange(self._sent, due, dtype=np.int32)
            self._sent = due
            self._send_on(who, self.sources.node[self.people.source[who]], self.people.arrive_s[who])

    def close(self, closed: np.ndarray) -> None:
        """See `CityCrowd.close`; sites that no open way leads to are chosen no more."""
        self.shut = np.array(closed, dtype=bool)
        super().close(self.shut | self.guide.shut)
        self._walk_s = self._walks()
        self.guide.look_ahead()

    def _walks(self) -> np.ndarray:
        """Walking time to the nearest gate of each site from each node (s), shape (kinds, nodes, sites)."""
        gates, ways = self.sites.gates or tuple((int(node),) for node in self.sites.node), self.routes
        at = [[ways.destination(np.array(one), kind) for one in gates] for kind in range(ways.kinds)]
        return np.array([np.stack([ways.cost_s[rows].min(axis=0) for rows in one], axis=1) for one in at])

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
        when = np.full(len(who), self.now_s) if when_s is None else when_s
        self.guide.lead(who, goal, when, home & (stage > 0))

    def _decide(self, party: np.ndarray, stage: np.ndarray, node: np.ndarray) -> None:
        """Where the groups go that have not chosen yet, seen from where their first member stands."""
        open_ = np.flatnonzero(self._next[party, stage] == -1)
        if not len(open_):
            return
        first, row = np.unique(party[open_], return_index=True)
        lead = open_[row]
        stages = stage[lead].astype(np.int64)
        chosen = np.full(len(first), _HOME, dtype=np.int64)
        on = np.flatnonzero((stages < self._wish[first]) & (self.now_s < self.closes_s))
        if len(on):
            drawn = choose(self._utility(first[on], node[lead[on]]), self.people.taste_u[first[on], stages[on]])
            chosen[on] = np.where(drawn < 0, _HOME, drawn)
        self._next[first, stages] = chosen

    def _utility(self, groups: np.ndarray, node: np.ndarray) -> np.ndarray:
        """Utility of every site for groups that stand at `node` and have seen some of them, shape (groups, sites)."""
        now = self.now_s
        raining = self.rain_s is not None and self.rain_s[0] <= now < self.rain_s[1]
        there = self.attractions.inside + self.attractions.queue
        walk_s = self._walk_s[self.guide.kind(groups), node]
        if self.sites.opening is not None:
            walk_s = walk_s + self.sites.opening.wait_s(now + walk_s)
        utility = self.taste.utility(self.sites, walk_s, there, raining=raining)
        seen = self._next[groups]
        for k in range(MOST_VISITS):
            known = np.flatnonzero(seen[:, k] >= 0)
            utility[known, seen[known, k]] = -np.inf
        return utility

    def visits_made(self) -> np.ndarray:
        """Sites that each group has gone to, int, shape (groups,)."""
        return np.asarray((self._next >= 0).sum(axis=1))


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
