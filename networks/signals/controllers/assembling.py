"""Stages with their greens become a plan."""

from __future__ import annotations

from collections.abc import Sequence

from networks.signals.controllers.changing import change_phases, stage_state
from networks.signals.controllers.controller import Controller
from networks.signals.plans.phase import SignalPhase
from networks.signals.plans.plan import ACTUATED, STATIC, SignalPlan


def assemble_plan(
    controller: Controller,
    greens_s: Sequence[float],
    *,
    most_s: Sequence[float] | None = None,
    offset_s: float = 0.0,
    program_id: str = "0",
    source: str = "guessed",
) -> SignalPlan:
    """The plan that shows every stage of the controller in turn, with legal changes between.

    Args:
        controller: Its stages are taken in their order.
        greens_s: Seconds of each stage.
        most_s: Longest green of each stage; given, the plan is actuated from the stages' least greens up to these.
            A stage that has 0 here lasts as written.
        offset_s: Of the plan.
        program_id: Of the plan.
        source: Of the plan.
    """
    stages, phases = controller.stages, list[SignalPhase]()
    for n, (stage, green) in enumerate(zip(stages, greens_s, strict=True)):
        least, most = (green, green) if most_s is None else (stage.min_green_s, most_s[n])
        if most <= least or not stage_links(controller, n):
            least = most = green
        phases.append(SignalPhase(float(green), stage_state(controller, stage), least, most, f"stage {stage.name}"))
        if len(stages) > 1:
            phases += change_phases(controller, stage, stages[(n + 1) % len(stages)])
    kind = STATIC if most_s is None else ACTUATED
    return SignalPlan(controller.tls_id, program_id, offset_s, tuple(phases), source, kind)


def stage_links(controller: Controller, number: int) -> tuple[int, ...]:
    """The links that a stage lets go."""
    groups = controller.stages[number].groups
    return tuple(link for name in groups for link in controller.named[name].links)
