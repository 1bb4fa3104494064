"""What a signal showed for a blue light, held against the rules by the checker that judges plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.emergency.greenwave.rhythm import Rhythm
from networks import Controller, Layout, RuleTable, SignalPhase, Verdict, check_rules
from networks.signals.plans.plan import STATIC

Step = tuple[int, str, int]
"""A beat, what it shows, and for how many seconds."""


def steps_of(rhythm: Rhythm, lengths_s: Sequence[int], first: int) -> tuple[Step, ...]:
    """Beats in a row as they are, `first` the number of the first."""
    numbers = ((first + n) % len(rhythm.beats) for n in range(len(lengths_s)))
    return tuple((n, rhythm.beats[n].state, seconds) for n, seconds in zip(numbers, lengths_s, strict=True))


def wave_faults(
    rhythm: Rhythm, steps: Sequence[Step], controller: Controller, layout: Layout, table: RuleTable
) -> tuple[Verdict, ...]:
    """Rules that the steps of a handover break and that the plan of the signal keeps, or breaks less.

    The steps are closed to whole rounds by the plan's own beats, and judged as one long plan: greens, yellows,
    intergreens, pedestrians' clearances and longest reds are those that were shown.

    Args:
        rhythm: Of the signal.
        steps: In a row, from the begin of a beat to the end of one.
        controller: Of the signal.
        layout: Its ground.
        table: The rules.
    """
    if not steps:
        return ()
    count, shown = len(rhythm.beats), list(steps)
    while (after := (shown[-1][0] + 1) % count) != steps[0][0]:
        shown.append((after, rhythm.beats[after].state, rhythm.beats[after].now_s))
    phases = tuple(SignalPhase(float(d), state, float(d), float(d)) for _, state, d in shown)
    plan = replace(rhythm.plan, phases=phases, program_id=f"{rhythm.plan.program_id} yielding", kind=STATIC)
    today = {(one.rule, one.subject): one for one in check_rules(rhythm.plan, controller, table, layout=layout)}
    found = check_rules(plan, controller, table, layout=layout)
    return tuple(one for one in found if one.passed is False and _worse(one, today.get((one.rule, one.subject))))


def _worse(found: Verdict, today: Verdict | None) -> bool:
    if today is None or today.passed is not False or today.found is None or found.found is None:
        return True
    if found.rule == "right_of_way":
        return False  # a count of phases: rounds that repeat what the plan shows are not worse than the plan
    more = found.rule in ("most_red", "served", "conflict", "protected_turn", "yellow_most")
    return found.found > today.found + 1e-6 if more else found.found < today.found - 1e-6
