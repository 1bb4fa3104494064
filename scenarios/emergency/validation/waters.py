"""Drives into water that is foretold, and into water that is not what was foretold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.check import Check
from models.emergency.dispatching import LiveRoads, Outlook, RoadTimes
from models.routing import Floats, Router, vehicle
from models.streams import stream
from networks import City

LASTS_S, WORLDS, MEMBERS, DRIVES = 5400.0, 10, 40, 200
"""The storm; worlds that happen; members that foretell; drives in each world."""
WET = 0.08
"""Share of the roads that may shut."""
ALARM = 0.02
"""A road is avoided where so many of the members shut it by then."""


@dataclass(frozen=True)
class _Score:
    drives: int = 0
    met: int = 0
    refused: int = 0
    needless: int = 0

    def per(self, count: int) -> float:
        return 1e4 * count / max(1, self.drives)


def waters(city: City) -> Iterator[Check]:
    """An ambulance on a city's streets that shut one after the other, as drawn: no flood is computed for this.

    Low roads shut when the rain has filled them; worlds differ in their rain, in when it begins, and road by road.
    """
    who = vehicle("ambulance")
    graph = city.road_graph(who.vclass)
    dry = np.where(np.asarray(graph.allowed, dtype=bool), who.edge_s(graph), np.inf)
    foretold = shut_times(dry, MEMBERS, "foretold")
    true = shut_times(dry, WORLDS, "true")
    name = f"{WORLDS} floods on {city.name}, {WORLDS * DRIVES} drives"
    right, hidden, blind = _Score(), _Score(), _Score()
    for world in range(WORLDS):
        roads = RoadTimes.closing(dry, true[world])
        starts, ends, departs = _drawn(dry, true[world], world)
        right = _driven(right, LiveRoads(graph, roads, outlook=Outlook(true[world : world + 1])), starts, ends, departs)
        hidden = _driven(hidden, LiveRoads(graph, roads, outlook=Outlook(foretold, ALARM)), starts, ends, departs)
        blind = _driven(blind, LiveRoads(graph, roads), starts, ends, departs)
    yield Check(name, "verification", "forecast true: met water, of 10^4", right.per(right.met), 0.0)
    yield Check(name, "verification", "forecast true: needless refusals", right.per(right.needless), 0.0)
    yield Check(name, "verification", "hidden flood: met water, of 10^4", hidden.per(hidden.met), None)
    yield Check(name, "verification", "hidden flood: needless refusals", hidden.per(hidden.needless), 100.0)
    yield Check(name, "verification", "no forecast: met water, of 10^4", blind.per(blind.met), None)


def shut_times(dry_s: Floats, worlds: int, name: str) -> Floats:
    """(worlds, edges) s at which each edge shuts, infinite where never.

    Depth rises evenly from a world's begin to a road's own greatest depth times the world's rain; it shuts at .3 m.
    """
    draw, town = stream(5, f"validation {name}"), stream(5, "validation town")
    low = town.random(len(dry_s)) < WET
    deepest = np.where(low, town.uniform(0.1, 0.9, len(dry_s)), 0.0)
    rain = draw.lognormal(0.0, 0.15, (worlds, 1)) * draw.lognormal(0.0, 0.05, (worlds, len(dry_s)))
    begin = draw.normal(900.0, 120.0, (worlds, 1))
    depth = deepest * rain
    share = np.divide(0.3, depth, out=np.full_like(depth, np.inf), where=depth > 0)
    return np.where(share <= 1.0, np.maximum(begin + share * (LASTS_S - 900.0), 0.0), np.inf)


def _drawn(dry_s: Floats, shut_s: Floats, world: int) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Drives between roads that water never shuts, at any moment of the storm."""
    draw = stream(world, "validation drives")
    able = np.flatnonzero(np.isfinite(dry_s) & ~np.isfinite(shut_s))
    return draw.choice(able, DRIVES), draw.choice(able, DRIVES), draw.uniform(0.0, LASTS_S, DRIVES)


def _driven(score: _Score, live: LiveRoads, starts: np.ndarray, ends: np.ndarray, departs: Floats) -> _Score:
    met = refused = needless = 0
    for start, end, depart_s in zip(starts.tolist(), ends.tolist(), departs.tolist(), strict=True):
        drive = live.drive(start, end, depart_s)
        if drive is None:
            refused += 1
            needless += bool(np.isfinite(soonest(live, start, depart_s)[end]))
        elif drive.shut >= 0:
            met += 1
    return _Score(score.drives + len(starts), score.met + met, score.refused + refused, score.needless + needless)


def soonest(live: LiveRoads, start: int, depart_s: float) -> Floats:
    """(edges,) earliest moments of entering each road for somebody who knows the truth: searched, not planned."""
    router: Router = live.router
    return router.times_at(start, depart_s, live.true.at)[0]
