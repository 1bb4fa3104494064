"""The small crossing as a protocol of controllers tells it."""

from __future__ import annotations

from small_plans import crossing

from networks import SignalPlan
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.staged.laying import staged_of
from networks.protocols.staged.plan import StagedPlan
from networks.signals.controllers.assembling import assemble_plan


def fixed(greens: float = 20.0, offset_s: float = 0.0) -> SignalPlan:
    """A plan of `crossing` whose stages last as long as each other."""
    _, controller = crossing()
    return assemble_plan(controller, [greens] * len(controller.stages), offset_s=offset_s)


def staged(plan: SignalPlan) -> StagedPlan:
    """A plan of `crossing` in stages."""
    return staged_of(plan, crossing()[1])


def record(plan: SignalPlan) -> CrossingRecord:
    """A crossing that runs it as plan 1."""
    return CrossingRecord("c", {1: staged(plan)}, 1)
