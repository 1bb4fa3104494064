"""A fixed plan as beats, each with the shortest and the longest length that is legal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, permutations

from networks import Controller, Layout, RuleTable, SignalPlan
from networks.errors import BadInput
from networks.rules.ground import Ground, ground_of
from networks.rules.lamps import plan_lamps
from networks.signals.plans.plan import STATIC
from networks.signals.plans.stretching import joined_phases

LONGER = 0.5
"""While a signal comes back into step a green is longer by at most so much of its length."""
HOLD_S = 90.0
"""So long a green is held for a blue light at most, beyond its own length."""
Need = tuple[tuple[int, ...], float]


@dataclass(frozen=True)
class Beat:
    """One phase of the plan.

    Attributes:
        state: What it shows.
        now_s: Its length in the plan, whole seconds.
        least_s, most_s: Its legal lengths; equal to `now_s` between stages.
    """

    state: str
    now_s: int
    least_s: int
    most_s: int


@dataclass(frozen=True)
class Rhythm:
    """A plan that can be held, hurried and brought back into step; nobody is left out and the order is kept.

    Attributes:
        plan: The plan with neighbours that show the same joined.
        beats: Its phases in their order.
        red_most_s: Nobody waits longer than this between two greens.
    """

    plan: SignalPlan
    beats: tuple[Beat, ...]
    red_most_s: float

    @property
    def cycle_s(self) -> int:
        """Length of the cycle."""
        return sum(beat.now_s for beat in self.beats)

    @property
    def starts_s(self) -> tuple[int, ...]:
        """When each beat begins in the cycle."""
        return (0, *accumulate(beat.now_s for beat in self.beats[:-1]))

    def at(self, second: float, offset_s: float | None = None) -> tuple[int, int]:
        """(beat, seconds since it began) of the plan in step.

        Args:
            second: Of the clock.
            offset_s: Of the plan; None takes the plan's own.
        """
        offset = self.plan.offset_s if offset_s is None else offset_s
        into = round(second - offset) % self.cycle_s
        number = max(n for n, start in enumerate(self.starts_s) if start <= into)
        return number, into - self.starts_s[number]

    def serves(self, links: tuple[int, ...]) -> tuple[bool, ...]:
        """Whether each beat lets all of these links go that the plan ever lets go at once."""
        best = max((self._lit(beat, links) for beat in self.beats), default=0)
        return tuple(best > 0 and self._lit(beat, links) == best for beat in self.beats)

    def _lit(self, beat: Beat, links: tuple[int, ...]) -> int:
        return sum(beat.state[link] in "Gg" for link in links)


def rhythm_of(plan: SignalPlan, controller: Controller, layout: Layout, table: RuleTable) -> Rhythm:
    """The rhythm of a plan under a table of rules.

    A beat may be shortened until a least green, an intergreen, a pedestrian's clearance or the time to cross an arm
    would be shorter than the rules ask; where the plan is shorter than they ask today it is not made any shorter.

    Raises:
        BadInput: It is not run at fixed times, or not in whole seconds.
    """
    place = f"signal {plan.tls_id}, program {plan.program_id}"
    if plan.kind != STATIC or any(phase.following for phase in plan.phases):
        raise BadInput(f"its control is {plan.control}", place=place, expected="a plan with fixed times and one order")
    plan = joined_phases(plan)
    if any(abs(phase.duration_s - round(phase.duration_s)) > 1e-6 for phase in plan.phases):
        raise BadInput("its phases are not whole seconds", place=place, expected="whole seconds")
    now = [round(phase.duration_s) for phase in plan.phases]
    fixed = [phase.changing or not any(c in "Gg" for c in phase.state) for phase in plan.phases]
    ground = ground_of(layout, plan_lamps(plan, controller), table)
    least = _least(now, fixed, list(_needs(plan, ground, controller)))
    beats = tuple(
        Beat(phase.state, length, low, length if still else max(math.floor(length * (1 + LONGER)), length + 5))
        for phase, length, low, still in zip(plan.phases, now, least, fixed, strict=True)
    )
    return Rhythm(plan, beats, max(table.value("most_red", math.inf) or math.inf, _longest_red(plan, ground)))


def _least(now: list[int], fixed: list[bool], needs: list[Need]) -> list[int]:
    """The shortest lengths that keep every need together: the longest beat gives first."""
    least = list(now)
    for n in sorted(range(len(now)), key=lambda k: (-now[k], k)):
        if not fixed[n]:
            slack = min((sum(least[k] for k in run) - asked for run, asked in needs if n in run), default=math.inf)
            least[n] = max(1, least[n] - max(0, math.floor(min(slack, now[n]) + 1e-6)))
    return least


def _needs(plan: SignalPlan, ground: Ground, controller: Controller) -> Iterator[Need]:
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


def _longest_red(plan: SignalPlan, ground: Ground) -> float:
    reds = [
        sum(plan.phases[k].duration_s for k in run)
        for lamp in ground.lamps
        if lamp.links
        for run in _runs(plan, lamp.links, "GgyY", shown=False)
    ]
    return max(reds, default=0.0)
