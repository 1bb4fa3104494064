"""Journey times and many days: what was observed beside what the simulation does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.counting import Counts
from calibration.counting.usual_day import day_totals
from calibration.proof.demand_runs import DemandRuns
from calibration.proof.evidence import DayMeasure, Floats, Pairs
from calibration.proof.observed_journeys import Journeys
from networks.sentence import say

FLOW = say("vehicles at held-out sensors together, per period", "每时段全部留出检测器的车辆总数")
TIME = say("time along all routes together, s", "全部线路行程时间之和（秒）")


@dataclass(frozen=True, slots=True)
class RouteTime:
    """A route's time in the window, over the periods in which it was measured.

    Attributes:
        name: Of the route.
        edges: How many it passes.
        periods: How many were measured.
        observed_s: Mean as measured.
        simulated_s: Mean as simulated.
    """

    name: str
    edges: int
    periods: int
    observed_s: float
    simulated_s: float


def driven(journeys: Journeys, runs: DemandRuns) -> Floats:
    """Simulated times by route and period (R, T), s."""
    begins = journeys.begin_s + journeys.period_s * np.arange(journeys.by_day.shape[2])
    times = [[runs.journey_s(route, float(at), journeys.period_s) for at in begins] for route in journeys.edges]
    return np.array(times)


def journey_rows(journeys: Journeys, driven_s: Floats) -> tuple[RouteTime, ...]:
    """Each route that was measured in the window."""
    rows = []
    for at, (name, seen) in enumerate(zip(journeys.names, journeys.usual_s, strict=True)):
        known = np.isfinite(seen)
        if known.any():
            mean = float(seen[known].mean()), float(driven_s[at, known].mean())
            rows.append(RouteTime(name, len(journeys.edges[at]), int(known.sum()), *mean))
    return tuple(rows)


def route_pairs(journeys: Journeys, driven_s: Floats) -> Pairs:
    """A pair for each route: guidelines count routes, not periods."""
    rows = journey_rows(journeys, driven_s)
    return Pairs(np.array([one.observed_s for one in rows]), np.array([one.simulated_s for one in rows]))


def day_measures(
    counts: Counts, held: np.ndarray, runs: DemandRuns, by_day: Floats | None, journeys: Journeys | None,
    driven_s: Floats | None,
) -> tuple[DayMeasure, ...]:  # fmt: skip
    """What many days tell: held-out counts together, and times along the routes together; gaps bridged by the mean."""
    found = []
    if by_day is not None and held.any():
        place = {name: row for row, name in enumerate(runs.edges)}
        rows = [place[edge] for edge, out in zip(counts.edges, held, strict=True) if out]
        usual = counts.vehicles[held]
        simulated = np.where(np.isfinite(usual), runs.vehicles_by_period.mean(axis=0)[rows], np.nan)
        found.append(DayMeasure(FLOW, day_totals(by_day[:, held], usual), np.nansum(simulated, axis=0)))
    if journeys is not None and driven_s is not None:
        usual = journeys.usual_s
        there = np.where(np.isfinite(usual), driven_s, np.nan)
        found.append(DayMeasure(TIME, day_totals(journeys.by_day, usual), np.nansum(there, axis=0)))
    return tuple(clear for one in found if (clear := _whole(one)) is not None)


def _whole(one: DayMeasure) -> DayMeasure | None:
    """Only days and intervals of which something is known; None where nothing is left."""
    interval = np.isfinite(one.observed).any(axis=0)
    day = np.isfinite(one.observed[:, interval]).all(axis=1)
    if not interval.any() or not day.any():
        return None
    return DayMeasure(one.name, one.observed[day][:, interval], one.simulated[interval])
