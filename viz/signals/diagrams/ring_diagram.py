"""The ring-barrier diagram: the phases of each ring over one cycle, and the barriers that both rings reach together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.diagrams.svg import centred, drawing, element, label, line

if TYPE_CHECKING:
    from networks import Controller, Layout
    from networks.timing.ring_plan import RingPhase, RingPlan

WIDTH_PX, _LEFT_PX, _RIGHT_PX = 760.0, 14.0, 14.0
_TOP_PX, _ROW_PX, _GAP_PX, _FOOT_PX, _LAMP_PX = 8.0, 56.0, 8.0, 20.0, 9.0
_ARROWS = {"l": "←", "L": "↖", "s": "↑", "R": "↗", "r": "→", "t": "↶"}
_LETTER_PX = 7.0


def ring_diagram(rings: RingPlan, layout: Layout, controller: Controller, *, title: str) -> Markup:
    """The diagram as SVG text without words of any language.

    Each box is a phase: its number, its green in seconds, the groups and turns that it lets go, with green, yellow and
    red below; thick lines are barriers.

    Args:
        rings: The phases (networks.timing.ringing.rings_of).
        layout: The signal's ground, for the turns.
        controller: Its groups, for their names.
        title: For screen readers.

    Raises:
        BadInput: The rings do not meet at a barrier.
    """
    rows = {ring: n for n, ring in enumerate(rings.rings)}
    foot = _TOP_PX + len(rows) * (_ROW_PX + _GAP_PX)
    begins, cycle = rings.begins_s(), rings.cycle_s
    parts: list[Markup] = []
    for phase in rings.phases:
        begin = begins[phase.number]
        x = [_x(second, cycle) for second in (begin, begin + phase.green_s, begin + phase.split_s)]
        yellow = _x(begin + phase.green_s + phase.yellow_s, cycle)
        top = _TOP_PX + rows[phase.ring] * (_ROW_PX + _GAP_PX)
        parts += _box(phase, (x[0], x[1], yellow, x[2]), top, _told(phase, layout, controller))
    parts += _barriers(rings, foot)
    return drawing(WIDTH_PX, foot + _FOOT_PX, parts, title=title, class_="rings")


def _x(second: float, cycle_s: float) -> float:
    return _LEFT_PX + (WIDTH_PX - _LEFT_PX - _RIGHT_PX) * second / cycle_s


def _box(phase: RingPhase, x: tuple[float, float, float, float], top: float, told: tuple[str, str]) -> Iterator[Markup]:
    begin, green, yellow, end = x
    low = top + _ROW_PX - _LAMP_PX
    yield element("rect", x=begin, y=top, width=end - begin, height=_ROW_PX, class_="phase")
    yield element("rect", x=begin, y=low, width=green - begin, height=_LAMP_PX, class_="green")
    if yellow > green:
        yield element("rect", x=green, y=low, width=yellow - green, height=_LAMP_PX, class_="yellow")
    if end > yellow:
        yield line([(yellow, low + _LAMP_PX / 2), (end, low + _LAMP_PX / 2)], class_="red")
    middle, room = (begin + end) / 2, end - begin
    number = f"{phase.number}: {phase.green_s:g} s" if room > 56 else str(phase.number)
    yield centred(middle, top + 12, number, "number")
    names, turns = told
    for n, words in enumerate((names, turns)):
        if words:
            yield centred(middle, top + 25 + 11 * n, _cut(words, room), "told")


def _cut(words: str, room: float) -> str:
    """Words that fit into a box; what does not is told by dots."""
    most = max(int(room / _LETTER_PX), 1)
    return words if len(words) <= most else words[: most - 1] + "…"


def _told(phase: RingPhase, layout: Layout, controller: Controller) -> tuple[str, str]:
    """Groups, and the arrows of their turns; those that give way in brackets."""
    links = phase.protected | phase.permitted
    names = dict.fromkeys(controller.group_of[k].name for k in sorted(links) if k in controller.group_of)
    own = [m for m in layout.movements if m.index in links and m.kind != "pedestrian"]
    first = {m.direction for m in own if m.index in phase.protected}
    yields = {m.direction for m in own} - first
    turns = "".join(arrow for letter, arrow in _ARROWS.items() if letter in first)
    waits = "".join(arrow for letter, arrow in _ARROWS.items() if letter in yields)
    return " ".join(names), turns + (f"({waits})" if waits else "")


def _barriers(rings: RingPlan, foot: float) -> Iterator[Markup]:
    now, cycle = 0.0, rings.cycle_s
    for second in [0.0, *rings.barrier_lengths().values()]:
        now += second
        x = _x(now, cycle)
        yield line([(x, _TOP_PX - 4), (x, foot - _GAP_PX + 4)], class_="barrier")
        yield label(x, foot + 10, f"{now:g}", class_="tick", text_anchor="middle")
