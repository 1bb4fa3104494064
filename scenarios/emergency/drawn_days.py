"""The roads of a day that might be: a hidden flood, closures that nobody planned, and what is known of them when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.emergency.dispatching import Outlook, RoadTimes
from models.streams import stream
from networks import Sentence, say

if TYPE_CHECKING:
    from scenarios.emergency.service import Service

MAIN = ("trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
"""Classes of roads on which a crash or a burst pipe is drawn (guess)."""
LASTS_S = 3600.0
"""Mean length of such a closure, exponential (guess)."""
KNOWN_S = 600.0
"""The control room learns of it so long after it began, or from the first crew that meets it (guess)."""


@dataclass(frozen=True)
class DrawnDay:
    """Roads of one seed.

    Attributes:
        believed: What the control room sees: traffic and water of now, closures once they are known.
        true: What they are.
        outlook: Which roads the flood forecast says will shut; None where there is none, or it is always right.
    """

    believed: RoadTimes
    true: RoadTimes
    outlook: Outlook | None


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


def days_told(service: Service) -> list[Sentence]:
    """What is drawn, and what of it is guessed."""
    told: list[Sentence] = []
    if service.truth is not None:
        n, water = len(service.truth.worlds_s), service.roads.water
        assert water is not None
        told.append(
            say(
                f"each day meets one of {n} hidden floods in turn; the forecast has {len(water.worlds_s)} members",
                f"每一天依次遇到{n}场未公开的洪水之一；预报有{len(water.worlds_s)}个成员",
            )
        )
    if service.closures:
        told.append(
            say(
                f"{service.closures} roads shut at random on each day, {LASTS_S / 60:.0f} min on the mean, known "
                f"{KNOWN_S / 60:.0f} min later or from the first crew that meets it (guesses)",
                f"每天随机封闭{service.closures}条道路，平均{LASTS_S / 60:.0f}分钟，"
                f"{KNOWN_S / 60:.0f}分钟后或首辆救援车遇到时获知（均为估计）",
            )
        )
    return told
