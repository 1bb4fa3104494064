"""The roads of a day that might be: a hidden flood, closures that nobody planned, and what is known of them when."""

from __future__ import annotations

import numpy as np

from models.emergency.dispatching import Outlook
from models.streams import stream
from scenarios.emergency.drawn_day import KNOWN_S, LASTS_S, DrawnDay
from scenarios.emergency.service import Service

MAIN = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
"""Classes of roads on which a crash or a burst pipe is drawn (guess)."""


def drawn_day(service: Service, seed: int) -> DrawnDay:
    """The roads of a seed; the same for every way to work.

    With a hidden flood (`service.truth`) seed n meets its member n, in turn, and the forecast is what it is. Closures
    are drawn from the stream `emergency closures`.
    """
    true, outlook = service.base, None
    if service.truth is not None:
        water = service.roads.water
        assert water is not None
        true = true.shut(service.truth.worlds_s[seed % len(service.truth.worlds_s)])
        outlook = Outlook(water.worlds_s, alarm=service.roads.alarm)
    else:
        true = true.shut(service.shut_s)
    believed = true
    if service.closures:
        begin, end = drawn_closures(service, seed)
        known = np.where(begin + KNOWN_S < end, begin + KNOWN_S, np.inf)
        believed, true = true.shut(known, end), true.shut(begin, end)
    return DrawnDay(believed, true, outlook)


def drawn_closures(service: Service, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(edges,) s of the run from and until which each edge is shut, both infinite where it never is."""
    classes = service.city.layer("edges")["highway"].to_numpy()
    able = np.flatnonzero(np.isin(classes, MAIN) & np.asarray(service.roads.graph.allowed, dtype=bool))
    draw, begin = stream(seed, "emergency closures"), np.full(len(classes), np.inf)
    chosen = draw.choice(able, min(service.closures, len(able)), replace=False)
    begin[chosen] = draw.uniform(0.0, service.end_s, len(chosen))
    end = begin.copy()
    end[chosen] += draw.exponential(LASTS_S, len(chosen))
    return begin, end
