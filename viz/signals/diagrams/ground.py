"""The ground of a signal on a small picture: its ways, scaled to a frame, and labels that keep off each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from networks import Layout

Point = tuple[float, float]
STUB_IN_M, STUB_OUT_M = 14.0, 7.0
LETTER_PX, LINE_PX = 6.4, 11.0


@dataclass(frozen=True)
class Way:
    """The way of one light on the picture.

    Attributes:
        index: Its place in the plan's states.
        group: Name of its group, "" where it has none.
        kind: vehicle, pedestrian, bicycle or tram.
        points: Pixels, with a piece of road before and behind the junction.
        waits: Pixels of its waiting area beyond the stop line; empty where it has none.
    """

    index: int
    group: str
    kind: str
    points: tuple[Point, ...]
    waits: tuple[Point, ...] = ()


def ways(layout: Layout, names: dict[int, str], size: float, margin: float) -> tuple[Way, ...]:
    """Every way of a layout in a square of `size` pixels with north up.

    Args:
        layout: The signal's ground.
        names: Group of each link.
        size: Width and height of the picture.
        margin: Pixels that stay free on every side.
    """
    lines = [_line(m.path, m.heading_in, m.heading_out, m.kind) for m in layout.movements]
    xs, ys = zip(*(point for one in lines for point in one), strict=True)
    reach = max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    scale = (size - 2 * margin) / reach
    left = margin + (size - 2 * margin - scale * (max(xs) - min(xs))) / 2
    top = margin + (size - 2 * margin - scale * (max(ys) - min(ys))) / 2

    def pixels(points: Sequence[Point]) -> tuple[Point, ...]:
        return tuple((left + scale * (x - min(xs)), top + scale * (max(ys) - y)) for x, y in points)

    return tuple(
        Way(
            movement.index,
            names.get(movement.index, ""),
            movement.kind,
            pixels(one),
            pixels(_begin(movement.path, movement.ahead_m)),
        )
        for movement, one in zip(layout.movements, lines, strict=True)
    )


def _begin(path: Sequence[Point], metres: float) -> list[Point]:
    """The first metres of a line; nothing of none."""
    if metres <= 0:
        return []
    found, left = [path[0]], metres
    for one, other in pairwise(path):
        far = math.dist(one, other)
        share = min(left / far, 1.0) if far else 1.0
        found.append((one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])))
        left -= far
        if left <= 0:
            break
    return found


def _line(path: Sequence[Point], into: float, out: float, kind: str) -> list[Point]:
    if kind == "pedestrian":
        return list(path)
    (x0, y0), (x1, y1) = path[0], path[-1]
    start = (x0 - STUB_IN_M * math.cos(into), y0 - STUB_IN_M * math.sin(into))
    return [start, *path, (x1 + STUB_OUT_M * math.cos(out), y1 + STUB_OUT_M * math.sin(out))]


def placed(wished: Iterable[tuple[Point, Point, str]], size: float) -> list[tuple[float, float, str]]:
    """Where labels go: (x, y of the middle, words), near where they are wished, none over another, all inside.

    Args:
        wished: (place, direction away from the picture, words); a label that finds no room is left out.
        size: Width and height of the picture.
    """
    taken: list[tuple[float, float, float]] = []
    found = []
    for (x, y), (dx, dy), words in wished:
        half = LETTER_PX * len(words) / 2 + 1
        for along, aside in ((a, s) for a in (8, 2, 16, 24, -8, 32, -16) for s in (0, 11, -11, 22, -22)):
            at = (x + dx * along - dy * aside, y + dy * along + dx * aside)
            spot = (min(max(at[0], half), size - half), min(max(at[1], LINE_PX / 2), size - LINE_PX / 2), half)
            if not any(_touch(spot, other) for other in taken):
                taken.append(spot)
                found.append((spot[0], spot[1], words))
                break
    return found


def _touch(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < LINE_PX
