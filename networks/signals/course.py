"""The course of a plan: what each link shows, second by second, when every phase is as short or as long as may be."""

from __future__ import annotations

from dataclasses import dataclass

from networks.signals.plan import STATIC, SignalPlan


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
    """The shortest course that a plan may take: each phase at its least length; or the longest."""
    steps, now = list[tuple[float, float, str]](), 0.0
    for phase in plan.phases:
        limit = max(phase.max_s, phase.duration_s) if longest else min(phase.min_s, phase.duration_s)
        seconds = phase.duration_s if plan.kind == STATIC else limit
        steps.append((now, now + seconds, phase.state))
        now += seconds
    return Course(now, tuple(steps))


def overlap(a: Green, b: Green, cycle_s: float) -> bool:
    """Whether two times of a cycle have seconds in common, over its end too."""
    return any(max(a.begin, b.begin + shift) < min(a.end, b.end + shift) - 1e-9 for shift in (-cycle_s, 0.0, cycle_s))
