"""What passings tell: travel times, ways through the town, who turns where, and how many of all they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from calibration.observation import Observation
from calibration.passings.table import Passings

Floats = NDArray[np.float64]
GAP_S = 1800.0
"""Longer between two cameras, a vehicle stopped on the way: another journey begins."""
FEWEST = 5
"""Vehicles that a told travel time, way or turning share rests on at least; fewer could single somebody out."""


@dataclass(frozen=True, slots=True)
class Leg:
    """Vehicles from one camera to the next that saw them, in one period.

    Attributes:
        start, end: Cameras.
        begin_s: Begin of the period in which they passed the first.
        vehicles: How many.
        median_s: Median of their time, without those who stopped on the way.
        error_s: Its standard error.
    """

    start: str
    end: str
    begin_s: float
    vehicles: int
    median_s: float
    error_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """How those seen by one camera spread over the cameras that see them next.

    Attributes:
        start, end: Cameras.
        vehicles: How many were seen by both, one after the other.
        share: Of all that went on to some camera; corrected for how many each camera recognises.
        low, high: 95 % interval (Wilson 1927, doi:10.1080/01621459.1927.10502953) of the share as seen.
    """

    start: str
    end: str
    vehicles: int
    share: float
    low: float
    high: float


def steps(seen: Passings, gap_s: float = GAP_S) -> NDArray[np.int64]:
    """Rows (M, 2) of passings that follow each other on one journey; `seen` on one clock."""
    order = np.lexsort((seen.time_s, seen.token))
    token, time, camera = seen.token[order], seen.time_s[order], seen.camera[order]
    on = (token[1:] == token[:-1]) & (np.diff(time) <= gap_s) & (camera[1:] != camera[:-1])
    return np.column_stack([order[:-1][on], order[1:][on]])


def travel_times(seen: Passings, period_s: float, gap_s: float = GAP_S) -> list[Leg]:
    """Median times between cameras by period; who took longer than most by 3 scaled median distances had stopped."""
    pairs = steps(seen, gap_s)
    start, end = (seen.camera[pairs[:, side]] for side in (0, 1))
    took = seen.time_s[pairs[:, 1]] - seen.time_s[pairs[:, 0]]
    period = np.floor(seen.time_s[pairs[:, 0]] / period_s)
    legs = []
    for a, b, number in sorted(set(zip(start.tolist(), end.tolist(), period.tolist(), strict=True))):
        times = took[(start == a) & (end == b) & (period == number)]
        middle = float(np.median(times))
        scale = 1.4826 * float(np.median(np.abs(times - middle)))
        through = times[times <= middle + 3.0 * max(scale, 0.05 * middle)]
        if len(through) >= FEWEST:
            error = 1.2533 * float(np.std(through, ddof=1)) / np.sqrt(len(through))
            names = seen.cameras[a], seen.cameras[b]
            legs.append(Leg(*names, number * period_s, len(through), float(np.median(through)), error))
    return legs


def path_samples(seen: Passings, gap_s: float = GAP_S) -> dict[tuple[str, ...], int]:
    """Ways as rows of cameras, and how many vehicles took each; ways of fewer than FEWEST are left out."""
    follows = dict(steps(seen, gap_s).tolist())
    begins = set(range(len(seen))) - set(follows.values())
    ways: Counter[tuple[str, ...]] = Counter()
    for row in begins & set(follows):
        way = [seen.cameras[seen.camera[row]]]
        while row in follows:
            row = follows[row]
            way.append(seen.cameras[seen.camera[row]])
        ways[tuple(way)] += 1
    return {way: times for way, times in sorted(ways.items()) if times >= FEWEST}


def turning_shares(seen: Passings, penetration: Mapping[str, float] | None = None, gap_s: float = GAP_S) -> list[Turn]:
    """Where those seen by a camera are seen next; a camera that recognises half counts double.

    Args:
        seen: Passings on one clock.
        penetration: Camera -> share of all vehicles that it recognises; None: alike.
        gap_s: As `steps`.
    """
    pairs = steps(seen, gap_s)
    known = penetration or {}
    seen_by = Counter(zip(seen.camera[pairs[:, 0]].tolist(), seen.camera[pairs[:, 1]].tolist(), strict=True))
    turns = []
    for a in sorted({start for start, _ in seen_by}):
        ends = {b: times for (start, b), times in sorted(seen_by.items()) if start == a}
        weight = {b: times / known.get(seen.cameras[b], 1.0) for b, times in ends.items()}
        for b, times in ends.items():
            if times >= FEWEST:
                low, high = _wilson(times, sum(ends.values()))
                names = seen.cameras[a], seen.cameras[b]
                turns.append(Turn(*names, times, weight[b] / sum(weight.values()), low, high))
    return turns


def penetration(seen: Passings, counted: Mapping[str, float]) -> dict[str, float]:
    """Share of all vehicles that each camera recognised, where a counter beside it says how many passed."""
    own = Counter(seen.camera.tolist())
    return {name: own[at] / counted[name] for at, name in enumerate(seen.cameras) if counted.get(name, 0.0) > 0}


def observations(legs: Sequence[Leg], begin: datetime, period_s: float) -> list[Observation]:
    """Travel times as observations of a sensor called "start>end"; `begin` is the wall clock of second 0."""
    found = []
    for one in legs:
        start = begin + timedelta(seconds=one.begin_s)
        said = start + timedelta(seconds=period_s)
        more = {"vehicles": one.vehicles, "error_s": one.error_s}
        name = f"{one.start}>{one.end}"
        found.append(Observation(name, "travel_time", start, period_s, one.median_s, "good", said, details=more))
    return found


def _wilson(times: int, of: int) -> tuple[float, float]:
    z = 1.96
    share = times / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return float(middle - half), float(middle + half)
