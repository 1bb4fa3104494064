"""What a timing sheet is drawn from: a plan on its ground, held against rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import Layout, RuleTable, SignalPlan
    from viz.signals.sheets.sheet import SignalSheet


def sheet_of(layout: Layout, plan: SignalPlan, table: RuleTable) -> SignalSheet:
    """The sheet of a plan.

    Args:
        layout: The signal's ground; what the plan says that stands there is added.
        plan: Of that signal.
        table: Rules that it is held against.

    Raises:
        BadInput: The plan cannot be run on this ground at all.
    """
    from networks import build_controller, check_rules, equipped_for
    from viz.signals.sheets.sheet import SignalSheet

    ground = equipped_for(layout, plan)
    controller = build_controller(ground)
    verdicts = check_rules(plan, controller, table, layout=ground)
    return SignalSheet(ground, controller, plan, (), verdicts, table)
