"""What vehicles lose at each movement of the signals, vehicle by vehicle, and what a movement may lose at most."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.sumo.streaming import read_elements

Movement = tuple[str, str]
"""From edge, to edge."""
Losses = Mapping[Movement, np.ndarray]
"""Delay of each vehicle, in tenths of a second, whole numbers, sorted."""
SHARE = 95.0
"""The percentile that is limited."""
FEWEST = 20
"""Below so many vehicles over all seeds a 95th percentile is the delay of one vehicle, and says nothing."""
MOST_EXCESS = 1.0
LEAST_S = 1.0
"""A movement that loses less today is taken to lose so much."""
OPTIONS = {
    f"vehroute-output.{which}": "true" for which in ("exit-times", "intended-depart", "last-route", "write-unfinished")
}
"""How SUMO must write the routes for `read_losses`."""
_VEHICLE = re.compile(r"<vehicle ([^>]*)>(.*?)</vehicle>", re.DOTALL)
_DEPART = re.compile(r'\bdepart="([-\d.]+)"')
_ROUTE = re.compile(r'<route [^>]*\bedges="([^"]*)"[^>]*\bexitTimes="([^"]*)"')
_MOST = 65535


def free_times(net: Path, edges: Collection[str]) -> dict[str, float]:
    """Seconds that each of some edges takes at its speed limit."""
    found: dict[str, float] = {}
    edge = [""]

    def start(name: str, items: Mapping[str, str], _: int) -> None:
        if name == "edge":
            edge[0] = items.get("id", "")
        elif name == "lane" and edge[0] in edges and edge[0] not in found:
            found[edge[0]] = float(items["length"]) / max(float(items["speed"]), 0.1)

    read_elements(net, start)
    return found


def read_losses(routes: Path, free_s: Mapping[str, float], end_s: float) -> dict[Movement, np.ndarray]:
    """Delay of every vehicle at every movement that begins on an edge of `free_s`.

    It is the time from leaving the edge before (from the planned departure where the trip begins here) until leaving
    this one, less the time that the edge takes at its speed limit; never below 0. A vehicle that is still there at the
    end counts with what it has lost by then.

    Args:
        routes: SUMO's vehroute output, written with `OPTIONS`.
        free_s: By edge.
        end_s: When the run ended.
    """
    found: dict[Movement, list[float]] = {}
    for depart_s, edges, exits in read_courses(routes.read_text(encoding="utf-8")):
        before_s = depart_s
        for place, edge in enumerate(edges[:-1]):
            left_s = exits[place] if place < len(exits) else -1.0
            free = free_s.get(edge)
            if free is not None:
                spent = (left_s if left_s >= 0 else end_s) - before_s - free
                if left_s >= 0 or spent > 0:
                    found.setdefault((edge, edges[place + 1]), []).append(max(spent, 0.0))
            if left_s < 0:
                break
            before_s = left_s
    return {movement: _tenths(values) for movement, values in found.items()}


def pooled(runs: Sequence[Losses]) -> dict[Movement, np.ndarray]:
    """The delays of several runs together."""
    every = sorted({movement for one in runs for movement in one})
    return {way: np.sort(np.concatenate([one[way] for one in runs if way in one])) for way in every}


def percentiles(runs: Sequence[Losses]) -> dict[Movement, tuple[float, int]]:
    """(95th percentile of the delay in s, vehicles) of each movement over several runs."""
    return {way: (float(np.percentile(all_, SHARE)) / 10.0, len(all_)) for way, all_ in pooled(runs).items()}


@dataclass(frozen=True)
class Limits:
    """What each movement may lose at most.

    Attributes:
        most_s: Limit of the 95th percentile by movement; only of those with enough vehicles.
    """

    most_s: Mapping[Movement, float]

    def ratios(self, runs: Sequence[Losses]) -> dict[Movement, float]:
        """95th percentile over several runs as a share of the limit, of every movement that has one."""
        told = percentiles([{way: one[way] for way in self.most_s if way in one} for one in runs])
        return {way: p95 / self.most_s[way] for way, (p95, _) in told.items()}

    def excess(self, runs: Sequence[Losses]) -> dict[str, float]:
        """By approach edge: how far its movements are above their limits together, as shares of the limits.

        Of each at most MOST_EXCESS: one that must wait because people may walk now, where it never waited, is beyond
        any timing.
        """
        found: dict[str, float] = {}
        for (edge, _), ratio in self.ratios(runs).items():
            if ratio > 1.0:
                found[edge] = found.get(edge, 0.0) + min(ratio - 1.0, MOST_EXCESS)
        return found


def limits_of(today: Sequence[Losses], factor: float) -> Limits:
    """Limits from what the movements lose today.

    Args:
        today: Runs with today's plans.
        factor: A movement may lose so many times as much, `LEAST_S` in any case.
    """
    told = percentiles(today)
    return Limits({way: factor * max(p95, LEAST_S) for way, (p95, count) in told.items() if count >= FEWEST})


def read_courses(text: str) -> Iterator[tuple[float, list[str], list[float]]]:
    """(planned departure in s, edges, exit times) of each vehicle in SUMO's routes, written with `OPTIONS`."""
    for head, inner in _VEHICLE.findall(text):
        depart, routes = _DEPART.search(head), _ROUTE.findall(inner)
        if depart and routes:
            edges, exits = routes[-1]
            yield float(depart[1]), edges.split(), [float(one) for one in exits.split()]


def _tenths(values: Sequence[float]) -> np.ndarray:
    return np.sort(np.minimum(np.round(np.array(values) * 10.0), _MOST).astype(np.uint16))
