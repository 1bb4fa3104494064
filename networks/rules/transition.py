"""From one plan to another: a stage to change over in, cycles until the new offset holds, and how long anyone waits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from networks.rules.ground import Ground, ground_of
from networks.rules.judging import Judge
from networks.rules.lamps import plan_lamps
from networks.rules.table import RuleTable
from networks.rules.verdict import Verdict
from networks.sentence import say
from networks.signals.controllers.controller import Controller
from networks.signals.groups.group import SignalGroup
from networks.signals.layouts.layout import Layout
from networks.signals.plans.course import Course, course_of
from networks.signals.plans.plan import STATIC, SignalPlan
from networks.signals.plans.ways import plan_ways

_LIT = str.maketrans({"g": "G", "s": "r"})


@dataclass(frozen=True)
class _Change:
    """A stage that both plans show: its end and green in the plan of before, its begin in the plan of after, s."""

    stage: str
    before_end: float
    after_begin: float
    green_s: float


def check_transition(
    before: SignalPlan, after: SignalPlan, controller: Controller, table: RuleTable, *, layout: Layout
) -> tuple[Verdict, ...]:
    """Verdicts on the change from one plan of a signal to another.

    The change is made in a stage that both show, so that nobody's green is cut and every intergreen is one of a plan.
    The new offset is then approached by cycles that are longer by at most `transition_change`, or shorter by at most
    that and by no more than greens have above their least. Of plans whose cycles differ the worst moment is judged.
    A plan that keeps to no clock has no offset to approach. Where both plans name the second at which they may change
    over (SUMO's `GSP`), the change is made there. Of phases that branch the first way round is taken.
    """
    judge, old, new = Judge(after.tls_id, table), plan_ways(before)[0], plan_ways(after)[0]
    courses = course_of(old, longest=True), course_of(new, longest=True)
    changes = _changes(*courses)
    if (point := switching_point(old)) is not None and switching_point(new) is not None:
        changes = [replace(one, before_end=one.before_end - one.green_s + point[1]) for one in changes]
        changes = [one for one in changes if one.stage.translate(_LIT) == point[0].translate(_LIT)]
    clocked = new.kind == STATIC or new.coordinated
    wait = table.value("transition_change") * new.cycle_s if clocked and "transition_change" in table else 0.0
    ground = ground_of(layout, plan_lamps(after, controller), table)
    return (
        *_stages(judge, changes),
        *(_cycles(judge, ground, old, new) if clocked else ()),
        *_reds(judge, ground, courses, changes, wait),
    )


def _changes(before: Course, after: Course) -> list[_Change]:
    return [
        _Change(state, ends, begins, ends - since)
        for since, ends, state in before.steps
        for begins, _, other in after.steps
        if state.translate(_LIT) == other.translate(_LIT) and "G" in state.upper() and not set(state) & set("yYu")
    ]


def switching_point(plan: SignalPlan) -> tuple[str, float] | None:
    """The stage in which a plan may change over, and the seconds of it shown by then; None where it names none."""
    said = dict(plan.params).get("GSP", "")
    if not said.replace(".", "", 1).isdigit():
        return None
    begin = 0.0
    for phase in plan.phases:
        if begin <= float(said) < begin + phase.duration_s:
            return phase.state, float(said) - begin + 1.0
        begin += phase.duration_s
    return None


def _stages(judge: Judge, changes: list[_Change]) -> Iterator[Verdict]:
    if judge.asks("transition_stage"):
        count = len({one.stage.translate(_LIT) for one in changes})
        why = say("no stage is in both plans: any change cuts a green", "两套方案没有共同阶段：切换必然截断绿灯")
        yield judge.verdict("transition_stage", "both plans", float(count), why=say("", "") if count else why)


def _cycles(judge: Judge, ground: Ground, before: SignalPlan, after: SignalPlan) -> Iterator[Verdict]:
    if not judge.asks("transition_cycles"):
        return
    cycle, step = after.cycle_s, judge.table.value("transition_change") * after.cycle_s
    shorter = min(step, _slack_s(ground, after))
    if math.isclose(before.cycle_s, cycle):
        shifts = [(after.offset_s - before.offset_s) % cycle]
    else:
        shifts = [cycle * n / 120 for n in range(120)]
    count = max(_needed(shift, cycle, step, shorter) for shift in shifts)
    subject = f"cycle {before.cycle_s:g} > {cycle:g} s, offset {before.offset_s:g} > {after.offset_s:g} s"
    yield judge.verdict("transition_cycles", subject, count)


def _needed(shift: float, cycle: float, longer: float, shorter: float) -> float:
    """Cycles until the shift is made, by whichever way is shorter."""
    if min(shift, cycle - shift) < 1e-6:
        return 0.0
    by_longer = math.ceil(shift / longer - 1e-9) if longer > 0 else math.inf
    by_shorter = math.ceil((cycle - shift) / shorter - 1e-9) if shorter > 0 else math.inf
    return float(min(by_longer, by_shorter))


def _slack_s(ground: Ground, plan: SignalPlan) -> float:
    """What the greens of a plan have above their least, s, each phase for itself."""
    slack = 0.0
    for phase in plan.phases:
        shown = [lamp for lamp in ground.lamps if any(phase.state[link] in "Gg" for link in lamp.links)]
        if shown and not phase.changing:
            slack += max(0.0, phase.duration_s - max(lamp.min_green_s for lamp in shown))
    return slack


def _reds(
    judge: Judge, ground: Ground, courses: tuple[Course, Course], changes: list[_Change], wait: float
) -> Iterator[Verdict]:
    if not judge.asks("transition_red") or not changes:
        return
    lamps = [lamp for lamp in ground.lamps if lamp.links and courses[0].greens(lamp.links)]
    reds = [{lamp.name: _red_s(lamp, courses, one, wait) for lamp in lamps} for one in changes]
    best = min(reds, key=lambda found: max(found.values(), default=0.0))
    for lamp in lamps:
        yield judge.verdict("transition_red", lamp.name, best[lamp.name])


def _red_s(lamp: SignalGroup, courses: tuple[Course, Course], change: _Change, wait: float) -> float:
    """Red of a lamp over the change: since its last green before, the longer cycle, until its first green after."""
    before, after = courses
    if any(change.stage[link] in "Gg" for link in lamp.links) or not after.greens(lamp.links):
        return 0.0
    since = min((change.before_end - green.end) % before.cycle_s for green in before.shown(lamp.links, "GgyY"))
    until = min((green.begin - change.after_begin) % after.cycle_s for green in after.greens(lamp.links))
    return since + wait + until
