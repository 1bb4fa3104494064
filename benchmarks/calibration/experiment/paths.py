"""Twenty paths, and how long they take: mean over those who set out in each period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.streams import stream
from networks.safe_xml import read_xml

PATHS = 20
LONG_M = 700.0
AT_LEAST_H = 24.0
"""Vehicles an hour that drive a path from its begin to its end, at least."""

Driven = tuple[tuple[str, ...], tuple[float, ...]]
"""Edges of one vehicle, and when it left each of them (s); -1 where it has not."""


def driven(vehroutes: Path) -> Iterator[Driven]:
    """Every vehicle of SUMO's vehroute output with exit times."""
    for one in read_xml(vehroutes).iter("vehicle"):
        routes = list(one.iter("route"))
        edges = routes[-1].attrib["edges"].split() if routes else []
        times = (routes[-1].get("exitTimes") or "").split() if routes else []
        if len(edges) == len(times) > 1:
            yield tuple(edges), tuple(map(float, times))


def choose_paths(
    vehicles: Sequence[Driven], length_m: dict[str, float], hours: float, seed: int
) -> tuple[tuple[str, ...], ...]:
    """Draw paths that many drive from begin to end, no two with more than half of their edges in common.

    A path holds the edges that are driven after the first of a vehicle (which it may enter anywhere).
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for edges, _ in vehicles:
        seen.update({part for part in _parts(edges[1:], length_m)})
    often = sorted(part for part, number in seen.items() if number >= AT_LEAST_H * hours)
    order = stream(seed, "paths").permutation(len(often))
    chosen: list[tuple[str, ...]] = []
    for at in order:
        part = often[at]
        if all(2 * len(set(part) & set(other)) <= min(len(part), len(other)) for other in chosen):
            chosen.append(part)
    for at in order:  # a small town has not so many that differ: then others that are not the same
        if len(chosen) < PATHS and often[at] not in chosen:
            chosen.append(often[at])
    return tuple(chosen[:PATHS])


def _parts(edges: Sequence[str], length_m: dict[str, float]) -> Iterator[tuple[str, ...]]:
    """The shortest runs of edges from each edge on that are long enough."""
    for first in range(len(edges)):
        grown = 0.0
        for last in range(first, len(edges)):
            grown += length_m[edges[last]]
            if grown >= LONG_M and last > first:
                yield tuple(edges[first : last + 1])
                break


def travel_times(
    vehicles: Sequence[Driven], paths: Sequence[tuple[str, ...]], begin_s: float, period_s: float, periods: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean travel times by path and period in which the path was begun (s).

    Returns:
        Travel times (N, T), NaN where nobody drove it to its end; and when the last of them arrived (N, T).
    """
    sums, numbers, known = (np.zeros((len(paths), periods)) for _ in range(3))
    for edges, times in vehicles:
        for row, path in enumerate(paths):
            for at in _found(edges, path):
                begun_s, ended_s = times[at - 1], times[at + len(path) - 1]
                period = int((begun_s - begin_s) // period_s)
                if begun_s >= 0 and ended_s >= 0 and 0 <= period < periods:
                    sums[row, period] += ended_s - begun_s
                    numbers[row, period] += 1
                    known[row, period] = max(known[row, period], ended_s)
    with np.errstate(invalid="ignore"):
        return sums / np.where(numbers > 0, numbers, np.nan), known


def _found(edges: tuple[str, ...], path: tuple[str, ...]) -> Iterator[int]:
    """Where a vehicle begins a path after another edge."""
    for at in range(1, len(edges) - len(path) + 1):
        if edges[at] == path[0] and edges[at : at + len(path)] == path:
            yield at
