"""One round of a plan as it runs: phases that name their next are followed, those never reached are left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import SignalPlan


@dataclass(frozen=True)
class Round:
    """How a plan goes round.

    Attributes:
        plan: The plan with the phases of one round alone, in the order in which they run. Its offset counts to the
            begin of its first phase.
        phases: Their numbers in the whole plan.
        unreached: Numbers of the phases that no way leads to.
        choices: Numbers of the phases of the round after which the controller chooses; the first choice is followed.
    """

    plan: SignalPlan
    phases: tuple[int, ...]
    unreached: tuple[int, ...]
    choices: tuple[int, ...]


def one_round(plan: SignalPlan) -> Round:
    """The round that a plan takes from its first phase on, by the first choice wherever there are several."""
    way = [0]
    while (following := _next(plan, way[-1])[0]) not in way:
        way.append(following)
    lead = way.index(following)
    before = sum(plan.phases[n].duration_s for n in way[:lead])
    own = tuple(way[lead:])
    phases = tuple(replace(plan.phases[n], following=()) for n in own)
    return Round(
        replace(plan, phases=phases, offset_s=plan.offset_s + before),
        own,
        tuple(n for n in range(len(plan.phases)) if n not in _reached(plan)),
        tuple(n for n in own if len(_next(plan, n)) > 1),
    )


def _next(plan: SignalPlan, number: int) -> tuple[int, ...]:
    return plan.phases[number].following or ((number + 1) % len(plan.phases),)


def _reached(plan: SignalPlan) -> set[int]:
    found, waiting = {0}, [0]
    while waiting:
        for further in _next(plan, waiting.pop()):
            if further not in found:
                found.add(further)
                waiting.append(further)
    return found
