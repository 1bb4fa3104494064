"""Movements that a plan serves too much worse than today's, by the 95th percentile of their delay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.signals.trying.movements import limits_of, percentiles
from scenarios.signals.trying.trials import Outcome


@dataclass(frozen=True)
class Slower:
    """One movement above its limit.

    Attributes:
        from_edge, to_edge: The movement.
        before_s, after_s: 95th percentile of the delay over the judged seeds, s.
        vehicles: On all of them, with today's plans.
    """

    from_edge: str
    to_edge: str
    before_s: float
    after_s: float
    vehicles: int


def slower_movements(before: Sequence[Outcome], after: Sequence[Outcome], limit: float) -> tuple[Slower, ...]:
    """Every movement above `limit` times today's delay, the worst first; none where either could not be judged.

    Args:
        before: Runs with today's plans.
        after: Runs on the same seeds with those found.
        limit: So many times today's 95th percentile; infinite: any.
    """
    if not math.isfinite(limit) or any(one.ended_early for one in (*before, *after)):
        return ()
    now, then = ([one.movements for one in side] for side in (before, after))
    ratios = limits_of(now, limit).ratios(then)
    above = sorted((way for way, ratio in ratios.items() if ratio > 1.0), key=lambda way: (-ratios[way], way))
    told, found = percentiles(now), percentiles(then)
    return tuple(Slower(*way, told[way][0], found[way][0], told[way][1]) for way in above)
