"""A plan as beats, each with the shortest and the longest length that is legal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate

from models.emergency.greenwave.needs import least_lengths, longest_red_s, needs_of
from networks import Controller, Layout, RuleTable, SignalPlan
from networks.errors import BadInput
from networks.rules.ground import Ground, ground_of
from networks.rules.lamps import plan_lamps
from networks.signals.plans.plan import ACTUATED, STATIC
from networks.signals.plans.stretching import joined_phases
from networks.signals.plans.ways import plan_ways

LONGER = 0.5
"""While a signal comes back into step a green is longer by at most so much of its length."""
HOLD_S = 90.0
"""So long a green is held for a blue light at most, beyond its own length."""
LEAD_S = 10.0
"""So much sooner than a round of least greens before its wave a signal without a clock is taken over."""
Lamp = tuple[int, ...]
"""The links that a lamp drives: they show the same."""


@dataclass(frozen=True)
class Beat:
    """One phase of the plan.

    Attributes:
        state: What it shows.
        now_s: Its length in the plan, whole seconds; in an actuated plan the length that is expected.
        least_s, most_s: Its legal lengths; equal to `now_s` between stages.
        number: Of the phase in the programme that the signal runs, from 0.
    """

    state: str
    now_s: int
    least_s: int
    most_s: int
    number: int = 0


@dataclass(frozen=True)
class Rhythm:
    """A plan that can be held, hurried and brought back into step; nobody is left out and the order is kept.

    Attributes:
        plan: One round of the plan; of fixed times with neighbours that show the same joined.
        beats: Its phases in their order.
        red_most_s: Nobody waits longer than this between two greens.
        clocked: It keeps to a clock; what does not (an actuated plan) goes on from any of its beats.
        gives_way: Link -> the vehicles' lamps that it gives way to when both are green.
        yellow_s, green_s: Yellow and least green of each of those links.
    """

    plan: SignalPlan
    beats: tuple[Beat, ...]
    red_most_s: float
    clocked: bool = True
    gives_way: Mapping[int, tuple[Lamp, ...]] = field(default_factory=dict)
    yellow_s: Mapping[int, float] = field(default_factory=dict)
    green_s: Mapping[int, float] = field(default_factory=dict)

    @property
    def cycle_s(self) -> int:
        """Length of the cycle."""
        return sum(beat.now_s for beat in self.beats)

    @property
    def lead_s(self) -> float:
        """So long before its green is needed it has to be asked: of a plan without a clock, a round of least greens."""
        return math.inf if self.clocked else sum(beat.least_s for beat in self.beats) + LEAD_S

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

    def serves(self, links: tuple[int, ...], lane: tuple[int, ...] = ()) -> tuple[bool, ...]:
        """Whether each beat lets all of these links go that the plan ever lets go at once.

        Args:
            links: Of the vehicle.
            lane: Further links of the same lanes: who waits there for his own green keeps the vehicle waiting, so of
                several such beats those count that let most of these go.
        """
        lit = [(self._lit(beat, links), self._lit(beat, lane)) for beat in self.beats]
        best = max(lit, default=(0, 0))
        return tuple(best[0] > 0 and one == best for one in lit)

    def _lit(self, beat: Beat, links: tuple[int, ...]) -> int:
        return sum(beat.state[link] in "Gg" for link in links)


def rhythm_of(plan: SignalPlan, controller: Controller, layout: Layout, table: RuleTable) -> Rhythm:
    """The rhythm of a plan under a table of rules.

    A beat may be shortened until a least green, an intergreen, a pedestrian's clearance or the time to cross an arm
    would be shorter than the rules ask; where the plan is shorter than they ask today it is not made any shorter. A
    green of an actuated plan lasts between its own limits, narrowed by the rules.

    Raises:
        BadInput: Its phases do not follow one another round and round; it is neither of fixed times nor actuated, is
            coordinated or waits to be called; or fixed times are not whole seconds.
    """
    place = f"signal {plan.tls_id}, program {plan.program_id}"
    ways = plan_ways(plan)
    if plan.control not in (STATIC, ACTUATED) or len(ways) > 1:
        said = f"its control is {plan.control}" if len(ways) == 1 else "its phases branch"
        raise BadInput(said, place=place, expected="fixed times or actuated greens in one order")
    clocked, whole = plan.kind == STATIC, plan
    plan = joined_phases(ways[0]) if clocked else _expected(ways[0])
    if any(abs(phase.duration_s - round(phase.duration_s)) > 1e-6 for phase in plan.phases):
        raise BadInput("its phases are not whole seconds", place=place, expected="whole seconds")
    now = [round(phase.duration_s) for phase in plan.phases]
    fixed = [
        phase.changing or not any(c in "Gg" for c in phase.state) or not (clocked or phase.min_s < phase.max_s)
        for phase in plan.phases
    ]
    ground = ground_of(layout, plan_lamps(plan, controller), table)
    least = least_lengths(now, fixed, list(needs_of(plan, ground, controller)))
    most = [n if still else max(math.floor(n * (1 + LONGER)), n + 5) for n, still in zip(now, fixed, strict=True)]
    if not clocked:
        least = [max(a, min(math.ceil(phase.min_s), n)) for a, n, phase in zip(least, now, plan.phases, strict=True)]
        most = [max(math.floor(phase.max_s), n) for n, phase in zip(now, plan.phases, strict=True)]
        numbers = _order(whole)
    else:
        numbers = [0] * len(now)
    states = [phase.state for phase in plan.phases]
    beats = tuple(Beat(*one) for one in zip(states, now, least, most, numbers, strict=True))
    red_most_s = max(table.value("most_red", math.inf) or math.inf, longest_red_s(plan, ground))
    return Rhythm(plan, beats, red_most_s, clocked, *_first_goers(plan, ground, controller))


def _first_goers(
    plan: SignalPlan, ground: Ground, controller: Controller
) -> tuple[dict[int, tuple[Lamp, ...]], dict[int, float], dict[int, float]]:
    """`gives_way`, `yellow_s` and `green_s` of a rhythm; none where lamps turn red-amber before they are green."""
    if any("u" in phase.state for phase in plan.phases):
        return {}, {}, {}
    lamps = {link: lamp for lamp in ground.lamps if lamp.kind == "vehicle" for link in lamp.links}
    ways = {
        link: tuple(sorted({lamps[one].links for one in others if one in lamps and link not in lamps[one].links}))
        for link, others in controller.gives_way.items()
    }
    first = {one for others in ways.values() for lamp in others for one in lamp}
    return (
        {link: others for link, others in ways.items() if others},
        {one: float(math.ceil(lamps[one].yellow_s)) for one in first},
        {one: float(math.ceil(lamps[one].min_green_s)) for one in first},
    )


def _order(plan: SignalPlan) -> list[int]:
    """Numbers of the phases of the first way round."""
    way = [0]
    while (after := (plan.phases[way[-1]].following or ((way[-1] + 1) % len(plan.phases),))[0]) not in way:
        way.append(after)
    return way[way.index(after) :]


def _expected(plan: SignalPlan) -> SignalPlan:
    """An actuated plan whose durations lie within its limits."""
    phases = (
        replace(phase, duration_s=float(math.ceil(min(max(phase.duration_s, phase.min_s), phase.max_s))))
        for phase in plan.phases
    )
    return replace(plan, phases=tuple(phases))
