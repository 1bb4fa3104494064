"""Which signals of a case can press, and what they may show."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.sumo import SumoCase
from networks import read_layouts, read_rules, read_signal_links, rule_controller
from networks.errors import BadInput
from scenarios.budget.case_plans import plans_today
from scenarios.signals.designing.stage_set import StageSet, free_stages
from scenarios.signals.pressure.plan import PressurePlan, group_stages

RESCO = "resco"


def pressure_plans(case: SumoCase, law: str, only: Sequence[str] = ()) -> list[PressurePlan]:
    """A plan for each signal of a case that has a green.

    Args:
        case: Checked.
        law: `resco` (3 s of yellow, greens in any order) or a locale, for stages by groups with its longest red.
        only: Signals; empty for all.

    Raises:
        BadInput: The case has no such signal, or none at all that can press.
    """
    today, links = plans_today(case), read_signal_links(case.net)
    if missing := [tls for tls in only if tls not in today]:
        raise BadInput(f"the case has no signal {missing[0]}", file=case.file, expected=", ".join(sorted(today)[:8]))
    able = [tls for tls in sorted(only or today) if tls in links]
    sets: list[StageSet] = []
    if law == RESCO:
        sets = [free_stages(today[tls], links[tls]) for tls in able]
    else:
        layouts, table = read_layouts(case.net), read_rules(law)
        red_s = table.value("most_red") or math.inf
        sets = [
            group_stages(rule_controller(layouts[tls], table), longest_red_s=red_s) for tls in able if tls in layouts
        ]
    plans = [PressurePlan(one) for one in sets if one.own]
    if not plans:
        raise BadInput("it has no signal with a green", file=case.file, expected="a tlLogic with a green")
    return plans
