"""Other lengths for the stages of a plan that is there: yellows, all-reds and the order of stages stay as they are.

What may change is read from the plan itself: its `minDur` and `maxDur` where it has them, and otherwise every green of
at least LEAST_GREEN_S that is not part of a change between stages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import LEAST_GREEN_S, STATIC, SignalPlan

FLOOR_S = 10.0
"""Shortest green of a stage without limits of its own, s: who starts walking at its begin has crossed 12 m at 1.2 m/s
(FGSV, RiLSA 2015, 2.7.5). A green that is shorter today may stay so."""
CEILING_S = 180.0
_PHASE = re.compile(r"^phase \d+: ")
_MEASURED = re.compile(r"(?<=: )(green for )?\d+(\.\d+)? s")


@dataclass(frozen=True)
class Stretch:
    """A phase whose length may be chosen.

    Attributes:
        phase: Its number in the joined plan.
        now_s: Its length today.
        least_s, most_s: Its legal lengths.
    """

    phase: int
    now_s: float
    least_s: float
    most_s: float


def joined_phases(plan: SignalPlan) -> SignalPlan:
    """The plan with neighbours that show the same made one phase; their durations and limits add up."""
    phases = []
    for _, run in groupby(plan.phases, key=lambda phase: (phase.state, phase.changing)):
        same = list(run)
        sums = [sum(getattr(phase, name) for phase in same) for name in ("duration_s", "min_s", "max_s")]
        phases.append(replace(same[0], duration_s=sums[0], min_s=sums[1], max_s=sums[2]))
    return replace(plan, phases=tuple(phases))


def stretches(plan: SignalPlan) -> tuple[Stretch, ...]:
    """The phases of a joined plan whose lengths may be chosen; none for a plan that is not run at fixed times."""
    if plan.kind != STATIC:
        return ()
    limited = any(phase.min_s < phase.max_s for phase in plan.phases)
    links = range(len(plan.phases[0].state))
    always = {k for k in links if all(phase.state[k] in "Gg" for phase in plan.phases)}
    found = []
    for number, phase in enumerate(plan.phases):
        green = any(letter in "Gg" for k, letter in enumerate(phase.state) if k not in always)
        if green and not phase.changing and phase.duration_s >= LEAST_GREEN_S:
            least, most = _limits(phase) if limited else (math.ceil(min(FLOOR_S, phase.duration_s)), CEILING_S)
            if least < most:
                found.append(Stretch(number, phase.duration_s, least, most))
    return tuple(found)


def _limits(phase: SignalPhase) -> tuple[float, float]:
    """The limits that a phase is written with, widened to the length that it has."""
    least = max(min(phase.min_s, phase.duration_s), min(LEAST_GREEN_S, phase.duration_s))
    return math.ceil(least), math.floor(max(phase.max_s, phase.duration_s))


def with_shares(plan: SignalPlan, weights: Sequence[float], cycle_s: float) -> SignalPlan:
    """A joined plan with whole-second greens in proportion to `weights` within their limits, and this cycle if it can.

    Args:
        plan: From `joined_phases`.
        weights: One for each of `stretches(plan)`, positive.
        cycle_s: Wished cycle; the nearest that the limits allow is taken.
    """
    free = stretches(plan)
    if not free:
        return plan
    fixed = plan.cycle_s - sum(one.now_s for one in free)
    total = min(max(round(cycle_s) - fixed, sum(one.least_s for one in free)), sum(one.most_s for one in free))
    lengths = _whole(_filled(free, weights, total), free)
    phases = list(plan.phases)
    for one, seconds in zip(free, lengths, strict=True):
        phases[one.phase] = replace(phases[one.phase], duration_s=float(seconds))
    return replace(plan, phases=tuple(phases))


def _filled(free: Sequence[Stretch], weights: Sequence[float], total: float) -> list[float]:
    """Lengths in proportion to the weights, where the limits allow: the level is found by bisection."""

    def at(level: float) -> list[float]:
        return [min(max(level * w, one.least_s), one.most_s) for one, w in zip(free, weights, strict=True)]

    low, high = 0.0, max(one.most_s / w for one, w in zip(free, weights, strict=True))
    for _ in range(50):
        level = (low + high) / 2
        low, high = (level, high) if sum(at(level)) < total else (low, level)
    return at(high)


def _whole(lengths: Sequence[float], free: Sequence[Stretch]) -> list[float]:
    """Whole seconds with the same sum, the largest remainders rounded up first."""
    whole = [float(math.floor(length + 1e-6)) for length in lengths]
    short = round(sum(lengths) - sum(whole))
    for number in sorted(range(len(whole)), key=lambda n: whole[n] - lengths[n]):
        if short > 0 and whole[number] + 1 <= free[number].most_s:
            whole[number] += 1
            short -= 1
    return whole


def new_faults(found: Sequence[str], own: Sequence[str]) -> list[str]:
    """The faults that the plan of today does not have, or has less of.

    Args:
        found: Of the changed plan, from `SignalPlan.check` or `check_plan`.
        own: Of the plan of today.
    """
    today: dict[str, float] = {}
    for text in own:
        today[_kind(text)] = min(_seconds(text), today.get(_kind(text), math.inf))
    return [text for text in found if _kind(text) not in today or _seconds(text) < today[_kind(text)] - 0.05]


def _kind(text: str) -> str:
    """A fault without its measure and without the number of the phase: another plan counts its phases otherwise."""
    return _PHASE.sub("", _MEASURED.sub("", text, count=1))


def _seconds(text: str) -> float:
    """What a fault's text says was measured; infinite where it measures nothing."""
    found = _MEASURED.search(text)
    return float(found.group().removeprefix("green for ").removesuffix(" s")) if found else math.inf
