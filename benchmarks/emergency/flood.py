"""Routes planned on an ensemble of floods and judged on a hidden true one: `python -m benchmarks.emergency flood`.

Central Helsinki with its terrain taken as surveyed to 0.1 m (it is interpolated: the figures are about planning, not
about Helsinki). The planner has an ensemble (rain, roughness, drains, terrain error drawn as `twin flood run` draws
them), moved by what gauges on roads read when the unit leaves and ten minutes before. The true floods are drawn from
another seed and never seen. A call is a station, a moment, a class and a place. The planner goes down LEVELS until a
way is found: first far below the limit in every member, then nearer to it, then with some chance of too deep water. How
far down it goes before it refuses is chosen on true floods of a third seed by what it costs.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.emergency.floods import EVERY_M, Floods, floods
from models import stream
from models.routing import Router, turn_costs, vehicle
from networks import City, build_city, demo_extract
from networks.signals.plans.plan_file import read_signal_plans
from scenarios.emergency.depth_forecast import DepthForecast, Risk, SafeReach, safe_reach

GAUGE_ERROR_M = 0.03
"""What a reading is held against the members with: the gauge's own error and a little for what members do not have."""
CLASSES = ("ambulance", "fire_engine")
STATIONS, AHEAD_S = 6, 900.0
LEAVES_S = np.arange(900.0, 4501.0, 600.0)
LEVELS = (
    (0.0, 0.15), (0.0, 0.1), (0.0, 0.07), (0.0, 0.05), (0.0, 0.03), (0.0, 0.015), (0.0, 0.0), (0.05, 0.0), (0.1, 0.0),
    (0.2, 0.0), (0.35, 0.0), (0.5, 0.0),
)  # fmt: skip
"""Greatest chance of too deep water on a road, and how far below the limit it must stay (m)."""
MOST_VIOLATIONS, MOST_NEEDLESS = 10.0, 100.0
"""Of 10,000 calls."""


@dataclass(frozen=True)
class Score:
    """Counts over calls; a needless refusal is one where an oracle that knows the truth has a way."""

    calls: int = 0
    violations: int = 0
    needless: int = 0
    refused: int = 0
    extra_s: float = 0.0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))

    def per(self, count: int) -> float:
        """So many of 10,000 calls."""
        return 1e4 * count / max(self.calls, 1)

    @property
    def cost(self) -> float:
        """The worse of both goals' shares; where that is alike, their sum."""
        both = self.per(self.violations) / MOST_VIOLATIONS, self.per(self.needless) / MOST_NEEDLESS
        return max(both) + 0.01 * sum(both)

    def told(self) -> str:
        """A table's cells."""
        return " | ".join(f"{self.per(n):.1f}" for n in (self.violations, self.needless, self.refused))


class Desk:
    """Who plans, with an ensemble.

    Args:
        city: The city.
        ensemble: What is foretold.
        gauges: Roads (edges) that have one.
    """

    def __init__(self, city: City, ensemble: Floods, gauges: np.ndarray) -> None:
        self.ensemble, self.gauges = ensemble, gauges
        self.forecast = DepthForecast(ensemble.times_s, ensemble.depth_m)
        self.roads: dict[str, tuple[Router, np.ndarray, float]] = {}
        plans = read_signal_plans(city.net_file)
        for name in CLASSES:
            who = vehicle(name)
            graph = city.road_graph(who.vclass)
            router = Router(graph, turn_costs(city.turns(who.vclass), plans, who))
            self.roads[name] = router, who.edge_s(graph), who.depth_limit_m
        reached = np.isfinite(router.times_from(range(0, router.edges, 7), router.free_s)).mean(axis=0)
        self.places = np.flatnonzero(reached > 0.5)
        self.stations = stream(0, "stations").choice(self._dry_places(), STATIONS, replace=False)

    def _dry_places(self) -> np.ndarray:
        """Where a unit may be stationed: from there most of the city is reached however much water is foretold."""
        router, _, limit_m = self.roads[CLASSES[0]]
        wet = (self.ensemble.depth_m > np.float32(limit_m)).any(axis=(0, 1))
        open_s = np.where(wet, np.inf, router.free_s)
        reach = np.isfinite(router.times_from(self.places, open_s)).sum(axis=1)
        return self.places[(reach >= 0.8 * reach.max()) & ~wet[self.places]]

    def judge(self, truths: Floods, calls: int, seed: int) -> list[Score]:
        """The same calls, spread over the true floods, for a planner that goes down one level, two levels, ..."""
        each, total = calls // len(truths.depth_m), [Score() for _ in LEVELS]
        for world in range(len(truths.depth_m)):
            draw = stream(seed * 1000 + world, "calls")
            asked = draw.choice(self.stations, each), draw.choice(LEAVES_S, each), draw.choice(CLASSES, each)
            places, true = draw.choice(self.places, each), truths.only(world)
            shape = len(truths.times_s), len(self.gauges)
            read_m = true.depth_m[0][:, self.gauges] + stream(seed * 1000 + world, "gauges").normal(0.0, EVERY_M, shape)
            for leave_s, name in product(LEAVES_S.tolist(), CLASSES):
                foretold = self._foretold(read_m, leave_s)
                for station in self.stations.tolist():
                    mine = places[(asked[0] == station) & (asked[1] == leave_s) & (asked[2] == name)]
                    for n, score in enumerate(self._calls(foretold, true, name, station, leave_s, mine.tolist())):
                        total[n] = total[n] + score
        return total

    def _calls(
        self, foretold: DepthForecast, true: Floods, name: str, station: int, leave_s: float, places: list[int]
    ) -> list[Score]:
        router, edge_s, limit_m = self.roads[name]
        real = DepthForecast(true.times_s, true.depth_m).risk(limit_m)
        right = safe_reach(router, edge_s, real, station, leave_s)
        levels = [
            safe_reach(router, edge_s, foretold.risk(limit_m - margin), station, leave_s, alarm)
            for alarm, margin in LEVELS
        ]
        total = [Score() for _ in LEVELS]
        for place in places:
            plan = levels[0]
            for n, level in enumerate(levels):
                plan = plan if np.isfinite(plan.entered_s[place]) else level
                total[n] = total[n] + judged(plan, right, real, edge_s, station, place)
        return total

    def _foretold(self, read_m: np.ndarray, leave_s: float) -> DepthForecast:
        soon = self.forecast.between(leave_s, leave_s + AHEAD_S)
        if not len(self.gauges):
            return soon
        seen = np.searchsorted(self.ensemble.times_s, [leave_s - 600.0, leave_s], side="right") - 1
        members = self.ensemble.depth_m[:, seen][:, :, self.gauges].reshape(len(self.ensemble.depth_m), -1)
        return soon.knowing(members.astype(np.float64), read_m[seen].ravel(), GAUGE_ERROR_M)


