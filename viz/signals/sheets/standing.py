"""What stands at a signal beside its lamps, told for its timing sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from networks.sentence import Sentence, say

if TYPE_CHECKING:
    from networks import Crossing, Layout, SignalPlan


def standing_lines(layout: Layout, plan: SignalPlan) -> list[Sentence]:
    """Countdown displays, waiting areas and when they may be entered, refuges: a sentence each; none where none stand.

    Args:
        layout: With its waiting areas and refuges (`networks.equipped_for`).
        plan: Whose greens say when a waiting area may be entered.
    """
    from networks import equipment_of
    from networks.signals.equipment.waiting_area import waiting_areas
    from networks.signals.plans.course import course_of

    lines, course = list[Sentence](), course_of(plan)
    if equipment_of(plan).countdown:
        lines.append(
            say(
                "Countdown displays: no green may be cut or stretched once it is shown.",
                "设倒计时显示：绿灯一旦亮起，不得缩短或延长。",
            )
        )
    for area in waiting_areas(layout):
        greens = course.greens(area.straight)
        times = ", ".join(f"{one.begin:g}-{one.end % course.cycle_s or course.cycle_s:g}" for one in greens) or "-"
        street, metres = _street(layout, area.edge), f"{area.length_m:g}"
        lines.append(
            say(
                f"Waiting area for turns from {street}: {metres} m beyond the stop line, may be entered while straight "
                f"on is green (seconds {times}; dotted in the stage pictures). SUMO does not drive into it.",
                f"{street}进口左转待转区：越过停止线{metres}米，同向直行绿灯时可进入（第{times}秒；阶段图中为点线）。"
                "SUMO不模拟驶入待转区。",
            )
        )
    for edge in sorted(layout.refuges):
        lines.append(
            say(
                f"Refuge on the arm of {_street(layout, edge)}: people cross it in two halves.",
                f"{_street(layout, edge)}设安全岛：行人分两段过街。",
            )
        )
    return lines


def crossed(layout: Layout, one: Crossing) -> str:
    """What a crossing leads over: its streets; of one half of it the edges too."""
    streets = sorted({layout.edges[edge].name for edge in one.over if edge in layout.edges} - {""})
    half = f" ({', '.join(one.over)})" if streets and one.beyond else ""
    return ", ".join(streets or one.over) + half


def _street(layout: Layout, edge: str) -> str:
    name = layout.edges[edge].name if edge in layout.edges else ""
    return f"{name} ({edge})" if name else edge
