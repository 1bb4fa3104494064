"""Whether a plan fits a signal: with today's stages by today's plan, with stages of its own by the controller."""

from __future__ import annotations

from networks.signals.controllers.building import build_controller
from networks.signals.controllers.checking import check_plan
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.stretching import new_faults


def plan_faults(plan: SignalPlan, today: SignalPlan, layout: Layout | None) -> list[str]:
    """What makes a plan unsafe or unfit for a signal, a sentence each; empty when it may run.

    With the stages of today's plan it is judged against that (`SignalPlan.check`); with stages of its own by the
    signal's controller (`check_plan`), and what is as wrong today is not held against it.

    Args:
        plan: To be judged.
        today: What the signal runs.
        layout: Of the signal; None where it is not known: then only today's stages will do.
    """
    found = plan.check(today)
    known, links = {phase.state for phase in today.phases}, len(today.phases[0].state)
    if not found or layout is None or known.issuperset(phase.state for phase in plan.phases):
        return found
    if plan.tls_id != today.tls_id or any(len(phase.state) != links or phase.duration_s <= 0 for phase in plan.phases):
        return found
    controller = build_controller(layout)
    return new_faults(check_plan(plan, controller), check_plan(today, controller))
