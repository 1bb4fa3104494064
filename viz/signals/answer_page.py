"""The report of a search for signal timings: what is gained, what fails, and what changes at each signal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates
from viz.signals.diff_sheet import diff_sheet
from viz.signals.page import page
from viz.signals.sheet import SignalSheet
from viz.text import both

if TYPE_CHECKING:
    from scenarios.signals.optimising import Answer

_MOST_STARTS = 8


def answer_page(answer: Answer, net: Path, title: str, rules: str) -> str:
    """The report as one HTML file, English and Chinese, for screens and A4 paper.

    Args:
        answer: What was found.
        net: The SUMO network of the signals.
        title: The case.
        rules: Name of the rules that the plans were made by.
    """
    from networks import read_layouts
    from networks.rules.regulating import rule_controller
    from networks.rules.table import read_rules

    layouts, table = read_layouts(net), read_rules(rules)
    shown = {
        "gains": answer.gains,
        "failing": answer.failing[:40],
        "rules": rules,
        "asks": any(plan.kind != "static" for plan in answer.plans.values()),
        "start": [(name, cost) for name, cost in answer.grid if math.isfinite(cost)][:_MOST_STARTS],
    }
    parts = [Markup(templates().get_template("optimise.html.j2").render(shown))]
    for tls, plan in sorted(answer.plans.items()):
        signal = SignalSheet(layouts[tls], rule_controller(layouts[tls], table), answer.today[tls])
        parts.append(diff_sheet(signal, plan, reasons=answer.reasons(tls)))
    lead = both("optimise.lead", simulations=answer.simulations, seeds=len(answer.after), rules=rules)
    return page(title, parts, kind=both("optimise.kind"), lead=lead)
