"""A staged plan without late starts and early ends: stages are parted where a group begins or ends within them."""

from __future__ import annotations

import itertools

from networks.protocols.staged.plan import Served, StagedPlan, StagedStage
from networks.timing.timing import Control

_SAME_S = 1e-6


def without_shifts(plan: StagedPlan) -> StagedPlan:
    """The same greens in stages in which all groups begin together, and those that end do so together.

    Only plans of fixed times are parted. What is shown alone decides: plans that show the same get the same stages.

    Raises:
        BadInput: A group begins or ends while the yellow of another lasts.
    """
    greens, cycle = plan.greens(), plan.cycle_s
    passing = {n: [(b, e) for b, e in own if e - b < cycle - _SAME_S] for n, own in greens.items()}
    begins = sorted({_turn(b, cycle) for own in passing.values() for b, _ in own})
    if not begins or plan.control is not Control.FIXED:
        return plan
    cuts = _cuts(plan, passing, begins, cycle)
    always = [n for n, own in greens.items() if own and not passing[n]]
    stages = list[StagedStage]()
    for begin, end in itertools.pairwise([*cuts, cuts[0] + cycle]):
        served = [Served(n) for n in always]
        for n, own in passing.items():
            for b, e in own:
                turn = next((t for t in (-cycle, 0.0, cycle) if b + t <= begin + _SAME_S < e + t - _SAME_S), None)
                if turn is not None:
                    served.append(Served(n, 0.0, max(0.0, round(end - e - turn, 6))))
        name = _name(plan, begin % cycle)
        stages.append(
            StagedStage(len(stages) + 1, name, round(end - begin, 6), tuple(sorted(served, key=lambda one: one.group)))
        )
    offset = round((plan.offset_s + cuts[0]) % cycle, 6) % cycle
    return StagedPlan(plan.tls_id, plan.program_id, plan.control, offset, plan.groups, tuple(stages))


def _cuts(
    plan: StagedPlan, passing: dict[int, list[tuple[float, float]]], begins: list[float], cycle: float
) -> list[float]:
    """The moments at which stages begin: each begin of a green, and the end of a yellow that another end follows, or
    behind which the same group begins first: it would seem to stay green.
    """
    yellows = {group.number: group.yellow_s for group in plan.groups}
    ends: dict[float, float] = {}
    again: dict[float, float] = {}
    for n, own in passing.items():
        for _, e in own:
            moment = _turn(e, cycle)
            ends[moment] = max(ends.get(moment, 0.0), yellows[n])
            red = min(_turn(b - e, cycle) for b, _ in own)
            again[moment] = min(again.get(moment, cycle), red)
    cuts = set(begins)
    for end, yellow in ends.items():
        after_begin = min(_turn(b - end, cycle) for b in begins)
        after_end = min(((e - end) % cycle or cycle for e in ends), default=cycle)
        if after_begin < yellow - _SAME_S or after_end < yellow + _SAME_S:
            raise plan.wrong(f"a group begins or ends within the yellow that begins at {end:g} s of its cycle")
        returns = yellow + _SAME_S < again[end] <= after_begin + _SAME_S
        if after_end < after_begin - _SAME_S or returns:
            cuts.add(_turn(end + yellow, cycle))
    return sorted(cuts)


def _turn(moment: float, cycle: float) -> float:
    """A moment within the cycle."""
    within = round(moment % cycle, 6)
    return 0.0 if cycle - within < _SAME_S else within


def _name(plan: StagedPlan, moment: float) -> str:
    """The name of the stage that lasts then; of a part of it with the second at which it begins."""
    now = 0.0
    for stage in plan.stages:
        if now - _SAME_S <= moment < now + stage.seconds - _SAME_S:
            return stage.name if moment - now < _SAME_S else f"{stage.name}+{moment - now:g}"
        now += stage.seconds
    return ""
