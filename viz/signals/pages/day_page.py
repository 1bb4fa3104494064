"""The report of plans by the time of day: the periods, what each gains, and what all gain one after the other."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.report import templates
from viz.signals.diagrams.svg import centred, drawing, element, label
from viz.signals.pages.page import page
from viz.text import both, spans
from viz.text_periods import clock

if TYPE_CHECKING:
    from scenarios.signals.periods.day import Day

_MOST_FAULTS = 40
_WIDTH_PX, _HEIGHT_PX, _TOP_PX, _FOOT_PX, _LEFT_PX = 760.0, 170.0, 26.0, 22.0, 44.0


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
    shown = {
        "offer": spans(day.offer.words) if day.offer.words["en"] else "",
        "stop": day.offer.advised_against,
        "notes": [spans(note) for note in day.notes],
        "demand": demand_bars(day),
        "alone": day.single,
        "rows": rows,
        "whole": day.gains[0],
        "failing": day.failing[:_MOST_FAULTS],
        "rules": rules,
    }
    lead = both(
        "periods.lead",
        count=len(day.periods),
        share=f"{day.explained:.0%}",
        seeds=len(day.after),
        rules=rules,
    )
    part = Markup(templates().get_template("day.html.j2").render(shown))
    return page(title, [part], kind=both("periods.kind"), lead=lead)


def demand_bars(day: Day) -> Markup:
    """The demand slice by slice, with the periods above it, as SVG text without words of any language."""
    begin, end = day.periods[0].begin_s, day.periods[-1].end_s
    scale = (_WIDTH_PX - _LEFT_PX) / (end - begin)
    most = max(day.demand_vph)
    ground = _HEIGHT_PX - _FOOT_PX

    def x(second: float) -> float:
        return _LEFT_PX + (min(second, end) - begin) * scale

    parts = [label(_LEFT_PX - 6, _TOP_PX + 8, f"{most:.0f}", class_="tick", text_anchor="end")]
    for number, one in enumerate(day.periods, 1):
        left, right = x(one.begin_s), x(one.end_s)
        parts.append(element("rect", x=left, y=0.0, width=right - left - 1, height=_TOP_PX - 6, class_="stage-box"))
        parts.append(centred((left + right) / 2, (_TOP_PX - 6) / 2, str(number), "stage-number"))
        parts.append(label(left, _HEIGHT_PX - 6, clock(one.begin_s), class_="tick"))
    for number, flow in enumerate(day.demand_vph):
        left, right = x(begin + number * day.slice_s), x(begin + (number + 1) * day.slice_s)
        height = (ground - _TOP_PX) * flow / most
        parts.append(
            element("rect", x=left, y=ground - height, width=max(right - left - 1, 0.5), height=height, class_="demand")
        )
    words = " ".join(f"{one:.0f}" for one in day.demand_vph)
    return drawing(_WIDTH_PX, _HEIGHT_PX, parts, title=words, class_="bars")
