"""Crossings in two halves: an island between them, on which people wait for the second half's green."""

from __future__ import annotations

import math
from collections.abc import Sequence

from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement, turned
from networks.signals.plans.course import Green

ISLAND_M = 15.0
"""Ends of two halves lie no further apart than this, also where they are staggered (assumption)."""
_PARALLEL = math.radians(35)
_AFTER = 0.8
"""Halves lie one behind the other: their far ends are at least this share of both lengths apart."""


def held_halves(layout: Layout) -> tuple[tuple[int, int], ...]:
    """Positions of movements that are the two halves of a crossing which the network holds, each pair once."""
    walks = [(n, m) for n, m in enumerate(layout.movements) if m.kind == "pedestrian" and len(m.path) > 1]
    return tuple(
        (a, b) for k, (a, one) in enumerate(walks) for b, other in walks[k + 1 :] if _one_behind_the_other(one, other)
    )


def _one_behind_the_other(one: Movement, other: Movement) -> bool:
    if one.junction != other.junction:
        return False
    apart = abs(turned(one.heading_in, other.heading_in))
    if min(apart, math.pi - apart) > _PARALLEL:
        return False
    ends = [(math.dist(one.path[a], other.path[b]), a, b) for a in (0, -1) for b in (0, -1)]
    near, a, b = min(ends)
    far = math.dist(one.path[-1 - a], other.path[-1 - b])
    return near <= ISLAND_M and far >= _AFTER * (one.length_m + other.length_m)


def island_wait_s(first: Sequence[Green], walk_s: float, second: Sequence[Green], cycle_s: float) -> float:
    """Longest wait on the island of who steps off as soon as the first half lets them, s.

    Args:
        first: Times in which people may step off at the first half.
        walk_s: What they need to the island.
        second: Times in which they may step off there.
        cycle_s: Of the plan.
    """
    if not second:
        return cycle_s
    waits = []
    for green in first:
        arrives = green.begin + walk_s
        waits.append(
            min(
                0.0 if (arrives - own.begin) % cycle_s <= own.seconds + 1e-9 else (own.begin - arrives) % cycle_s
                for own in second
            )
        )
    return max(waits, default=0.0)
