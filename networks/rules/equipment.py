"""What stands at a signal: countdown displays that bind, waiting areas, islands between two halves of a crossing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from networks.rules.ground import Ground
from networks.rules.judging import NOTHING, Judge
from networks.rules.verdict import Verdict
from networks.rules.walking import window
from networks.sentence import say
from networks.signals.equipment.refuge import held_halves, island_wait_s
from networks.signals.equipment.waiting_area import WaitingArea, waiting_areas
from networks.signals.groups.crossing import Crossing
from networks.signals.plans.course import Course, Green, overlap
from networks.signals.plans.plan import STATIC, SignalPlan


def judge_countdown(judge: Judge, ground: Ground, ways: Sequence[SignalPlan]) -> Verdict:
    """Lamps whose green may last longer or shorter than was known when it began: what a display then shows is false.

    Args:
        judge: Of a signal with countdown displays.
        ground: Its lamps.
        ways: The plan on every way round.
    """
    odd = [lamp.name for lamp in ground.lamps if lamp.links and not _known(ways, lamp.links)]
    listed = ", ".join(odd)
    why = say(
        f"the length of their green is not known when it begins: {listed}; a countdown display would be false",
        f"绿灯开始时其时长未知：{listed}；倒计时显示将失实",
    )
    return judge.counted("countdown", "all lamps", len(odd), "lamps", why if odd else NOTHING)


def _known(ways: Sequence[SignalPlan], links: tuple[int, ...]) -> bool:
    """Whether every green of the links has one length, and greens that begin alike have the same on every way."""
    lengths: dict[tuple[str, str], set[float]] = {}
    for plan in ways:
        lit = [any(phase.state[link] in "Gg" for link in links) for phase in plan.phases]
        if any(on and plan.kind != STATIC and p.min_s < p.max_s for on, p in zip(lit, plan.phases, strict=True)):
            return all(lit)
        for n, phase in enumerate(plan.phases):
            if lit[n] and not lit[n - 1]:
                row = [*plan.phases[n:], *plan.phases[:n]]
                seconds = 0.0
                for one in row:
                    if not any(one.state[link] in "Gg" for link in links):
                        break
                    seconds += one.duration_s
                lengths.setdefault((phase.name, phase.state), set()).add(seconds)
    return all(len(found) == 1 for found in lengths.values())


def judge_waiting_areas(judge: Judge, ground: Ground, course: Course) -> Iterator[Verdict]:
    """For each waiting area: greens of the streets beside while people may stand in it."""
    if not judge.asks("waiting_area"):
        return
    for area in waiting_areas(ground.layout):
        met = _met(area, ground, course)
        names = ", ".join(sorted(met))
        why = say(
            f"{names} may go while vehicles stand in the waiting area: straight on ends before the turn begins",
            f"车辆仍停在待转区时{names}放行：直行先于左转结束且其间有横向放行",
        )
        yield judge.verdict("waiting_area", f"from {area.edge}", float(len(met)), why=why if met else NOTHING)


def _met(area: WaitingArea, ground: Ground, course: Course) -> set[str]:
    """Lamps of the streets beside that are green from the end of straight on until the turn is green."""
    turns, found = course.greens(area.turning), set[str]()
    lamps = [lamp for lamp in ground.lamps if set(lamp.links) & set(area.across)]
    for straight in course.greens(area.straight):
        until = min((_until(straight.end, turn, course.cycle_s) for turn in turns), default=course.cycle_s)
        stands = Green(straight.end, straight.end + until)
        for lamp in lamps:
            own = course.greens(tuple(set(lamp.links) & set(area.across)))
            if until and any(overlap(stands, green, course.cycle_s) for green in own):
                found.add(lamp.name)
    return found


def _until(end: float, turn: Green, cycle_s: float) -> float:
    """From a moment to the next second in which the turn is green, s; 0 where it is green at that moment."""
    inside = (end - turn.begin) % cycle_s
    return 0.0 if 0.0 < inside <= turn.seconds else (turn.begin - end) % cycle_s


def judge_refuges(judge: Judge, ground: Ground, course: Course) -> Iterator[Verdict]:
    """For each crossing in two halves, either way: how long people wait on the island."""
    if not judge.asks("refuge_wait"):
        return
    speed = ground.table.value("walk_speed", 1.2)
    movements = ground.layout.movements
    for pair in held_halves(ground.layout):
        for one, other in (pair, pair[::-1]):
            first, second = movements[one], movements[other]
            walk_s = first.length_m / speed
            times = course.greens((first.index,)), course.greens((second.index,))
            yield _wait(judge, f"link {first.index} then {second.index}", times, walk_s, course)
    over = {half.over: half for half in ground.crossings}
    for half in over.values():
        if half.beyond in over:
            times = _steps(half, ground, course), _steps(over[half.beyond], ground, course)
            subject = f"over {', '.join(half.over)} then {', '.join(half.beyond)}"
            yield _wait(judge, subject, times, half.width_m / speed, course)


def _wait(
    judge: Judge, subject: str, times: tuple[Sequence[Green], Sequence[Green]], walk_s: float, course: Course
) -> Verdict:
    first, second = times
    begins = ", ".join(f"{green.begin % course.cycle_s:.0f}" for green in second)
    if not begins:
        why = say("no red lasts long enough to walk the second half", "后半段没有足够长的红灯供行人通过")
        return judge.verdict("refuge_wait", subject, course.cycle_s, why=why)
    why = say(
        f"{walk_s:.0f} s to the island, whose second half begins at second {begins} of the cycle",
        f"步行至安全岛{walk_s:.0f}秒，后半段于周期第{begins}秒开始放行",
    )
    return judge.verdict("refuge_wait", subject, island_wait_s(first, walk_s, second, course.cycle_s), why=why)


def _steps(half: Crossing, ground: Ground, course: Course) -> tuple[Green, ...]:
    """When people may step off at a half that the network does not hold."""
    links = tuple(link for name in half.stopped for link in ground.named[name].links)
    free = window(links, course)
    return (Green(free.begin, free.end - half.clearance_s),) if free.seconds > half.clearance_s else ()
