"""The ways that a plan may take through its phases, where they branch."""

from __future__ import annotations

from dataclasses import replace

from networks.signals.plans.plan import SignalPlan

MOST_WAYS = 64


def plan_ways(plan: SignalPlan) -> tuple[SignalPlan, ...]:
    """The plan once for each way round from its first phases on, without branches; itself where it has none.

    A plan whose phases say what follows them (SUMO's `next`) has phases that it reaches only on some ways, or never.
    Of more than MOST_WAYS the first are taken.
    """
    if not any(phase.following for phase in plan.phases):
        return (plan,)
    found: dict[tuple[int, ...], None] = {}
    open_ways: list[tuple[int, ...]] = [(0,)]
    while open_ways and len(found) < MOST_WAYS:
        way = open_ways.pop()
        last = way[-1]
        for number in reversed(plan.phases[last].following or ((last + 1) % len(plan.phases),)):
            if number in way:
                loop = way[way.index(number) :]
                start = loop.index(min(loop))
                found[loop[start:] + loop[:start]] = None
            else:
                open_ways.append((*way, number))
    ways = sorted(found)
    return tuple(replace(plan, phases=tuple(replace(plan.phases[n], following=()) for n in way)) for way in ways)
