"""Signals as the workspace is told of them: figures, and the pieces of pages that the command line writes whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput
from networks.sentence import say

if TYPE_CHECKING:
    from networks import Controller, SignalPhase, SignalPlan, Verdict
    from twin.desk import DeskEntry
    from twin.signals.ground import SignalGround
    from viz.signals.sheets.sheet import SignalSheet

_CYCLES = 4
EDITABLE = ("static", "actuated", "delay_based")


def list_told(ground: SignalGround, rules: str, waiting: Sequence[DeskEntry]) -> dict[str, Any]:
    """Every signal, those that fail most first.

    Args:
        ground: The signals.
        rules: Name of a locale.
        waiting: Recommendations that wait on the desk.
    """
    from twin.desk.assets import assets_of

    asked = [name for entry in waiting for name in assets_of(entry.document, entry.action)]
    rows = [_row(ground, plan, rules) for plan in ground.today().values()]
    for row in rows:
        row["waiting"] = asked.count(f"signal:{row['tls_id']}")
    return {"rules": rules, "signals": sorted(rows, key=lambda row: (-(row["failing"] or 0), row["tls_id"]))}


def _row(ground: SignalGround, plan: SignalPlan, rules: str) -> dict[str, Any]:
    """One signal of the list; a plan that cannot be judged has no number of failures."""
    from viz.text import known

    lon, lat = ground.places.get(plan.tls_id, (None, None))
    row: dict[str, Any] = {
        "tls_id": plan.tls_id, "lon": lon, "lat": lat, "control": known("sheet.control", plan.control),
        "source": known("sheet.source", plan.source), "cycle_s": plan.cycle_s, "offset_s": plan.offset_s,
    }  # fmt: skip
    try:
        sheet = ground.sheet(plan, rules)
    except BadInput as error:
        return row | {"streets": "", "failing": None, "unjudged": error.what, "rules": []}
    failing = _failing_rules([one for one in sheet.verdicts if one.passed is False])
    return row | {"streets": sheet.streets, "failing": sheet.findings, "unjudged": "", "rules": failing}


def signal_told(ground: SignalGround, plan: SignalPlan, rules: str) -> dict[str, Any]:
    """One signal: plan, digest, what each phase shows, its sheet.

    Raises:
        BadInput: Its plan cannot be judged.
    """
    from scenarios import plan_text
    from twin.advice import plan_digest
    from viz.signals.sheets.sheet import sheet

    signal = ground.sheet(plan, rules)
    return {
        "tls_id": plan.tls_id,
        "streets": signal.streets,
        "editable": plan.kind in EDITABLE,
        "plan": plan_text(plan),
        "digest": plan_digest(plan),
        "phases": [_phase(phase, signal.controller) for phase in plan.phases],
        "sheet": str(sheet(signal)),
    }


def _phase(phase: SignalPhase, controller: Controller) -> dict[str, Any]:
    shown = {name: [phase.state[link] for link in group.links] for name, group in controller.named.items()}
    return {
        "green": [name for name, letters in shown.items() if any(one in "Gg" for one in letters)],
        "yellow": [name for name, letters in shown.items() if any(one in "yYu" for one in letters)],
        "changing": phase.changing,
    }


def change_told(
    ground: SignalGround, plan: SignalPlan, rules: str, reasons: Mapping[tuple[str, str], str]
) -> dict[str, Any]:
    """What a changed plan breaks and what it changes.

    Args:
        ground: The signals.
        plan: As it was changed.
        rules: Name of a locale.
        reasons: (kind, subject) of a change -> why.

    Raises:
        NotThere: There is no such signal.
        BadInput: The plan cannot be run there at all.
    """
    from networks import read_rules
    from viz.signals.plans.plan_change import plan_changes
    from viz.signals.sheets.diff_sheet import diff_sheet
    from viz.signals.sheets.rule_sheet import rule_sheet

    today: SignalSheet = ground.sheet(ground.plan(plan.tls_id), rules)
    verdicts = ground.judged([plan], rules)
    before = {_key(one) for one in today.verdicts if one.passed is False}
    broken = [one for one in verdicts if one.passed is False]
    words = {key: say(text, text) for key, text in reasons.items()}
    return {
        "tls_id": plan.tls_id,
        "cycle_s": plan.cycle_s,
        "changes": len(plan_changes(today.plan, plan, today.controller)),
        "failing": len(broken),
        "new": sum(_key(one) not in before for one in broken),
        "mended": len(before - {_key(one) for one in broken}),
        "rules": _failing_rules(broken),
        "diff": str(diff_sheet(today, plan, reasons=words)),
        "check": str(rule_sheet(verdicts, read_rules(rules), whole=True)),
    }


def _key(verdict: Verdict) -> tuple[str, str]:
    return verdict.rule, verdict.subject


def _failing_rules(broken: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Rules that fail, each once, with its meaning and how many figures fail it."""
    from networks.rules.meanings import MEANINGS

    names = dict.fromkeys(one.rule for one in broken)
    return [
        {"rule": name, "meaning": dict(MEANINGS[name]), "count": sum(one.rule == name for one in broken)}
        for name in names
    ]


def corridor_told(
    ground: SignalGround, signals: tuple[str, ...], edited: Mapping[str, SignalPlan], speed_kmh: float | None
) -> dict[str, Any]:
    """The time-space diagram over signals, four of the longest cycles long.

    Args:
        ground: The signals.
        signals: In the order of travel.
        edited: Plans that count instead of today's, by signal.
        speed_kmh: Of the green bands; None takes the limit of each road.

    Raises:
        NotThere: There is no such signal.
        BadInput: No car can drive so.
    """
    from viz.signals.sheets.corridor_sheet import corridor_sheet

    forward = ground.corridor(signals)
    try:
        back = ground.corridor(signals[::-1])
    except BadInput:
        back = None
    plans = ground.today() | dict(edited)
    long_s = _CYCLES * max(plans[stop.tls_id].cycle_s for stop in forward.stops)
    part = corridor_sheet(
        forward, back, plans, 0.0, long_s, speed_mps=None if speed_kmh is None else speed_kmh / 3.6
    )  # fmt: skip
    return {"stops": len(forward.stops), "length_m": forward.length_m, "sheet": str(part)}
