"""A small map of signals: where plans gain and where they lose."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from viz.signals.diagrams.svg import centred, drawing, element

if TYPE_CHECKING:
    from networks.roads.net_file import Net

WIDTH_PX, TALLEST_PX, _MARGIN_PX = 760.0, 560.0, 26.0
_LEAST_PX, _MOST_PX = 4.0, 17.0
_NUMBERED_PX = {"better": 7.0, "cannot tell": 7.0, "worse": 9.0}
Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A signal on the map.

    Attributes:
        number: Row of the table.
        target: Id of the place on the page that it leads to.
        at: Metres.
        size: 0 to 1.
        verdict: better, worse, cannot tell.
        name: For screen readers.
    """

    number: int
    target: str
    at: Point
    size: float
    verdict: str
    name: str


def gain_map(net: Net, spots: Sequence[Spot], *, title: str) -> Markup:
    """Roads around the signals and a mark for each, as SVG text without words of any language; north is up.

    Args:
        net: The roads.
        spots: At least one.
        title: For screen readers.
    """
    xs, ys = zip(*(spot.at for spot in spots), strict=True)
    around = 0.08 * max(max(xs) - min(xs), max(ys) - min(ys), 1000.0)
    west, east, south, north = min(xs) - around, max(xs) + around, min(ys) - around, max(ys) + around
    scale = min((WIDTH_PX - 2 * _MARGIN_PX) / (east - west), (TALLEST_PX - 2 * _MARGIN_PX) / (north - south))
    width, height = scale * (east - west) + 2 * _MARGIN_PX, scale * (north - south) + 2 * _MARGIN_PX

    def place(point: Point) -> Point:
        return _MARGIN_PX + scale * (point[0] - west), _MARGIN_PX + scale * (north - point[1])

    lines = [[place(point) for point in edge.shape] for edge in net.edges]
    shown = [one for one in lines if any(0 <= x <= width and 0 <= y <= height for x, y in one)]
    parts = [element("path", d=" ".join(_path(one) for one in shown), class_="road")]
    parts += [_mark(spot, place(spot.at)) for spot in sorted(spots, key=lambda one: -one.size)]
    return drawing(width, height, parts, title=title, class_="gain-map")


def _path(points: Iterable[Point]) -> str:
    kept = list[Point]()
    for point in points:
        if not kept or math.dist(point, kept[-1]) > 1.0:
            kept.append(point)
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in kept)


def _mark(spot: Spot, at: Point) -> Markup:
    radius = _LEAST_PX + (_MOST_PX - _LEAST_PX) * math.sqrt(spot.size)
    kind = spot.verdict.replace(" ", "-")
    if spot.verdict == "worse":
        reach = 1.25 * radius
        corners = [(at[0] + reach * math.sin(turn), at[1] - reach * math.cos(turn)) for turn in (0.0, 2.094, 4.189)]
        drawn = element("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in corners), class_=kind)
    else:
        drawn = element("circle", cx=at[0], cy=at[1], r=radius, class_=kind)
    parts = [element("title", spot.name), drawn]
    if radius >= _NUMBERED_PX[spot.verdict]:
        parts.append(centred(at[0], at[1], str(spot.number), f"number {kind}"))
    return element("a", Markup("").join(parts), href=f"#{spot.target}")
