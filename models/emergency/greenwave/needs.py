"""What must not be shorter: greens, intergreens, clearances and times to cross, as lengths of beats in a row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import permutations

from networks import Controller, SignalPlan
from networks.rules.ground import Ground

Need = tuple[tuple[int, ...], float]


def least_lengths(now: list[int], fixed: list[bool], needs: list[Need]) -> list[int]:
    """The shortest lengths that keep every need together: the longest beat gives first."""
    least = list(now)
    for n in sorted(range(len(now)), key=lambda k: (-now[k], k)):
        if not fixed[n]:
            slack = min((sum(least[k] for k in run) - asked for run, asked in needs if n in run), default=math.inf)
            least[n] = max(1, least[n] - max(0, math.floor(min(slack, now[n]) + 1e-6)))
    return least


def needs_of(plan: SignalPlan, ground: Ground, controller: Controller) -> Iterator[Need]:
    """Beats in a row that must last so long together: greens, intergreens, times to cross; at most today's."""
    lit = {lamp.name: _runs(plan, lamp.links, "Gg") for lamp in ground.lamps if lamp.links}
    for lamp in ground.lamps:
        for run in lit.get(lamp.name, []):
            yield _need(plan, run, lamp.min_green_s)
    for one, other in permutations(lit, 2):
        if ground.protected.forbids(one, other):
            for run in lit[one]:
                if between := _between(plan, run, lit[other]):
                    yield _need(plan, between, ground.intergreens.between(one, other))
    walked = {one.over for one in controller.crossings}
    for crossing in ground.crossings:
        if crossing.over in walked:
            links = tuple(link for name in crossing.stopped for link in ground.named[name].links)
            gaps = _runs(plan, links, "GgyY", shown=False)
            lengths = [sum(plan.phases[k].duration_s for k in gap) for gap in gaps]
            for gap, length in zip(gaps, lengths, strict=True):
                if length >= min(crossing.need_s, max(lengths)):
                    yield _need(plan, gap, crossing.need_s)


def _need(plan: SignalPlan, run: tuple[int, ...], asked: float) -> Need:
    return run, min(asked, sum(plan.phases[k].duration_s for k in run))


def _runs(plan: SignalPlan, links: tuple[int, ...], letters: str, *, shown: bool = True) -> list[tuple[int, ...]]:
    """Beats in a row, around the end of the cycle too, in which any of the links shows one of the letters; or none."""
    count = len(plan.phases)
    on = [any(phase.state[link] in letters for link in links) is shown for phase in plan.phases]
    if all(on) or not any(on):
        return []
    first = next(n for n in range(count) if on[n] and not on[n - 1])
    runs: list[list[int]] = []
    for n in ((first + k) % count for k in range(count)):
        if on[n]:
            runs += [[]] if not on[n - 1] else []
            runs[-1].append(n)
    return [tuple(run) for run in runs]


def _between(plan: SignalPlan, run: tuple[int, ...], others: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The beats from the end of a green to the next begin of another; none where they follow at once or overlap."""
    begins, found, count = {other[0] for other in others}, list[int](), len(plan.phases)
    busy = {k for other in others for k in other}
    if busy & set(run):
        return ()
    number = (run[-1] + 1) % count
    while number not in begins and len(found) < count:
        found.append(number)
        number = (number + 1) % count
    return tuple(found) if number in begins else ()


def longest_red_s(plan: SignalPlan, ground: Ground) -> float:
    """The longest time between two greens of a lamp of the plan."""
    reds = [
        sum(plan.phases[k].duration_s for k in run)
        for lamp in ground.lamps
        if lamp.links
        for run in _runs(plan, lamp.links, "GgyY", shown=False)
    ]
    return max(reds, default=0.0)
