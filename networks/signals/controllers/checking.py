"""What is unsafe about a plan, judged against its controller."""

from __future__ import annotations

from collections.abc import Iterator

from networks.signals.controllers.controller import Controller
from networks.signals.groups.crossing import Crossing
from networks.signals.groups.group import SignalGroup
from networks.signals.plans.course import Course, Green, course_of, overlap
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.ways import plan_ways

_TOLERANCE_S = 0.05


def check_plan(plan: SignalPlan, controller: Controller) -> list[str]:
    """Everything unsafe about the plan, a sentence each; empty when there is nothing.

    Conflicting greens, intergreens that are missing or too short, greens and yellows that are too short, the way where
    a link should give it, too little time for pedestrians, links that are never served. An actuated plan is judged at
    the least length of each phase, one whose phases branch on every way round.
    """
    links = len(controller.red)
    if plan.tls_id != controller.tls_id:
        return [f"it is for signal {plan.tls_id}, not {controller.tls_id}"]
    if not plan.phases or any(len(phase.state) != links for phase in plan.phases):
        return [f"its states do not have {links} links"]
    ways = plan_ways(plan)
    found = [*_unserved(controller, ways), *(said for way in ways for said in _check_way(way, controller))]
    return list(dict.fromkeys(found))


def _check_way(plan: SignalPlan, controller: Controller) -> list[str]:
    """The faults on one way round the plan's phases."""
    course = course_of(plan)
    greens = {group.name: course.greens(group.links) for group in controller.groups if group.links}
    return [
        *_groups_torn(plan, controller),
        *_conflicts(controller, greens, course),
        *_rights(plan, controller),
        *(said for group in controller.groups if group.links for said in _lengths(group, greens[group.name], course)),
        *(said for crossing in controller.crossings for said in _walks(crossing, controller, course)),
    ]


def _unserved(controller: Controller, ways: tuple[SignalPlan, ...]) -> Iterator[str]:
    states = [phase.state for way in ways for phase in way.phases]
    for link, group in sorted(controller.group_of.items()):
        if not any(state[link] in "Gg" for state in states):
            yield f"link {link} (group {group.name}): never green"


def _groups_torn(plan: SignalPlan, controller: Controller) -> Iterator[str]:
    for group in controller.groups:
        for number, phase in enumerate(plan.phases, 1):
            if len({phase.state[link].lower().replace("s", "r") for link in group.links}) > 1:
                yield f"phase {number}: the links of group {group.name} do not show the same"
                break


def _conflicts(controller: Controller, greens: dict[str, tuple[Green, ...]], course: Course) -> Iterator[str]:
    for one in greens:
        for other in greens:
            if one == other or not controller.conflicts.forbids(one, other):
                continue
            if one < other and any(overlap(a, b, course.cycle_s) for a in greens[one] for b in greens[other]):
                yield f"groups {one} and {other} are in conflict and green together"
            need = controller.intergreens.between(one, other)
            gaps = [(b.begin - a.end) % course.cycle_s for a in greens[one] for b in greens[other]]
            if gaps and min(gaps) < need - _TOLERANCE_S:
                yield f"intergreen from {one} to {other}: {min(gaps):g} s, at least {need:g} s needed"


def _rights(plan: SignalPlan, controller: Controller) -> Iterator[str]:
    """A link that shows G drives without looking: nobody that it should wait for may be green."""
    for link, others in controller.gives_way.items():
        for other in others:
            if any(p.state[link] == "G" and p.state[other] in "Gg" for p in plan.phases):
                yield f"link {link} has the way (G) while link {other}, which it must give way to, is green"


def _lengths(group: SignalGroup, greens: tuple[Green, ...], course: Course) -> Iterator[str]:
    always = course.cycle_s - _TOLERANCE_S
    for green in greens:
        if green.end - green.begin < group.min_green_s - _TOLERANCE_S:
            seconds = green.end - green.begin
            yield f"group {group.name}: green for {seconds:g} s, at least {group.min_green_s:g} s needed"
    if group.yellow_s and greens and greens[0].end - greens[0].begin < always:
        yellows = course.shown(group.links, "yY")
        for green in greens:
            shown = next((y for y in yellows if abs((y.begin - green.end) % course.cycle_s) < 1e-9), None)
            seconds = shown.end - shown.begin if shown else 0.0
            if seconds < group.yellow_s - _TOLERANCE_S:
                yield f"group {group.name}: yellow for {seconds:g} s, at least {group.yellow_s:g} s needed"


def _walks(crossing: Crossing, controller: Controller, course: Course) -> Iterator[str]:
    longest = red_window_s(crossing, controller, course)
    if longest < crossing.need_s - _TOLERANCE_S:
        over = ", ".join(crossing.over)
        yield f"pedestrians over {over}: {longest:g} s of red for vehicles, {crossing.need_s:.1f} s needed"


def red_window_s(crossing: Crossing, controller: Controller, course: Course) -> float:
    """The longest time in a cycle in which nobody drives over the crossing, yellow included."""
    links = tuple(link for name in crossing.stopped for link in controller.named[name].links)
    busy = course.shown(links, "GgyY")
    if not busy:
        return course.cycle_s
    ends = [busy[n].end for n in range(len(busy))]
    begins = [busy[(n + 1) % len(busy)].begin for n in range(len(busy))]
    return max((b - e) % course.cycle_s for e, b in zip(ends, begins, strict=True))


def walk_time_s(plan: SignalPlan, crossing: Crossing, controller: Controller) -> float:
    """Seconds that a plan leaves, at least, for people on a crossing."""
    return red_window_s(crossing, controller, course_of(plan))
