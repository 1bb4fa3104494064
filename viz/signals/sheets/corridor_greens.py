"""What the stop lines of a corridor show, from plans or from a recorded run, and how its vehicles ran."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from viz.signals.diagrams.band import Bands, Span, green_bands
from viz.signals.plans.course import Shown, course, greens, strongest

if TYPE_CHECKING:
    import pandas as pd

    from networks import Corridor, SignalPlan

_NEAR_M = 0.7


def planned_greens(corridor: Corridor, plans: Mapping[str, SignalPlan]) -> list[tuple[Span, ...]]:
    """Greens of the corridor's traffic at each stop line over one cycle, in the clock's seconds."""
    return [
        tuple((begin + plans[stop.tls_id].offset_s, end + plans[stop.tls_id].offset_s) for begin, end in own)
        for stop in corridor.stops
        for own in [greens(course(plans[stop.tls_id], stop.links), plans[stop.tls_id].cycle_s)]
    ]


def corridor_bands(corridor: Corridor, plans: Mapping[str, SignalPlan], speed_mps: float | None = None) -> Bands:
    """The green bands of a corridor at its plans' written lengths.

    Args:
        corridor: The corridor.
        plans: Of each of its signals.
        speed_mps: Speed of progression; None takes the limit of each road.
    """
    first = corridor.stops[0].at_m
    runs = [stop.run_s if speed_mps is None else (stop.at_m - first) / speed_mps for stop in corridor.stops]
    return green_bands(planned_greens(corridor, plans), [plans[s.tls_id].cycle_s for s in corridor.stops], runs)


def planned_course(
    corridor: Corridor, plans: Mapping[str, SignalPlan], from_s: float, to_s: float
) -> tuple[tuple[Shown, ...], ...]:
    """What each stop line shows from `from_s` to `to_s` when the plans run as they are written."""
    found = []
    for stop in corridor.stops:
        plan = plans[stop.tls_id]
        once, first = course(plan, stop.links), math.floor((from_s - plan.offset_s) / plan.cycle_s)
        last = math.ceil((to_s - plan.offset_s) / plan.cycle_s)
        starts = [n * plan.cycle_s + plan.offset_s for n in range(first, last)]
        found.append(tuple(Shown(at + s.begin_s, at + s.end_s, s.letter) for at in starts for s in once))
    return tuple(found)


def recorded_course(corridor: Corridor, states: pd.DataFrame, end_s: float) -> tuple[tuple[Shown, ...], ...]:
    """What each stop line showed in a run.

    Args:
        corridor: The corridor.
        states: time_s, tls_id, state whenever it changes (models.sumo.record).
        end_s: End of the run.
    """
    found = []
    for stop in corridor.stops:
        own = states[states["tls_id"] == stop.tls_id]
        times = [*own["time_s"], end_s]
        letters = [strongest(state, stop.links) for state in own["state"]]
        spans = [Shown(times[n], times[n + 1], letter) for n, letter in enumerate(letters)]
        runs = [list(run) for _, run in groupby(spans, key=lambda one: one.letter)]
        found.append(tuple(Shown(run[0].begin_s, run[-1].end_s, run[0].letter) for run in runs))
    return tuple(found)


def tracks_along(corridor: Corridor, tracks: pd.DataFrame) -> tuple[tuple[tuple[float, float], ...], ...]:
    """(seconds, metres from the corridor's begin) of every vehicle on it, parted where it leaves.

    Args:
        corridor: The corridor.
        tracks: time_s, vehicle_id, lane_id, pos_m (models.sumo.record).
    """
    place = {edge: n for n, edge in enumerate(corridor.edges)}
    edge = tracks["lane_id"].str.rsplit("_", n=1).str[0]
    own = tracks[edge.isin(place)].copy()
    own["edge"] = edge[own.index].map(place)
    own["at_m"] = own["pos_m"] + own["edge"].map(dict(enumerate(corridor.starts_m)))
    found = []
    for _, rows in own.sort_values(["vehicle_id", "time_s"]).groupby("vehicle_id", sort=True):
        points = list(zip(rows["time_s"].astype(float), rows["at_m"].astype(float), rows["edge"], strict=True))
        found += [tuple(_thinned(part)) for part in _parted(points) if len(part) > 1]
    return tuple(found)


def _parted(points: Sequence[tuple[float, float, int]]) -> list[list[tuple[float, float]]]:
    """Pieces over edges that follow each other: over a junction a vehicle is out of sight, elsewhere it has left."""
    parts: list[list[tuple[float, float]]] = [[]]
    last = points[0][2]
    for second, at, edge in points:
        if edge not in (last, last + 1):
            parts.append([])
        parts[-1].append((second, at))
        last = edge
    return parts


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without points that lie on the line from the one kept before to the next."""
    kept = [points[0]]
    for (t1, x1), (t2, x2) in pairwise(points[1:]):
        t0, x0 = kept[-1]
        if abs(x0 + (x2 - x0) * (t1 - t0) / (t2 - t0) - x1) > _NEAR_M:
            kept.append((t1, x1))
    return [*kept, points[-1]]
