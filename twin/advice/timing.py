"""Signal plans around trouble: green taken from what feeds it, or given to what empties it; the cycle stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.sumo.switched import SignalSwitched
from networks import SignalPlan
from networks.digest import digest_json
from networks.sentence import Sentence, say
from networks.signals.plans.stretching import joined_phases, new_faults, stretches
from scenarios import plan_text
from twin.advice.option import Option

SHIFT = 0.35
"""Share of a green that may be shifted (guess: enough to be felt, and every movement is still served)."""


def shifted(plan: SignalPlan, links: frozenset[int], *, more: bool, shift: float = SHIFT) -> SignalPlan | None:
    """The plan with more, or less, green for some links, within the limits of each green; None where none is legal.

    Cycle, order, yellows and all-reds stay; whole seconds are shifted.

    Args:
        plan: Of today.
        links: Numbers of links.
        more: Give to them; else take from them.
        shift: Share of the giving greens.
    """
    today = joined_phases(plan)
    free = stretches(today)
    theirs = [one for one in free if any(today.phases[one.phase].state[link] in "Gg" for link in links)]
    others = [one for one in free if one not in theirs]
    giving, taking = (others, theirs) if more else (theirs, others)
    lost = {one.phase: float(int(min(one.now_s * shift, one.now_s - one.least_s))) for one in giving}
    room = sum(one.most_s - one.now_s for one in taking)
    total = sum(lost.values())
    if not taking or total < 3.0 or room < total:
        return None
    phases, left = list(today.phases), total
    for one in giving:
        phases[one.phase] = replace(phases[one.phase], duration_s=one.now_s - lost[one.phase])
    for number, one in enumerate(sorted(taking, key=lambda one: one.most_s - one.now_s)):
        share = min(float(round(left / (len(taking) - number))), one.most_s - one.now_s)
        phases[one.phase] = replace(phases[one.phase], duration_s=one.now_s + share)
        left -= share
    if left > 1e-9:
        return None
    phases = [
        replace(phase, min_s=min(phase.min_s, phase.duration_s), max_s=max(phase.max_s, phase.duration_s))
        for phase in phases
    ]
    new = replace(today, phases=tuple(phases), program_id=f"{plan.program_id}+", source="advice")
    return None if new_faults(new.check(plan), plan.check(plan)) else new


def timed(
    name: str, plans: Mapping[str, SignalPlan], changed: Sequence[SignalPlan], why: tuple[str, str],
    rests_on: tuple[Sentence, ...] = (),
) -> Option:  # fmt: skip
    """The option to run other plans at some signals, and the way back.

    Args:
        name: Of the option.
        plans: Of today.
        changed: Of these signals.
        why: What they do, in English and Chinese.
        rests_on: Rules that they were held against, in words.
    """
    signals = ", ".join(plan.tls_id for plan in changed)
    today = [plans[plan.tls_id] for plan in changed]
    return Option(
        name,
        say(f"{why[0]} (signals {signals})", f"{why[1]}（信号机 {signals}）"),
        tuple(
            SignalSwitched(plan.tls_id, tuple((phase.duration_s, phase.state) for phase in plan.phases))
            for plan in changed
        ),
        tuple({"kind": "signal_plan", "plans": [plan_text(plan)]} for plan in changed),
        tuple({"kind": "signal_plan", "plans": [plan_text(plan)]} for plan in today),
        {f"signal:{plan.tls_id}": plan_digest(plan) for plan in today},
        rests_on=rests_on,
    )


def plan_digest(plan: SignalPlan) -> str:
    """What names a plan: a recommendation that rests on another one is refused."""
    return digest_json(plan_text(plan))
