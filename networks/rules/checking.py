"""A plan held against a table of rules: every figure of it, right or wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from networks.errors import BadInput
from networks.rules.between import judge_pairs
from networks.rules.detectors import Lane, judge_detectors
from networks.rules.equipment import judge_countdown, judge_refuges, judge_waiting_areas
from networks.rules.ground import ground_of
from networks.rules.judging import Judge
from networks.rules.lamps import plan_lamps
from networks.rules.lights import judge_lights
from networks.rules.table import RuleTable, read_rules
from networks.rules.verdict import Verdict
from networks.rules.walking import judge_walking
from networks.sentence import say
from networks.signals.controllers.controller import Controller
from networks.signals.equipment.equipment import equipment_of
from networks.signals.layouts.layout import Layout
from networks.signals.plans.course import course_of
from networks.signals.plans.plan import ACTUATED, STATIC, SignalPlan
from networks.signals.plans.ways import plan_ways

_KINDS = (STATIC, ACTUATED, "delay_based")


def check_rules(
    plan: SignalPlan,
    controller: Controller,
    table: RuleTable | str,
    *,
    layout: Layout,
    detectors: Collection[Lane] | None = None,
) -> tuple[Verdict, ...]:
    """Every rule of the table held against the plan.

    Least figures are judged at the least length of each phase, the longest red at the greatest.

    Args:
        plan: Of the controller's signal.
        controller: From the ground.
        table: From `read_rules`, or the name of a locale.
        layout: The ground, for speeds and ways; with the plan's waiting areas and refuges (`equipped_for`).
        detectors: Lanes, as (edge, number), that have a detector; None where nobody says.

    Raises:
        BadInput: The plan cannot be run at all: it is for another signal, for another number of links, has a phase
            without duration, or a control whose phases are no course.
    """
    _require_fit(plan, controller)
    if isinstance(table, str):
        table = read_rules(table)
    ground, judge = ground_of(layout, plan_lamps(plan, controller), table), Judge(plan.tls_id, table)
    ways = plan_ways(plan)
    found = [*_served(judge, controller, layout, [phase.state for way in ways for phase in way.phases])]
    for way in ways:
        course = course_of(way)
        found += judge_pairs(judge, ground, controller, way, course)
        found += judge_lights(judge, ground, course, course_of(way, longest=True))
        found += judge_walking(judge, ground, controller, course)
        found += judge_waiting_areas(judge, ground, course)
        found += judge_refuges(judge, ground, course)
        found += judge_detectors(judge, layout, way, detectors)
    if equipment_of(plan).countdown and judge.asks("countdown"):
        found.append(judge_countdown(judge, ground, ways))
    return _worst(found)


def _worst(found: list[Verdict]) -> tuple[Verdict, ...]:
    """Of verdicts of one rule on one subject, by several ways through the phases, one that fails."""
    kept: dict[tuple[str, str], Verdict] = {}
    for verdict in found:
        key = (verdict.rule, verdict.subject)
        if key not in kept or (verdict.passed is False and kept[key].passed is not False):
            kept[key] = verdict
    return tuple(kept.values())


def _require_fit(plan: SignalPlan, controller: Controller) -> None:
    links, place = len(controller.red), f"signal {plan.tls_id}, program {plan.program_id}"
    if plan.tls_id != controller.tls_id:
        raise BadInput(f"it is for signal {plan.tls_id}, not {controller.tls_id}", place=place)
    odd = sorted({len(phase.state) for phase in plan.phases} - {links})
    if odd or not plan.phases:
        said = f"its states have {odd[0]} letters, the signal has {links} links" if odd else "it has no phases"
        raise BadInput(said, place=place, expected=f"one letter for each of {links} links")
    for number, phase in enumerate(plan.phases, 1):
        if not phase.duration_s > 0 or phase.min_s > phase.max_s or phase.min_s < 0:
            said = f"phase {number}: duration {phase.duration_s:g}, minDur {phase.min_s:g}, maxDur {phase.max_s:g}"
            raise BadInput(said, place=place, expected="durations above 0, minDur not above maxDur")
        odd_ends = [end for end in phase.terms.ends_s if end and not 0 <= end <= plan.cycle_s]
        if plan.coordinated and odd_ends:
            raise BadInput(
                f"phase {number} ends at second {odd_ends[0]:g} of a cycle of {plan.cycle_s:g} s",
                place=place,
                expected="earliestEnd and latestEnd within the cycle",
            )
    if plan.kind not in _KINDS:
        raise BadInput(
            f"its control is {plan.kind}: its phases do not follow one another, so they cannot be judged",
            place=place,
            expected=" or ".join(_KINDS),
        )


def _served(judge: Judge, controller: Controller, layout: Layout, states: list[str]) -> Iterator[Verdict]:
    if not judge.asks("served"):
        return
    ways = {m.index: f"from {m.from_edge} to {m.to_edge}" for m in layout.movements}
    dark = [k for k in sorted(controller.group_of) if not any(state[k] in "GgoO" for state in states)]
    for link in dark:
        why = say(
            f"no stage of signal {judge.tls_id} serves link {link}, {ways.get(link, '')}",
            f"信号{judge.tls_id}没有任何阶段放行连接{link}（{ways.get(link, '')}）",
        )
        yield judge.verdict("served", f"link {link}", 1.0, why=why)
    if not dark:
        yield judge.verdict("served", "all links", 0.0)
