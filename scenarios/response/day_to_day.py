"""The same day again and again: drivers expect what the days before were like, and some of them think again.

Source of the rule: expected times by exponential smoothing (Horowitz 1984, doi:10.1016/0191-2615(84)90003-1), of whom a
share reconsiders each day and chooses by a logit among the ways it knows (Cantarella & Cascetta 1995,
doi:10.1287/trsc.29.4.305). The numbers are assumed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.routing import Router
from models.streams import stream
from scenarios.response.settling import Expected, Settled, Simulate, Ways, iteration, offers
from scenarios.travel.way_times import Trip, Way, WayTimes

SMOOTHING_DAYS = 3.0
"""A day weighs a third in what is expected of the next (the first days more: they are all there is)."""
RECONSIDER = 0.3
"""The share of drivers who think again on a day; those whose way is shut all do."""
SENSITIVITY = 20.0
"""Logit: a way that takes a tenth longer is chosen exp(-2) times as often."""
KNOWN_WAYS = 4
"""A driver remembers so many ways."""


def day_to_day(
    kernel: Router,
    trips: Sequence[Trip],
    prior_s: np.ndarray,
    simulate: Simulate,
    *,
    days: int,
    seed: int,
) -> Settled:
    """Simulate `days` days; on the first everybody takes the way known from before.

    Args:
        kernel: The road graph.
        trips: Who chooses.
        prior_s: (edges,) expected where nobody has driven.
        simulate: Edge times of a day on which everybody takes the given way.
        days: Days in all.
        seed: Of the streams `revise DAY VEHICLE`, one draw each, so that alternatives meet the same drivers.
    """
    ways: Ways = tuple(trip.way for trip in trips)
    memory: list[list[Way]] = [[trip.way] for trip in trips]
    expected, rows, changed = Expected(prior_s, SMOOTHING_DAYS), [], 0
    for day in range(days):
        own, mean = expected.learn(simulate(ways))
        now, then = offers(kernel, trips, ways, own), offers(kernel, trips, ways, mean)
        rows.append(iteration(day, now, then.gap, ways, changed))
        if day < days - 1:
            draws = np.array([stream(seed, f"revise {day} {trip.vehicle_id}").random(2) for trip in trips])
            following = _revised(trips, ways, then.ways, memory, mean, draws.reshape(-1, 2))
            changed = sum(a != b for a, b in zip(ways, following, strict=True))
            ways = following
    return Settled(ways, tuple(rows), reached=True)


def _revised(
    trips: Sequence[Trip], ways: Ways, best: Ways, memory: list[list[Way]], mean: WayTimes, draws: np.ndarray
) -> Ways:
    chosen: list[Way | None] = list(ways)
    costs = mean.costs([trip.depart_s for trip in trips], [w or t.way for w, t in zip(ways, trips, strict=True)])
    stuck = ~np.isfinite(costs) | np.array([way is None for way in ways], dtype=bool)
    thinking: list[int] = np.flatnonzero(stuck | (draws[:, 0] < RECONSIDER)).tolist()
    for i in thinking:
        offer = best[i]
        if offer is not None and offer not in memory[i]:
            memory[i] = [*memory[i], offer][-KNOWN_WAYS:]
    pairs = [(i, way) for i in thinking for way in memory[i]]
    weighed = mean.costs([trips[i].depart_s for i, _ in pairs], [way for _, way in pairs])
    first = 0
    for i in thinking:
        known = memory[i]
        chosen[i] = _logit(weighed[first : first + len(known)], known, draws[i, 1])
        first += len(known)
    return tuple(chosen)


def _logit(cost_s: np.ndarray, known: Sequence[Way], draw: float) -> Way | None:
    if not np.isfinite(cost_s).any():
        return None
    least = float(cost_s.min())
    weight = np.where(np.isfinite(cost_s), np.exp(-SENSITIVITY * (cost_s - least) / max(least, 1.0)), 0.0)
    place = int(np.searchsorted(np.cumsum(weight) / weight.sum(), draw, side="right"))
    return known[min(place, len(known) - 1)]
