"""The lights of one lamp: yellow, red-amber, least green, longest red."""

from __future__ import annotations

from collections.abc import Iterator

from networks.rules.ground import Ground
from networks.rules.judging import Judge
from networks.rules.verdict import Verdict
from networks.sentence import say
from networks.signals.groups.group import SignalGroup
from networks.signals.plans.course import Course, Green


def judge_lights(judge: Judge, ground: Ground, shortest: Course, longest: Course) -> Iterator[Verdict]:
    """Verdicts on every lamp that the plan drives.

    Args:
        judge: Of the signal.
        ground: What the table asks.
        shortest: The plan with every phase at its least length.
        longest: The plan with every phase at its greatest.
    """
    ambers = any("u" in state for _, _, state in shortest.steps)
    for lamp in ground.lamps:
        greens = shortest.greens(lamp.links) if lamp.links else ()
        if not greens or greens[0].seconds >= shortest.cycle_s:
            continue
        if lamp.kind != "pedestrian":
            yield from _yellow(judge, lamp, greens, shortest)
            yield from _red_amber(judge, lamp, greens, shortest, shown=ambers)
        rule = "walk" if lamp.kind == "pedestrian" else "least_green"
        if judge.asks(rule):
            yield judge.verdict(rule, _told(lamp), min(green.seconds for green in greens))
        if judge.asks("most_red"):
            yield judge.verdict("most_red", _told(lamp), longest_red_s(lamp, longest))


def longest_red_s(lamp: SignalGroup, course: Course) -> float:
    """The longest time between two greens of a lamp, yellow left out, s."""
    lit = course.shown(lamp.links, "GgyY")
    if not lit or lit[0].seconds >= course.cycle_s:
        return 0.0
    return max((after.begin - one.end) % course.cycle_s for one, after in zip(lit, (*lit[1:], lit[0]), strict=True))


def _told(lamp: SignalGroup) -> str:
    return f"{lamp.name} (link{'s' * (len(lamp.links) > 1)} {' '.join(map(str, lamp.links))})"


def _yellow(judge: Judge, lamp: SignalGroup, greens: tuple[Green, ...], course: Course) -> Iterator[Verdict]:
    if not judge.asks("yellow"):
        return
    yellows = course.shown(lamp.links, "yY")
    found = [next((y.seconds for y in yellows if _meets(green.end, y.begin, course)), 0.0) for green in greens]
    worst = min(found)
    if judge.table.rows["yellow"].holds(worst, lamp.yellow_s):
        worst = max(found)
    why = say("green is followed by red without yellow", "绿灯后无黄灯直接变红") if min(found) == 0.0 else say("", "")
    yield judge.verdict("yellow", _told(lamp), worst, lamp.yellow_s, why)
    if judge.asks("yellow_most"):
        yield judge.verdict("yellow_most", _told(lamp), max(found))


def _red_amber(
    judge: Judge, lamp: SignalGroup, greens: tuple[Green, ...], course: Course, *, shown: bool
) -> Iterator[Verdict]:
    if not judge.asks("red_amber"):
        return
    if not shown:
        why = say(
            "the plan shows no red-amber at all: a controller that adds it does so within the red",
            "方案中完全没有红黄同亮：由信号机在红灯内自行添加",
        )
        yield judge.untold("red_amber", _told(lamp), why)
        return
    ambers = course.shown(lamp.links, "u")
    found = [next((u.seconds for u in ambers if _meets(u.end, green.begin, course)), 0.0) for green in greens]
    yield judge.verdict("red_amber", _told(lamp), min(found))


def _meets(one: float, other: float, course: Course) -> bool:
    return abs((one - other + course.cycle_s / 2) % course.cycle_s - course.cycle_s / 2) < 1e-9
