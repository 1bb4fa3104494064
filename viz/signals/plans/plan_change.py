"""What differs between two plans of one signal: control, cycle, offset, stages, splits, greens, clearances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from viz.signals.plans.course import GREENS, course, greens
from viz.signals.plans.one_round import one_round
from viz.signals.plans.plan_stage import PlanStage, plan_stages

if TYPE_CHECKING:
    from networks import Controller, SignalPlan

Kind = Literal["control", "cycle", "offset", "stages", "split", "limits", "green", "yellow", "clearance"]
NEXT_S = 15.0
"""A group whose green begins later after another's than this does not follow it directly: no clearance is told."""


@dataclass(frozen=True)
class PlanChange:
    """One difference.

    Attributes:
        kind: What differs.
        subject: A stage's or a group's name, two groups for a clearance, "" for the whole plan.
        before, after: As people read them, without unit; "" where there was none.
        needed: The least that the geometry asks for, seconds; None where nothing is asked.
        shorter: Whether a time of safety is shorter than `needed` afterwards.
    """

    kind: Kind
    subject: str
    before: str
    after: str
    needed: float | None = None
    shorter: bool = False


def plan_changes(before: SignalPlan, after: SignalPlan, controller: Controller) -> tuple[PlanChange, ...]:
    """Every difference between two plans of a signal at their written lengths; none for equal plans.

    Args:
        before: What runs today.
        after: What is proposed.
        controller: For groups and intergreens.
    """
    before, after = one_round(before).plan, one_round(after).plan
    whole = [
        PlanChange("control", "", before.control, after.control),
        PlanChange("cycle", "", f"{before.cycle_s:g}", f"{after.cycle_s:g}"),
        PlanChange("offset", "", f"{before.offset_s:g}", f"{after.offset_s:g}"),
    ]
    found = [*whole, *_stages(before, after), *_groups(before, after, controller)]
    found += _clearances(before, after, controller)
    return tuple(one for one in found if one.before != one.after)


def _stages(before: SignalPlan, after: SignalPlan) -> Iterator[PlanChange]:
    """Stages are the same where the same links are green; they keep the number that they have today."""
    old, new = plan_stages(before), plan_stages(after)
    numbers: dict[tuple[int, ...], str] = {}
    for stage in old:
        numbers.setdefault(_green_links(stage), str(stage.number))
    extra = [stage for stage in new if _green_links(stage) not in numbers]
    numbers |= {_green_links(stage): f"+{n}" for n, stage in enumerate(extra, 1)}
    order = [" ".join(numbers[_green_links(s)] for s in stages) for stages in (old, new)]
    yield PlanChange("stages", "", order[0], order[1])
    for links, number in numbers.items():
        own = [[s for s in stages if _green_links(s) == links] for stages in (old, new)]
        told = [" + ".join(f"{s.seconds:g}" for s in stages) for stages in own]
        yield PlanChange("split", number, told[0], told[1])
        yield PlanChange("limits", number, _limits(before, own[0]), _limits(after, own[1]))


def _limits(plan: SignalPlan, stages: Sequence[PlanStage]) -> str:
    return "" if plan.kind == "static" else " + ".join(f"{s.least_s:g}–{s.most_s:g}" for s in stages if s.free)


def _green_links(stage: PlanStage) -> tuple[int, ...]:
    return tuple(k for k, letter in enumerate(stage.state) if letter in GREENS)


def _groups(before: SignalPlan, after: SignalPlan, controller: Controller) -> Iterator[PlanChange]:
    for group in controller.groups:
        if not group.links:
            continue
        shown = [course(plan, group.links) for plan in (before, after)]
        green = [
            sum(e - b for b, e in greens(own, plan.cycle_s)) for own, plan in zip(shown, (before, after), strict=True)
        ]
        yield PlanChange("green", group.name, f"{green[0]:g}", f"{green[1]:g}")
        yellow = [min((s.seconds for s in own if s.letter == "y"), default=0.0) for own in shown]
        short = bool(yellow[1]) and yellow[1] < group.yellow_s
        yield PlanChange("yellow", group.name, f"{yellow[0]:g}", f"{yellow[1]:g}", group.yellow_s, short)


def _clearances(before: SignalPlan, after: SignalPlan, controller: Controller) -> Iterator[PlanChange]:
    names = [group.name for group in controller.groups if group.links]
    for losing in names:
        for gaining in names:
            if not controller.conflicts.forbids(losing, gaining):
                continue
            gaps = [clearance_s(plan, controller, losing, gaining) for plan in (before, after)]
            needed = controller.intergreens.between(losing, gaining)
            told = ["" if gap is None else f"{gap:g}" for gap in gaps]
            short = gaps[1] is not None and gaps[1] < needed
            yield PlanChange("clearance", f"{losing} > {gaining}", told[0], told[1], needed, short)


def clearance_s(plan: SignalPlan, controller: Controller, losing: str, gaining: str) -> float | None:
    """Least seconds from the end of one group's green to the next begin of the other's; negative while both are green.

    Returns:
        None where the other's green does not follow within NEXT_S.
    """
    own, other = (greens(course(plan, controller.named[name].links), plan.cycle_s) for name in (losing, gaining))
    gaps = []
    for begin, end in own:
        for start, stop in other:
            over = min(end, stop) - max(begin, start)
            gaps.append(-over if over > 0 else (start - end) % plan.cycle_s)
    least = min(gaps, default=NEXT_S + 1)
    return least if least <= NEXT_S else None
