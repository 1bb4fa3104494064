"""What a signal showed for a blue light, held against the rules by the checker that judges plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.emergency.greenwave.rhythm import Rhythm
from networks import Controller, Layout, RuleTable, SignalPhase, Verdict, check_rules


def wave_faults(
    rhythm: Rhythm, lengths_s: Sequence[int], first: int, controller: Controller, layout: Layout, table: RuleTable
) -> tuple[Verdict, ...]:
    """Rules that the beats of a handover break and that the plan of the signal keeps, or breaks less.

    The beats are closed to whole rounds by the plan's own, and judged as one long plan: greens, yellows, intergreens,
    pedestrians' clearances and longest reds are those that were shown.

    Args:
        rhythm: Of the signal.
        lengths_s: Of the beats in a row.
        first: Number of the first of them.
        controller: Of the signal.
        layout: Its ground.
        table: The rules.
    """
    count = len(rhythm.beats)
    lengths = list(lengths_s)
    while (first + len(lengths)) % count != first % count:
        lengths.append(rhythm.beats[(first + len(lengths)) % count].now_s)
    phases = tuple(
        SignalPhase(float(d), rhythm.beats[(first + n) % count].state, float(d), float(d))
        for n, d in enumerate(lengths)
    )
    shown = replace(rhythm.plan, phases=phases, program_id=f"{rhythm.plan.program_id} yielding")
    today = {(one.rule, one.subject): one for one in check_rules(rhythm.plan, controller, table, layout=layout)}
    found = check_rules(shown, controller, table, layout=layout)
    return tuple(one for one in found if one.passed is False and _worse(one, today.get((one.rule, one.subject))))


def _worse(found: Verdict, today: Verdict | None) -> bool:
    if today is None or today.passed is not False or today.found is None or found.found is None:
        return True
    more = found.rule in ("most_red", "served", "conflict", "right_of_way", "protected_turn", "yellow_most")
    return found.found > today.found + 1e-6 if more else found.found < today.found - 1e-6
