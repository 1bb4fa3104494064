"""All plans of a file held against a table of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from networks.rules.checking import check_rules
from networks.rules.detectors import Lane
from networks.rules.table import RuleTable
from networks.rules.transition import check_transition
from networks.rules.verdict import Verdict
from networks.signals.controllers.building import build_controller
from networks.signals.equipment.equipment import equipped_for
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan


def check_plans(
    plans: Sequence[SignalPlan],
    layouts: Mapping[str, Layout],
    table: RuleTable,
    *,
    detectors: Collection[Lane] | None = None,
    today: Mapping[str, SignalPlan] | None = None,
) -> list[Verdict]:
    """Verdicts on every plan; where a signal has several programmes, their names stand in its id.

    Args:
        plans: Of signals of `layouts`.
        layouts: The ground, by signal.
        table: From `read_rules`.
        detectors: Lanes, as (edge, number), that have a detector; None where nobody says.
        today: What runs now, by signal: the change from it is judged, too.

    Raises:
        BadInput: A plan cannot be run at all.
    """
    programmes = Counter(plan.tls_id for plan in plans)
    found: list[Verdict] = []
    for plan in plans:
        layout = equipped_for(layouts[plan.tls_id], plan)
        controller = build_controller(layout)
        told = check_rules(plan, controller, table, layout=layout, detectors=detectors)
        if today and plan.tls_id in today:
            told += check_transition(today[plan.tls_id], plan, controller, table, layout=layout)
        name = plan.tls_id if programmes[plan.tls_id] == 1 else f"{plan.tls_id}/{plan.program_id}"
        found += (replace(one, tls_id=name) for one in told)
    return found