def judged(plan: SafeReach, right: SafeReach, true: Risk, edge_s: np.ndarray, station: int, place: int) -> Score:
    """One call: refused, or driven through what was really there."""
    if not np.isfinite(plan.entered_s[place]):
        return Score(1, needless=int(np.isfinite(right.entered_s[place])), refused=1)
    path = [place]
    while path[-1] != station:
        path.append(int(plan.before[path[-1]]))
    edges = np.array(path[-2::-1], dtype=np.int64)  # its own water does not hold the unit where it stands
    entered = plan.entered_s[edges]
    wet = bool((true.passing(entered, entered + edge_s[edges], edges) > 0.0).any())
    extra_s = plan.entered_s[place] - right.entered_s[place]
    return Score(1, violations=int(wet), extra_s=0.0 if wet or not np.isfinite(extra_s) else float(extra_s))


def main(words: list[str]) -> None:
    """Choose the rule, then judge it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.emergency flood", description=__doc__)
    parser.add_argument("--city", type=Path, help="a city's folder; central Helsinki is built without")
    parser.add_argument("--members", type=int, default=60)
    parser.add_argument("--truths", type=int, default=10, help="to judge on; half as many to choose on")
    parser.add_argument("--gauges", type=int, default=40, help="on roads, where they tell most")
    parser.add_argument("--calls", type=int, default=10_000)
    given = parser.parse_args(words)
    begin = time.process_time()
    with TemporaryDirectory() as folder:
        city = City.open(given.city) if given.city else build_city(demo_extract(), Path(folder) / "helsinki")
        worlds = [floods(city, n, seed) for n, seed in ((given.members, 1), (given.truths // 2, 2), (given.truths, 3))]
        print(f"# {city.name}, {given.members} members, load {os.getloadavg()[0]:.1f}")
        print(f"# floods {time.process_time() - begin:.0f} CPU s")
        report(city, *worlds, gauges=given.gauges, calls=given.calls)
    print(f"{time.process_time() - begin:.0f} CPU s in all")


def report(city: City, ensemble: Floods, choosing: Floods, judging: Floods, *, gauges: int, calls: int) -> None:
    """Print the table of levels, what was chosen, and how it was judged."""
    desk = Desk(city, ensemble, ensemble.telling(gauges))
    scores = desk.judge(choosing, calls, seed=2)
    print(f"\nper 10,000 calls on floods to choose on, {gauges} gauges\n")
    print("| down to chance, below the limit (m) | violations | needless refusals | refused |\n|---|---|---|---|")
    for (alarm, margin), score in zip(LEVELS, scores, strict=True):
        print(f"| {alarm:g}, {margin:g} | {score.told()} |")
    best = min(range(len(LEVELS)), key=lambda n: scores[n].cost)
    score = desk.judge(judging, calls, seed=3)[best]
    alarm, margin = LEVELS[best]
    print(f"\nchosen: chance {alarm:g}, {margin:g} m; judged on {len(judging.depth_m)} hidden true floods:\n")
    print("| per 10,000 calls | goal | |\n|---|---|---|")
    print(f"| violations of the depth limit | {MOST_VIOLATIONS:.0f} | {score.per(score.violations):.1f} |")
    print(f"| needless refusals | {MOST_NEEDLESS:.0f} | {score.per(score.needless):.1f} |")
    extra_s = score.extra_s / max(score.calls - score.refused, 1)
    print(f"\nrefused {score.per(score.refused):.0f}; {extra_s:.1f} s longer on the mean than by the truth")
    blind = Desk(city, ensemble, np.zeros(0, dtype=np.int64)).judge(judging, calls, seed=3)[best]
    print(f"without gauges: violations | needless refusals | refused: {blind.told()}")
