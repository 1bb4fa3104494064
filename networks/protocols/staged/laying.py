"""A plan of SUMO's laid out in stages with late starts and early ends."""

from __future__ import annotations

from dataclasses import replace

from networks.errors import BadInput
from networks.protocols.staged.plan import Served, StagedGroup, StagedPlan, StagedStage
from networks.signals.controllers.controller import Controller
from networks.signals.plans.plan import SignalPlan
from networks.timing.deriving import timing_of
from networks.timing.lamps import GREEN
from networks.timing.looping import shown_loop
from networks.timing.timing import Timing

_SAME_S = 1e-5
_LAMPS = str.maketrans("gYs", "Gyr")
"""Lamps that look alike: a permitted green is green, red with a turn on red is red."""
Run = tuple[float, float]


def staged_of(plan: SignalPlan, controller: Controller) -> StagedPlan:
    """The stages of a plan, each from the moment at which its first group turns green.

    Where a group turns green before those of the stage before it have lost theirs, the stage begins with its first
    step without change instead, and the group is served late in the stage before it.

    Raises:
        BadInput: A light shows something else than red, green, yellow or red-amber, a group has two greens in a stage,
            or the plan is not of this signal.
    """
    odd = sorted({letter for phase in plan.phases for letter in phase.state} - set("GgyYrsu"))
    if odd:
        raise _wrong(plan, f"its lights show {', '.join(odd)}", "red, red-amber, green and yellow alone")
    looped = shown_loop(plan)
    timing = timing_of(
        replace(looped, phases=tuple(replace(p, state=p.state.translate(_LAMPS)) for p in looped.phases)), controller
    )
    runs = [_runs(timing, number) for number in range(len(timing.groups))]
    cycle = timing.cycle_s
    begins = _begins(timing, runs)
    ends = [*begins[1:], begins[0] + cycle]
    stages = []
    for number, (stage, begin, end) in enumerate(zip(timing.stages, begins, ends, strict=True), 1):
        served = tuple(
            one for group, own in enumerate(runs, 1) for one in _served(plan, group, own, (begin, end), cycle)
        )
        shorter, longer = stage.green_s - stage.least_s, stage.most_s - stage.green_s
        stages.append(
            StagedStage(number, stage.name, round(end - begin, 6), served, round(shorter, 6), round(longer, 6))
        )
    first = timing.begins_s()[timing.stages[0].name] + begins[0]
    return StagedPlan(
        plan.tls_id,
        plan.program_id,
        timing.control,
        round((plan.offset_s + first) % cycle, 6) % round(cycle, 6),
        _groups(timing),
        tuple(stages),
    )


def _groups(timing: Timing) -> tuple[StagedGroup, ...]:
    return tuple(
        StagedGroup(
            number,
            lamps.name,
            lamps.group,
            lamps.kind,
            lamps.links,
            round(lamps.yellow_s, 6),
            round(lamps.red_amber_s, 6),
            lamps.min_green_s,
            lamps.flashing_green_s,
        )
        for number, lamps in enumerate(timing.groups, 1)
    )


def _runs(timing: Timing, group: int) -> list[Run]:
    """(begin, end) of each green of a group, seconds after the first step of the first stage."""
    now, found = 0.0, list[Run]()
    for stage in timing.stages:
        for step in (*stage.greens, *stage.change):
            if step.shows[group] in GREEN:
                end = now + step.seconds
                joins = found and abs(found[-1][1] - now) < _SAME_S
                found = [*found[:-1], (found[-1][0], end)] if joins else [*found, (now, end)]
            now += step.seconds
    if len(found) > 1 and found[0][0] == 0.0 and abs(found[-1][1] - now) < _SAME_S:
        found = [*found[1:-1], (found[-1][0], now + found[0][1])]
    return found


def _begins(timing: Timing, runs: list[list[Run]]) -> list[float]:
    """Second at which each stage begins; that of the first may lie before 0."""
    cycle, now, found = timing.cycle_s, 0.0, list[float]()
    for number, stage in enumerate(timing.stages):
        change = timing.stages[number - 1].change_s if len(timing.stages) > 1 else 0.0
        from_s = now - change
        gains = [
            since for own in runs for begin, _ in own if (since := _since(begin, from_s, cycle)) < change - _SAME_S
        ]
        first = min(gains, default=change)
        busy = [
            since + lamps.yellow_s
            for lamps, own in zip(timing.groups, runs, strict=True)
            for begin, end in own
            if end - begin < cycle - _SAME_S and (since := _since(end, from_s, cycle)) <= change + _SAME_S
        ]
        found.append(from_s + first if max(busy, default=0.0) <= first + _SAME_S else now)
        now += stage.split_s
    return found


def _since(moment: float, begin: float, cycle: float) -> float:
    """Seconds from `begin` to a moment, around the cycle."""
    since = (moment - begin) % cycle
    return 0.0 if cycle - since < _SAME_S else since


def _served(plan: SignalPlan, group: int, runs: list[Run], stage: Run, cycle: float) -> list[Served]:
    found = []
    for begin, end in runs:
        if end - begin > cycle - _SAME_S:
            return [Served(group)]
        for turn in (-cycle, 0.0, cycle):
            late, early = max(begin + turn - stage[0], 0.0), max(stage[1] - end - turn, 0.0)
            if stage[1] - stage[0] - late - early > _SAME_S:
                found.append(Served(group, round(late, 6), round(early, 6)))
    if len(found) > 1:
        raise _wrong(plan, f"group {group} has two greens in one stage", "one green of a group in each stage")
    return found


def _wrong(plan: SignalPlan, what: str, expected: str) -> BadInput:
    return BadInput(
        what,
        place=f"signal {plan.tls_id}, programme {plan.program_id}",
        expected=expected,
        remedy="export it as sumo",
    )
