"""The stage diagram: one small picture of the junction for each stage, in the order of the cycle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.diagrams.ground import Way, placed, ways
from viz.signals.diagrams.svg import centred, drawing, element, line
from viz.signals.plans.course import GREENS

if TYPE_CHECKING:
    from networks import Controller, Layout

SIZE_PX, _MARGIN_PX = 210.0, 16.0
_HEAD_PX = 6.0


def stage_picture(layout: Layout, controller: Controller, state: str, *, title: str) -> Markup:
    """The junction while it shows `state`, as SVG text: solid who has the way, dashed who gives way, grey who waits.

    A red turn whose waiting area may be entered has a dotted way into it.

    Args:
        layout: The signal's ground.
        controller: Its groups, for the names.
        state: One letter for each link.
        title: For screen readers.
    """
    names = {link: group.name for group in controller.groups for link in group.links}
    drawn = ways(layout, names, SIZE_PX, _MARGIN_PX)
    waiting = [way for way in drawn if state[way.index] not in GREENS]
    going = [way for way in drawn if state[way.index] in GREENS]
    going.sort(key=lambda way: state[way.index] == "G")
    parts: list[str] = [line(way.points, class_=f"red {way.kind}") for way in waiting]
    parts += [line(way.waits, class_="waits") for way in waiting if way.waits and way.index in _entered(layout, state)]
    for way in going:
        parts += _arrow(way, permissive=state[way.index] == "g")
    parts += [centred(x, y, words, "name") for x, y, words in placed(_wished(going), SIZE_PX)]
    return drawing(SIZE_PX, SIZE_PX, parts, title=title, class_="stage")


def _entered(layout: Layout, state: str) -> set[int]:
    """Links whose waiting area may be entered while a state is shown."""
    from networks.signals.equipment.waiting_area import waiting_areas

    return {
        link
        for area in waiting_areas(layout)
        if any(state[straight] in GREENS for straight in area.straight)
        for link in area.turning
    }


def _arrow(way: Way, *, permissive: bool) -> list[Markup]:
    kind = f"go {way.kind}" + (" permissive" if permissive else "")
    if way.kind == "pedestrian":
        return [line(way.points, class_=kind)]
    (x0, y0), (x1, y1) = way.points[-2:]
    angle = math.atan2(y1 - y0, x1 - x0)
    back = [
        (x1 - _HEAD_PX * math.cos(angle + turn), y1 - _HEAD_PX * math.sin(angle + turn))
        for turn in (math.pi / 7, -math.pi / 7)
    ]
    head = " ".join(f"{x:.1f},{y:.1f}" for x, y in ((x1, y1), *back))
    return [line(way.points, class_=kind), element("polygon", points=head, class_=f"head {way.kind}")]


def _wished(going: Sequence[Way]) -> list[tuple[tuple[float, float], tuple[float, float], str]]:
    """One label for each group where its first way begins, away from the junction."""
    found: dict[str, tuple[tuple[float, float], tuple[float, float], str]] = {}
    for way in going:
        if way.group and way.group not in found:
            (x0, y0), (x1, y1) = way.points[0], way.points[1]
            far = math.dist((x0, y0), (x1, y1)) or 1.0
            found[way.group] = ((x0, y0), ((x0 - x1) / far, (y0 - y1) / far), way.group)
    return list(found.values())
