"""Reasons for changes of a plan that the two plans and the geometry tell by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viz.signals.plans.course import GREENS
from viz.signals.plans.one_round import one_round
from viz.signals.plans.plan_change import PlanChange, plan_changes
from viz.signals.plans.plan_stage import PlanStage, plan_stages
from viz.text import words

if TYPE_CHECKING:
    from networks import Controller, Sentence, SignalPlan


def plain_reasons(before: SignalPlan, after: SignalPlan, controller: Controller) -> dict[tuple[str, str], Sentence]:
    """(kind, subject) of a `PlanChange` -> why, where nobody needs to be asked.

    A clearance or yellow that is too short today and is not afterwards; a stage that is dropped because others serve
    its links. Why a split or an offset is what it is, only who made the plan can tell.
    """
    found: dict[tuple[str, str], Sentence] = {}
    old, new = (plan_stages(one_round(plan).plan) for plan in (before, after))
    for one in plan_changes(before, after, controller):
        if one.kind in ("clearance", "yellow") and _mended(one):
            found[one.kind, one.subject] = words("reason.too_short", before=one.before, needed=f"{one.needed:g}")
        if one.kind == "split" and not one.after:
            dropped = next(stage for stage in old if str(stage.number) == one.subject)
            if told := _served_elsewhere(dropped, new):
                found[one.kind, one.subject] = told
    return found


def _mended(change: PlanChange) -> bool:
    if change.needed is None or not change.before or not change.after:
        return False
    return float(change.before) < change.needed <= float(change.after)


def _served_elsewhere(dropped: PlanStage, stages: tuple[PlanStage, ...]) -> Sentence | None:
    """Whether every link of a stage is green in others; told with how many of them then give way."""
    links = [k for k, letter in enumerate(dropped.state) if letter in GREENS]
    shown = [{stage.state[k] for stage in stages} & set(GREENS) for k in links]
    if not all(shown):
        return None
    waiting = sum("G" not in letters for letters in shown)
    return words("reason.dropped", links=len(links), waiting=waiting)
