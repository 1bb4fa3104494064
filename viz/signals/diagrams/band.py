"""Green bands: when a vehicle may pass the first signal and then meets green at every other without a stop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[float, float]
_MOST_CYCLES = 4


@dataclass(frozen=True)
class Bands:
    """The bands of one direction.

    Attributes:
        period_s: They repeat after this; 0 where the signals have no period in common.
        spans: (begin, end) at the first stop line, seconds from 0 to period_s; an end may lie beyond it.
        run_s: Travel time from the first stop line to each.
    """

    period_s: float
    spans: tuple[Span, ...]
    run_s: tuple[float, ...]

    @property
    def width_s(self) -> float:
        """Width of the widest."""
        return max((end - begin for begin, end in self.spans), default=0.0)

    @property
    def efficiency(self) -> float:
        """All bands together as a share of the period (FHWA, Traffic Signal Timing Manual: bandwidth efficiency)."""
        return sum(end - begin for begin, end in self.spans) / self.period_s if self.period_s else 0.0


def green_bands(greens: Sequence[Sequence[Span]], cycles_s: Sequence[float], run_s: Sequence[float]) -> Bands:
    """The bands over signals at a given travel time.

    The definition is that of J. D. C. Little, M. D. Kelson, N. H. Gartner, "MAXBAND", Transportation Research Record
    795 (1981): the part of the cycle in which a vehicle gets through without stopping.

    Args:
        greens: For each stop line the greens of its through traffic, (begin, end) in seconds of the clock; an end may
            lie beyond the cycle.
        cycles_s: Cycle of each.
        run_s: Travel time from the first stop line to each.

    Returns:
        No spans where the cycles have no multiple in common up to four of the longest.
    """
    period = common_cycle_s(cycles_s)
    if not period:
        return Bands(0.0, (), tuple(run_s))
    spans: list[Span] = [(0.0, period)]
    for own, cycle, run in zip(greens, cycles_s, run_s, strict=True):
        spans = _both(spans, _unrolled(own, cycle, run, period))
    if len(spans) > 1 and spans[0][0] == 0.0 and spans[-1][1] == period:
        spans = [*spans[1:-1], (spans[-1][0], period + spans[0][1])]
    return Bands(period, tuple(spans), tuple(run_s))


def common_cycle_s(cycles_s: Sequence[float]) -> float:
    """The least common multiple, up to four times the longest; 0 where there is none or a cycle is no whole second."""
    if not cycles_s or any(cycle <= 0 or cycle != round(cycle) for cycle in cycles_s):
        return 0.0
    period = math.lcm(*(round(cycle) for cycle in cycles_s))
    return float(period) if period <= _MOST_CYCLES * max(cycles_s) else 0.0


def _unrolled(greens: Sequence[Span], cycle_s: float, run_s: float, period_s: float) -> list[Span]:
    """Greens seen from the first stop line, over one period, cut at its ends and in order."""
    found = []
    for begin, end in greens:
        first = math.floor((run_s - end) / cycle_s) - 1
        for n in range(first, first + round(period_s / cycle_s) + 4):
            low, high = max(begin + n * cycle_s - run_s, 0.0), min(end + n * cycle_s - run_s, period_s)
            if low < high:
                found.append((low, high))
    return _merged(found)


def _merged(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    meets = ((max(a, c), min(b, d)) for a, b in one for c, d in other)
    return sorted((begin, end) for begin, end in meets if end - begin > 1e-9)
