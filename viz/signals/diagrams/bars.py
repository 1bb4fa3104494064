"""One cycle as bars: a row for each group, thick while green, thin while red, so that colour is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.diagrams.svg import centred, drawing, element, label, line
from viz.signals.plans.course import GREENS, Shown, course
from viz.signals.plans.one_round import one_round
from viz.signals.plans.plan_stage import plan_stages

if TYPE_CHECKING:
    from networks import Controller, SignalPlan

WIDTH_PX, _LEFT_PX, _RIGHT_PX = 760.0, 56.0, 14.0
_TOP_PX, _ROW_PX, _BAR_PX = 34.0, 17.0, 11.0
_TICKS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800)
_MOST_TICKS = 16


def bars(controller: Controller, plan: SignalPlan, *, title: str) -> Markup:
    """The groups over one cycle at the plan's written lengths, as SVG text without words of any language.

    Args:
        controller: Its groups are the rows; groups without links are left out.
        plan: The plan.
        title: For screen readers.
    """
    plan = one_round(plan).plan
    groups = [group for group in controller.groups if group.links]
    height = _TOP_PX + _ROW_PX * len(groups) + 6
    parts = [*_scale(plan.cycle_s, height), *_stage_marks(plan, height)]
    for row, group in enumerate(groups):
        middle = _TOP_PX + _ROW_PX * (row + 0.5)
        parts.append(centred(_LEFT_PX / 2, middle, group.name, "group"))
        for shown in course(plan, group.links):
            parts += _bar(shown, plan.cycle_s, middle)
    return drawing(WIDTH_PX, height, parts, title=title, class_="bars")


def tick_s(length_s: float, most: int = _MOST_TICKS) -> float:
    """A round distance between marks on a scale of this length."""
    return float(
        next((one for one in _TICKS_S if length_s / one <= most), 3600 * max(1, round(length_s / 3600 / most)))
    )


def _x(second: float, cycle_s: float) -> float:
    return _LEFT_PX + (WIDTH_PX - _LEFT_PX - _RIGHT_PX) * second / cycle_s


def _scale(cycle_s: float, height: float) -> Iterator[Markup]:
    """Marks and their seconds; the cycle itself stands at the end, a mark too near to it gives way."""
    step = tick_s(cycle_s)
    seconds = [step * n for n in range(int(cycle_s / step) + 1) if cycle_s - step * n > 0.6 * step]
    for second in [*seconds, cycle_s]:
        x = _x(second, cycle_s)
        yield line([(x, _TOP_PX - 2), (x, height - 6)], class_="grid")
        yield label(x, _TOP_PX - 6, f"{second:g}", class_="tick", text_anchor="middle")


def _stage_marks(plan: SignalPlan, height: float) -> Iterator[Markup]:
    """The stages above the scale, each with its number, and where they begin."""
    for stage in plan_stages(plan):
        begin, end = _x(stage.begin_s, plan.cycle_s), _x(stage.end_s, plan.cycle_s)
        yield element("rect", x=begin, y=2.0, width=end - begin, height=14.0, class_="stage-box")
        if end - begin > 9:
            yield centred((begin + end) / 2, 9.5, str(stage.number), "stage-number")
        yield line([(begin, _TOP_PX - 2), (begin, height - 6)], class_="stage-line")


def _bar(shown: Shown, cycle_s: float, middle: float) -> list[Markup]:
    begin, end = _x(shown.begin_s, cycle_s), _x(shown.end_s, cycle_s)
    if shown.letter == "r":
        return [line([(begin, middle), (end, middle)], class_="red")]
    kind = {"G": "green", "g": "permissive", "y": "yellow", "u": "red-amber"}[shown.letter]
    low = 0.5 if shown.letter in "yu" else 1.0
    tall = _BAR_PX * low
    parts = [element("rect", x=begin, y=middle - tall / 2, width=end - begin, height=tall, class_=kind)]
    if shown.letter in GREENS and end - begin > 20:
        parts.append(centred((begin + end) / 2, middle, f"{shown.seconds:g}", f"{kind}-s"))
    return parts
