"""The sheet of a change of plan: what differs, with its reason or room for one, and both cycles below each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from viz.report import templates
from viz.signals.diagrams.bars import bars
from viz.signals.plans.plan_change import plan_changes
from viz.signals.plans.reason import plain_reasons
from viz.signals.sheets.sheet import SignalSheet
from viz.text import both, spans

if TYPE_CHECKING:
    from networks import Sentence, SignalPlan


def diff_sheet(
    today: SignalSheet,
    proposed: SignalPlan,
    *,
    reasons: Mapping[tuple[str, str], Sentence] | None = None,
    undo: str = "",
) -> Markup:
    """The sheet as a part of an HTML page in both languages.

    Args:
        today: The signal with the plan that runs.
        proposed: The plan that is to run.
        reasons: (kind, subject) of a `PlanChange` -> why, over those of `plain_reasons`; a change without one gets a
            line to write on.
        undo: The command that brings today's plan back; "" tells none.
    """
    told = {**plain_reasons(today.plan, proposed, today.controller), **(reasons or {})}
    rows = [
        {
            "change": one,
            "kind": both(f"diff.{one.kind}"),
            "difference": _difference(one.before, one.after),
            "needed": "" if one.needed is None else f"{one.needed:g}",
            "reason": spans(told[one.kind, one.subject]) if (one.kind, one.subject) in told else "",
        }
        for one in plan_changes(today.plan, proposed, today.controller)
    ]
    shown: dict[str, Any] = {
        "signal": today,
        "rows": rows,
        "undo": undo,
        "before": bars(today.controller, today.plan, title=f"{today.plan.tls_id} {today.plan.program_id}"),
        "after": bars(today.controller, proposed, title=f"{proposed.tls_id} {proposed.program_id}"),
        "names": (today.plan.program_id, proposed.program_id),
    }
    return Markup(templates().get_template("diff.html.j2").render(shown))


def _difference(before: str, after: str) -> str:
    try:
        return f"{float(after) - float(before):+g}"
    except ValueError:
        return ""
