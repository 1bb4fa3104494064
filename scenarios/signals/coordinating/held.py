"""Fixed times become coordinated-actuated ones."""

from __future__ import annotations

from dataclasses import replace

from networks.signals.plans.course import course_of
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.stage_set import StageSet, pairs


def held(design: Design, stages: StageSet, place: int) -> Design:
    """The design as coordinated one that holds the stage at `place`; every split stays where it is on the clock.

    Args:
        design: Of fixed times, or coordinated.
        stages: Of its signal.
        place: In the design's stages; it becomes their first, and the offset moves to its begin.
    """
    order = [*range(place, len(design.stages)), *range(place)]
    changes = [sum(phase.duration_s for phase in stages.changes[pair]) for pair in pairs(design.stages)]
    before = sum(design.greens_s[n] + changes[n] for n in range(place))
    cycle_s = plan_of(replace(design, control="static"), stages).cycle_s
    return replace(
        design,
        control="coordinated",
        stages=tuple(design.stages[n] for n in order),
        greens_s=tuple(design.greens_s[n] for n in order),
        offset_s=float((design.offset_s + before) % cycle_s),
    )


def within_red(design: Design, stages: StageSet) -> Design:
    """The coordinated design with its longest greens shortened until nobody can be kept waiting too long.

    The longest wait is that of who has an early green in one cycle and a late one in the next.
    """
    greens = list(design.greens_s)
    while stages.longest_red_s < longest_red_s(replace(design, greens_s=tuple(greens)), stages):
        able = [k for k, n in enumerate(design.stages) if greens[k] > stages.least_s[n]]
        if not able:
            break
        greens[max(able, key=lambda k: greens[k])] -= 1.0
    return replace(design, greens_s=tuple(greens))


def longest_red_s(design: Design, stages: StageSet) -> float:
    """The longest time between two greens of a link that is not always green, yellow left out, s."""
    course = course_of(plan_of(design, stages), longest=True)
    worst = 0.0
    for link in range(len(stages.states[0])):
        lit = course.shown((link,), "GgyY")
        if lit and lit[0].seconds < course.cycle_s:
            waits = [(b.begin - a.end) % course.cycle_s for a, b in zip(lit, (*lit[1:], lit[0]), strict=True)]
            worst = max(worst, *waits)
    return worst
