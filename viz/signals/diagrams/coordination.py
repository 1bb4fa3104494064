"""The Purdue coordination diagram: when in the cycle vehicles arrive, over the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.diagrams.bars import tick_s
from viz.signals.diagrams.svg import drawing, element, label, line
from viz.signals.diagrams.time_space import clock

if TYPE_CHECKING:
    import pandas as pd

Scale = Callable[[float], float]
WIDTH_PX, HEIGHT_PX = 760.0, 250.0
_LEFT_PX, _RIGHT_PX, _TOP_PX, _FOOT_PX = 40.0, 26.0, 10.0, 22.0


def coordination_diagram(points: pd.DataFrame, cycles: pd.DataFrame, *, title: str) -> Markup:
    """The diagram of one phase as SVG text without words of any language.

    Args:
        points: arrival_s, in_cycle_s, shown (scenarios.measures.atspm.coordination_points).
        cycles: red_s, green_s, yellow_s, end_s of its cycles, at least one (phase_cycles).
        title: For screen readers.
    """
    begin, end = float(cycles["red_s"].min()), float(cycles["end_s"].max())
    most = float((cycles["end_s"] - cycles["red_s"]).quantile(0.98)) * 1.03

    def x(second: float) -> float:
        return _LEFT_PX + (WIDTH_PX - _LEFT_PX - _RIGHT_PX) * (second - begin) / (end - begin)

    def y(second: float) -> float:
        return HEIGHT_PX - _FOOT_PX - (HEIGHT_PX - _TOP_PX - _FOOT_PX) * min(second, most) / most

    parts = [*_axes(begin, end, most, x, y)]
    rows = list(cycles[["red_s", "green_s", "yellow_s", "end_s"]].itertuples(index=False, name=None))
    for red, green, yellow, over in rows:
        low, high = y(yellow - red), y(green - red)
        parts.append(
            element("rect", x=x(red), y=low, width=max(x(over) - x(red), 0.1), height=high - low, class_="window")
        )
        parts.append(line([(x(red), high), (x(over), high)], class_="green-begin"))
        parts.append(line([(x(red), low), (x(over), low)], class_="green-end"))
    for arrival, place, shown in points[["arrival_s", "in_cycle_s", "shown"]].itertuples(index=False, name=None):
        kind = "on-green" if shown == "green" else "on-red"
        parts.append(element("circle", cx=x(arrival), cy=y(place), r=1.9, class_=kind))
    return drawing(WIDTH_PX, HEIGHT_PX, parts, title=title, class_="coordination")


def _axes(begin: float, end: float, most: float, x: Scale, y: Scale) -> Iterator[Markup]:
    step = tick_s(end - begin, 9)
    for n in range(int(begin // step) + 1, int(end // step) + 1):
        yield line([(x(n * step), _TOP_PX), (x(n * step), HEIGHT_PX - _FOOT_PX)], class_="grid")
        yield label(x(n * step), HEIGHT_PX - 7, clock(n * step), class_="tick", text_anchor="middle")
    step = tick_s(most, 6)
    for n in range(int(most // step) + 1):
        yield line([(_LEFT_PX, y(n * step)), (WIDTH_PX - _RIGHT_PX, y(n * step))], class_="grid")
        yield label(_LEFT_PX - 6, y(n * step) + 3.5, f"{n * step:g}", class_="tick", text_anchor="end")
