"""The way of one vehicle from here to there: roads that are still open when it gets there, and other ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from models.routing import Floats, Restriction, Router, Vehicle, alternatives, restricted, turn_costs
from networks.signals.plans.plan_file import read_signal_plans
from scenarios.emergency.ends import End
from scenarios.emergency.moment import Moment
from scenarios.emergency.passing import Passing, RoadsInTime
from scenarios.emergency.water import WaterAhead

if TYPE_CHECKING:
    from networks import City
    from scenarios.emergency.traffic import Traffic

SAME = 0.8
"""Ways that share more of their edges than this count as one."""


@dataclass(frozen=True)
class Journey:
    """One way.

    Attributes:
        edges: Road edges from the first to the last.
        entered_s: (edges,) s after leaving at which each is entered.
        length_m: Without the last edge, as the time.
        signals: Signals that are passed.
    """

    edges: tuple[str, ...]
    entered_s: Floats
    length_m: float
    signals: int

    @property
    def time_s(self) -> float:
        """From entering the first edge to entering the last."""
        return float(self.entered_s[-1])


@dataclass(frozen=True)
class Answer:
    """Ways, the best first; without any, why, and how near one gets.

    Attributes:
        journeys: The ways.
        dry_s: What the quickest way would take without water; infinite where there is none.
        reason: Why there is no way, or "".
        nearest: The edge next to the destination that is reached, and how far from it (m); None where there is a way.
    """

    journeys: tuple[Journey, ...]
    dry_s: float
    reason: str = ""
    nearest: tuple[str, float] | None = None


class Roads:
    """A city's roads for one vehicle: times, turns, bans and water.

    Args:
        city: The city.
        vehicle: Who drives.
        water: A flood run, or None.
        restrictions: Roads that some may not use.
        alarm: An edge counts as shut where water shuts it in so many of the members.
        traffic: What others make of the roads; where its times hold the waits at lights, turns cost none.
    """

    def __init__(
        self,
        city: City,
        vehicle: Vehicle,
        *,
        water: WaterAhead | None = None,
        restrictions: Sequence[Restriction] = (),
        alarm: float = 0.5,
        traffic: Traffic | None = None,
    ) -> None:
        self.city, self.vehicle, self.water, self.alarm = city, vehicle, water, alarm
        self.graph, self.restrictions = city.road_graph(vehicle.vclass), restrictions
        turns = city.turns(vehicle.vclass)
        self.traffic, waits = traffic, traffic is None or not traffic.holds_waits
        who = vehicle if waits else replace(vehicle, wait_share=0.0)
        self.turn_s = turn_costs(turns, read_signal_plans(city.net_file), who)
        self.router = Router(self.graph, self.turn_s)
        self.in_time = RoadsInTime(self.graph, vehicle, water, traffic, alarm=alarm)
        self.edge_s = self.in_time.free_s
        ends = zip(self.graph.conn_from.tolist(), self.graph.conn_to.tolist(), strict=True)
        self._signal = dict(zip(ends, turns.signal, strict=True))

    def plan(self, start: End, end: End, moment: Moment, *, most: int = 3) -> Answer:
        """Ways from `start` to `end`, leaving at `moment`; either direction of a road may be begun and ended on."""
        index = self.router.index
        starts, ends = ([index[edge] for edge in place.edges] for place in (start, end))
        banned = restricted(self.restrictions, index, self.vehicle, moment.hour, moment.day)
        passing = self.in_time.passing(banned, starts)
        best, reach, labels = None, np.zeros(self.router.edges, dtype=bool), np.full(self.router.edges, np.inf)
        for origin in starts:
            entered, before = self.router.times_at(origin, moment.depart_s, passing)
            reach |= np.isfinite(entered)
            for at in ends:
                if np.isfinite(entered[at]) and (best is None or entered[at] < best.time_s + moment.depart_s):
                    path = self.router.path(before, origin, at)
                    assert path is not None
                    best, labels = self._journey(path, entered[list(path)] - moment.depart_s), entered
        dry_s = self._quickest(banned, starts, ends, moment.depart_s, water=False)
        if best is None:
            return Answer((), dry_s, self._why(banned, starts, ends, moment.depart_s, dry_s), self._nearest(reach, end))
        return Answer(tuple([best, *self._others(best, banned, labels, moment.depart_s, most)][:most]), dry_s)

    def signals_on(self, edges: Sequence[int]) -> int:
        """How many signals a way of edges (by their place) passes."""
        return sum(bool(self._signal.get(pair)) for pair in _pairs(edges))

    def _others(self, best: Journey, banned: np.ndarray, labels: Floats, depart_s: float, most: int) -> list[Journey]:
        """Other ways that stay open for as long as one that may still be offered takes, timed as they are driven."""
        index = self.router.index
        origin, destination = index[best.edges[0]], index[best.edges[-1]]
        passing = self.in_time.passing(banned, [origin])
        latest = passing(np.full(self.router.edges, depart_s + 1.5 * best.time_s))
        edge_s = np.where(np.isfinite(latest), passing(np.where(np.isfinite(labels), labels, depart_s)), np.inf)
        self.router.routes.weigh(edge_s)
        found = alternatives(self.router.routes, origin, destination, most=most)
        kept: list[Journey] = []
        for way in found:
            one = self._journey(way.nodes, self._driven(way.nodes, passing, depart_s))
            if np.isfinite(one.time_s) and all(_shared(one, other) <= SAME for other in (best, *kept)):
                kept.append(one)
        return sorted(kept, key=lambda one: one.time_s)

    def _driven(self, nodes: Sequence[int], passing: Passing, depart_s: float) -> Floats:
        """Seconds after leaving at which each edge of a way is entered."""
        entered = [0.0]
        for i, j in _pairs(nodes):
            taken = passing(np.full(self.router.edges, depart_s + entered[-1]))[i]
            entered.append(entered[-1] + float(taken) + self._turn(i, j))
        return np.array(entered)

    def _journey(self, nodes: Sequence[int], entered_s: Floats) -> Journey:
        length = np.asarray(self.graph.length_m)[list(nodes)]
        return Journey(self.router.ids(nodes), entered_s, float(length[:-1].sum()), self.signals_on(nodes))

    def _turn(self, tail: int, head: int) -> float:
        turns = self.router.turns
        low, high = turns.indptr[tail], turns.indptr[tail + 1]
        return float(turns.turn_s[low + np.searchsorted(turns.head[low:high], head)])

    def _quickest(
        self, banned: np.ndarray, starts: Sequence[int], ends: Sequence[int], depart_s: float,
        *, water: bool = True, traffic: bool = True,
    ) -> float:  # fmt: skip
        passing = self.in_time.passing(banned, starts, water=water, traffic=traffic)
        entered = [self.router.times_at(origin, depart_s, passing)[0][list(ends)].min() for origin in starts]
        return float(min(entered)) - depart_s

    def _why(
        self, banned: np.ndarray, starts: Sequence[int], ends: Sequence[int], depart_s: float, dry_s: float
    ) -> str:
        if np.isfinite(dry_s):
            return "water shuts every way before it would be passed"
        if np.isfinite(self._quickest(banned, starts, ends, depart_s, water=False, traffic=False)):
            return "every way is closed in the traffic by then"
        free = np.zeros_like(banned)
        if banned.any() and np.isfinite(self._quickest(free, starts, ends, depart_s, water=False, traffic=False)):
            return f"every way has a restriction for {self.vehicle.name}"
        return "no road leads there"

    def _nearest(self, reach: np.ndarray, end: End) -> tuple[str, float]:
        away = np.hypot(*(np.asarray(self.router.turns.xy) - (end.x, end.y)).T)
        at = int(np.argmin(np.where(reach, away, np.inf)))
        return self.graph.edge_ids[at], float(away[at])


def _pairs(nodes: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(nodes))


def _shared(one: Journey, other: Journey) -> float:
    return len(set(one.edges) & set(other.edges)) / max(1, min(len(one.edges), len(other.edges)))
