"""The stages that a plan shows, read from its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from viz.signals.plans.course import GREENS

if TYPE_CHECKING:
    from networks import SignalPhase, SignalPlan

LEAST_S = 5.0
"""A green that is shorter and may not grow belongs to the change between two stages."""
_WALK = "stage walk"


@dataclass(frozen=True)
class PlanStage:
    """A stage as the plan shows it.

    Attributes:
        number: From 1, in the order of the cycle.
        begin_s, end_s: Seconds from the begin of the cycle.
        state: One letter for each link.
        least_s, most_s: Limits; both its length where it has none.
        change_s: Seconds until the next stage begins.
        phases: Numbers of its phases in the plan, from 0.
    """

    number: int
    begin_s: float
    end_s: float
    state: str
    least_s: float
    most_s: float
    change_s: float
    phases: tuple[int, ...]

    @property
    def seconds(self) -> float:
        """Its written length."""
        return self.end_s - self.begin_s

    @property
    def free(self) -> bool:
        """Whether its length is chosen while it runs."""
        return self.least_s < self.most_s


def plan_stages(plan: SignalPlan) -> tuple[PlanStage, ...]:
    """The stages in the order of the cycle: greens of at least LEAST_S, or that may grow, outside of changes."""
    always = [k for k in range(len(plan.phases[0].state)) if all(p.state[k] in GREENS for p in plan.phases)]
    found: list[PlanStage] = []
    now = 0.0
    for number, phase in enumerate(plan.phases):
        end = now + phase.duration_s
        if _is_stage(phase, always):
            one = PlanStage(
                len(found) + 1, now, end, phase.state, phase.min_s, max(phase.min_s, phase.max_s), 0.0, (number,)
            )
            if found and found[-1].state == one.state and found[-1].end_s == now:
                found[-1] = _joined(found[-1], one)
            else:
                found.append(one)
        now = end
    return _with_changes(found, plan.cycle_s)


def _is_stage(phase: SignalPhase, always: Sequence[int]) -> bool:
    if phase.changing:
        return False
    if phase.name == _WALK:
        return True
    green = any(letter in GREENS for k, letter in enumerate(phase.state) if k not in always)
    return green and (phase.duration_s >= LEAST_S or phase.max_s > phase.min_s)


def _joined(one: PlanStage, other: PlanStage) -> PlanStage:
    least, most = one.least_s + other.least_s, one.most_s + other.most_s
    return replace(one, end_s=other.end_s, least_s=least, most_s=most, phases=one.phases + other.phases)


def _with_changes(found: Sequence[PlanStage], cycle_s: float) -> tuple[PlanStage, ...]:
    begins = [one.begin_s for one in found[1:]] + [one.begin_s + cycle_s for one in found[:1]]
    return tuple(replace(one, change_s=begin - one.end_s) for one, begin in zip(found, begins, strict=True))
