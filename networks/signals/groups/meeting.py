"""Where two movements meet, in metres from their stop lines."""

from __future__ import annotations

from functools import lru_cache

from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement, Point

Span = tuple[float, float]
"""(far end, near end) of the conflict, metres from a stop line."""


def meeting_distances(layout: Layout, one: int, other: int) -> tuple[Span, Span]:
    """The conflict of two movements, seen from the stop line of each: to its far end and to its near end.

    People cross from both sides: theirs are those of who has the longer way, and of who is there first.
    """
    spans = _distances(layout.movements[one].path, layout.movements[other].path)
    return _walked(layout.movements[one], spans[0]), _walked(layout.movements[other], spans[1])


def _walked(movement: Movement, span: Span) -> Span:
    if movement.kind != "pedestrian":
        return span
    far, near = span
    return max(far, movement.length_m - near), min(near, movement.length_m - far)


@lru_cache(maxsize=100_000)
def _distances(one: tuple[Point, ...], other: tuple[Point, ...]) -> tuple[Span, Span]:
    from shapely import LineString, get_coordinates
    from shapely.ops import nearest_points

    first, second = LineString(one), LineString(other)
    shared = first.intersection(second)
    if shared.is_empty:
        near = nearest_points(first, second)
        a, b = first.project(near[0]), second.project(near[1])
        return (a, a), (b, b)
    from shapely.geometry import Point as Spot

    spots = [Spot(x, y) for x, y in get_coordinates(shared)]
    mine, theirs = [first.project(s) for s in spots], [second.project(s) for s in spots]
    return (max(mine), min(mine)), (max(theirs), min(theirs))
