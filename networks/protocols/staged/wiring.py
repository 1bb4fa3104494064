"""Which lamps hang together: a plan told in the lamp groups that a controller has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from networks.errors import BadInput
from networks.protocols.staged.laying import staged_of
from networks.protocols.staged.plan import Served, StagedGroup, StagedPlan
from networks.signals.controllers.controller import Controller
from networks.signals.plans.plan import SignalPlan


def wired_as(plan: StagedPlan, lamps: tuple[StagedGroup, ...]) -> StagedPlan | None:
    """The same plan with other groups of the same links; None where links of one of them do not show the same.

    Args:
        plan: What shall be shown.
        lamps: The groups of the controller.
    """
    if [(g.number, g.links) for g in plan.groups] == [(g.number, g.links) for g in lamps]:
        return plan
    if sorted(k for g in plan.groups for k in g.links) != sorted(k for g in lamps for k in g.links):
        return None
    homes: dict[int, int] = {}
    made = []
    for lamp in lamps:
        own = [group for group in plan.groups if set(group.links) & set(lamp.links)]
        if any(_shown(plan, one) != _shown(plan, own[0]) for one in own[1:]):
            return None
        homes[lamp.number] = own[0].number
        times = own[0]
        made.append(replace(lamp, yellow_s=times.yellow_s, red_amber_s=times.red_amber_s, flashing_s=times.flashing_s))
    stages = []
    for stage in plan.stages:
        served = {one.group: one for one in stage.served}
        both = [(number, served[home]) for number, home in sorted(homes.items()) if home in served]
        stages.append(replace(stage, served=tuple(Served(number, one.late_s, one.early_s) for number, one in both)))
    return replace(plan, groups=tuple(made), stages=tuple(stages))


def staged_in(plan: SignalPlan, controller: Controller, wiring: Mapping[str, SignalPlan]) -> StagedPlan:
    """The stages of a plan in the lamp groups of the plan that the network has; in its own where they do not do.

    Raises:
        BadInput: It cannot be told (see `staged_of`).
    """
    staged = staged_of(plan, controller)
    try:
        network = staged_of(wiring[plan.tls_id], controller) if plan.tls_id in wiring else staged
    except BadInput:
        return staged
    return wired_as(staged, network.groups) or staged


def _shown(plan: StagedPlan, group: StagedGroup) -> tuple[object, ...]:
    greens = [(one.late_s, one.early_s) if one else None for one in _served(plan, group.number)]
    return (greens, group.yellow_s, group.red_amber_s, group.flashing_s)


def _served(plan: StagedPlan, number: int) -> list[Served | None]:
    return [next((one for one in stage.served if one.group == number), None) for stage in plan.stages]
