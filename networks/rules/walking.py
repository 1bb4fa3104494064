"""People on foot: the slow ones' time, crossings that the network does not hold, flashing green."""

from __future__ import annotations

from collections.abc import Iterator

from networks.rules.ground import Ground, slow_walk_s
from networks.rules.judging import Judge
from networks.rules.verdict import Verdict
from networks.sentence import say
from networks.signals.controllers.controller import Controller
from networks.signals.groups.group import SignalGroup
from networks.signals.plans.course import Course, Green


def judge_walking(judge: Judge, ground: Ground, controller: Controller, course: Course) -> Iterator[Verdict]:
    """Verdicts on what people on foot have, beside their least green and clearance."""
    walkers = [lamp for lamp in ground.lamps if lamp.kind == "pedestrian" and course.greens(lamp.links)]
    if judge.asks("walk_total"):
        for lamp in walkers:
            yield judge.verdict("walk_total", lamp.name, _until_driven(lamp, ground, course), _slow(lamp, ground))
    if judge.asks("crossing_time"):
        walked = {one.over for one in controller.crossings}
        for one in ground.crossings:
            if one.over in walked:
                links = tuple(link for name in one.stopped for link in ground.named[name].links)
                over = "over " + ", ".join(one.over)
                yield judge.verdict("crossing_time", over, window(links, course).seconds, one.need_s)
    if judge.asks("flashing_green") and (walkers or controller.crossings):
        why = say(
            "SUMO's states hold no flashing green: set it in the controller, within the clearance that is checked here",
            "SUMO状态不含绿闪：请在信号机中于此处已检查的清空时间内设置",
        )
        yield judge.untold("flashing_green", "people's lamps", why)


def window(links: tuple[int, ...], course: Course) -> Green:
    """The longest time in a cycle in which none of the links is green or yellow; of no length where there is none."""
    busy = course.shown(links, "GgyY")
    if not busy:
        return Green(0.0, course.cycle_s)
    if busy[0].seconds >= course.cycle_s:
        return Green(0.0, 0.0)
    free = (
        Green(one.end, one.end + (after.begin - one.end) % course.cycle_s)
        for one, after in zip(busy, (*busy[1:], busy[0]), strict=True)
    )
    return max(free, key=lambda one: one.seconds)


def _slow(lamp: SignalGroup, ground: Ground) -> float:
    lengths = [m.length_m for m in ground.layout.movements if m.index in lamp.links]
    return slow_walk_s(ground.table, max(lengths))


def _until_driven(lamp: SignalGroup, ground: Ground, course: Course) -> float:
    """From the begin of people's green to the next green of who is in conflict, s: at the least."""
    begins = [
        green.begin
        for other in ground.lamps
        if other.links and ground.protected.forbids(lamp.name, other.name)
        for green in course.greens(other.links)
    ]
    starts = [green.begin for green in course.greens(lamp.links)]
    return min(((b - a) % course.cycle_s for a in starts for b in begins), default=course.cycle_s)
