"""The phases of a plan that are shown, where phases name those that follow them."""

from __future__ import annotations

from dataclasses import replace

from networks.errors import BadInput
from networks.signals.plans.plan import SignalPlan


def shown_loop(plan: SignalPlan) -> SignalPlan:
    """The plan with the phases of its loop alone, from its first phase on, none of which names a follower.

    Raises:
        BadInput: The traffic chooses between several followers, or the loop does not come back to the first phase.
    """
    if not any(phase.following for phase in plan.phases):
        return plan
    seen, now = list[int](), 0
    while now not in seen:
        seen.append(now)
        able = plan.phases[now].following or ((now + 1) % len(plan.phases),)
        if len(set(able)) > 1:
            raise _branching(plan, f"phase {now} is followed by any of {', '.join(map(str, able))}")
        now = able[0]
    if now != 0:
        raise _branching(plan, f"its phases come back to phase {now}, not to the first")
    return replace(plan, phases=tuple(replace(plan.phases[n], following=()) for n in seen))


def _branching(plan: SignalPlan, what: str) -> BadInput:
    return BadInput(
        what,
        place=f"signal {plan.tls_id}, programme {plan.program_id}",
        expected="phases that follow each other in one loop",
        remedy="export it as sumo",
    )
