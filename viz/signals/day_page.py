"""The report of plans by the time of day: the periods, what each gains, and what all gain one after the other."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates
from viz.signals.page import page
from viz.text import both
from viz.text_periods import clock

if TYPE_CHECKING:
    from scenarios.signals.periods.day import Day

_MOST_FAULTS = 40


def day_page(day: Day, title: str, rules: str) -> str:
    """The report as one HTML file in both languages; each period's own lies in its folder.

    Args:
        day: What was found.
        title: The case.
        rules: Name of the rules that the plans were made by.
    """
    rows = [
        {
            "number": number,
            "time": f"{clock(one.begin_s)} – {clock(one.end_s)}",
            "flow": one.flow_vph,
            "cycle": median(plan.cycle_s for plan in one.answer.plans.values()),
            "gain": one.answer.gains[0],
        }
        for number, one in enumerate(day.periods, 1)
    ]
    shown = {"rows": rows, "whole": day.gains[0], "failing": day.failing[:_MOST_FAULTS], "rules": rules}
    lead = both(
        "periods.lead",
        count=len(day.periods),
        share=f"{day.explained:.0%}",
        seeds=len(day.after),
        rules=rules,
    )
    part = Markup(templates().get_template("day.html.j2").render(shown))
    return page(title, [part], kind=both("periods.kind"), lead=lead)
