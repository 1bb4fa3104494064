"""Whether two plans show the same lights, second by second."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from networks.signals.plans.plan import SignalPlan

_SAME_S = 1e-5


@dataclass(frozen=True)
class Likeness:
    """How two plans of one signal compare over a cycle.

    Attributes:
        cycles_s: The cycles of both.
        seconds: Seconds of the cycle in which some link shows another letter; the whole cycle where cycles differ.
        links: The links that do.
        limits: Whether the limits of some green differ.
    """

    cycles_s: tuple[float, float]
    seconds: float
    links: tuple[int, ...]
    limits: bool

    @property
    def same(self) -> bool:
        """Whether every link shows the same at every moment."""
        return self.seconds <= _SAME_S


def likeness(one: SignalPlan, other: SignalPlan) -> Likeness:
    """Compare two plans of one signal on the clock: where their cycles begin does not matter.

    Raises:
        ValueError: They have different numbers of links.
    """
    cycles = (one.cycle_s, other.cycle_s)
    links = len(one.phases[0].state)
    if links != len(other.phases[0].state):
        raise ValueError(f"{links} links and {len(other.phases[0].state)} are not of one signal")
    limits = _limits(one) != _limits(other)
    if abs(cycles[0] - cycles[1]) > _SAME_S:
        return Likeness(cycles, cycles[0], tuple(range(links)), limits)
    courses = [_course(plan) for plan in (one, other)]
    cuts = sorted({0.0, cycles[0], *(begin for course in courses for begin, _ in course)})
    seconds, differ = 0.0, set[int]()
    for begin, end in itertools.pairwise(cuts):
        if end - begin > _SAME_S:
            states = [_at(course, (begin + end) / 2) for course in courses]
            unlike = {k for k in range(links) if states[0][k] != states[1][k]}
            seconds, differ = seconds + (end - begin if unlike else 0.0), differ | unlike
    return Likeness(cycles, seconds, tuple(sorted(differ)), limits)


def _course(plan: SignalPlan) -> list[tuple[float, str]]:
    """(second, state) from the begin of the cycle of the clock on, in order."""
    now, found = plan.offset_s, []
    for phase in plan.phases:
        found.append((now % plan.cycle_s, phase.state))
        now += phase.duration_s
    return sorted(found)


def _at(course: list[tuple[float, str]], second: float) -> str:
    return next((state for begin, state in reversed(course) if begin <= second), course[-1][1])


def _limits(plan: SignalPlan) -> frozenset[tuple[str, float, float]]:
    """The limits of those phases that have some."""
    own = [p for p in plan.phases if (p.min_s, p.max_s) != (p.duration_s, p.duration_s)]
    return frozenset((p.state, round(p.min_s, 3), round(p.max_s, 3)) for p in own)
