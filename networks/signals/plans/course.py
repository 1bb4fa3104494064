"""The course of a plan: what each link shows, second by second, when every phase is as short or as long as may be."""

from __future__ import annotations

from dataclasses import dataclass

from networks.signals.plans.plan import STATIC, SignalPlan


@dataclass(frozen=True)
class Green:
    """A time in a row in which links show something.

    Attributes:
        begin, end: Seconds from the begin of the cycle; the end may lie in the next cycle.
    """

    begin: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.begin


@dataclass(frozen=True)
class Course:
    """One cycle of a plan.

    Attributes:
        cycle_s: How long it takes.
        steps: (begin, end, state) of each phase, s.
    """

    cycle_s: float
    steps: tuple[tuple[float, float, str], ...]

    def greens(self, links: tuple[int, ...]) -> tuple[Green, ...]:
        """When any of the links is green, joined over the end of the cycle."""
        return self.shown(links, "Gg")

    def shown(self, links: tuple[int, ...], letters: str) -> tuple[Green, ...]:
        """When any of the links shows one of the letters, joined over the end of the cycle."""
        found: list[Green] = []
        for begin, end, state in self.steps:
            if not any(state[link] in letters for link in links):
                continue
            if found and found[-1].end == begin:
                found[-1] = Green(found[-1].begin, end)
            else:
                found.append(Green(begin, end))
        if len(found) > 1 and found[0].begin == 0.0 and found[-1].end == self.cycle_s:
            found[-1] = Green(found[-1].begin, self.cycle_s + found[0].end)
            del found[0]
        return tuple(found)


def course_of(plan: SignalPlan, *, longest: bool = False) -> Course:
    """The shortest course that a plan may take: each phase at its least length; or the longest.

    The longest of a coordinated plan is four cycles long: after two with the shortest greens that its clock allows come
    two with the longest, so that its longest reds are those of who has an early green first and a late one then.
    """
    if longest and plan.coordinated:
        return _four_cycles(plan)
    steps, now = list[tuple[float, float, str]](), 0.0
    for phase in plan.phases:
        limit = max(phase.max_s, phase.duration_s) if longest else min(phase.min_s, phase.duration_s)
        seconds = phase.duration_s if plan.kind == STATIC else limit
        steps.append((now, now + seconds, phase.state))
        now += seconds
    return Course(now, tuple(steps))


def _four_cycles(plan: SignalPlan) -> Course:
    steps, now = list[tuple[float, float, str]](), 0.0
    for late, held_late in ((False, False), (False, False), (True, True), (True, False)):
        for phase in plan.phases:
            end = now + min(phase.min_s, phase.duration_s)
            earliest, latest = phase.terms.ends_s
            if earliest is not None:
                latest = earliest if latest is None else latest
                missed = _next(latest, now, plan.cycle_s) < end
                asked = latest if held_late else earliest
                end = max(end, _next(asked, now, plan.cycle_s) + missed * plan.cycle_s)
            elif late:
                most = now + max(phase.max_s, phase.duration_s)
                limit = most if latest is None else _next(latest, now, plan.cycle_s)
                end = max(end, min(most, limit))
            steps.append((now, end, phase.state))
            now = end
    return Course(now, tuple(steps))


def _next(second: float, now: float, cycle_s: float) -> float:
    """When the clock of the cycle shows a second next."""
    return now + (second - now) % cycle_s


def overlap(a: Green, b: Green, cycle_s: float) -> bool:
    """Whether two times of a cycle have seconds in common, over its end too."""
    return any(max(a.begin, b.begin + shift) < min(a.end, b.end + shift) - 1e-9 for shift in (-cycle_s, 0.0, cycle_s))
