"""One controlled way through a junction: from a lane to a lane, under one light."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Movement:
    """A way that the light `index` of a controller lets go.

    Attributes:
        index: Character of the controller's state strings; several movements may share one.
        from_edge, from_lane: Where it comes from; a crossing comes from a walking area, lane 0.
        to_edge, to_lane: Where it leads.
        direction: SUMO's `dir`: s straight, l left, r right, t turn around, L/R partly left/right.
        junction: The junction that it crosses.
        kind: vehicle, pedestrian, bicycle or tram.
        path: Its line over the junction from the stop line on, metres.
        heading_in, heading_out: Direction of travel before and after it, radians, anticlockwise from east.
        speed_mps: Speed limit of the lane that it comes from; 0 for pedestrians.
        ahead_m: So far beyond the stop line its vehicles wait, in a waiting area; 0 where there is none.
    """

    index: int
    from_edge: str
    from_lane: int
    to_edge: str
    to_lane: int
    direction: str
    junction: str
    kind: str
    path: tuple[Point, ...]
    heading_in: float
    heading_out: float
    speed_mps: float
    ahead_m: float = 0.0

    @property
    def length_m(self) -> float:
        """Length of its path."""
        return length_of(self.path)


def length_of(path: tuple[Point, ...]) -> float:
    """Length of a line, m."""
    return sum(math.dist(a, b) for a, b in itertools.pairwise(path))


def turned(before: float, after: float) -> float:
    """Signed turn between two headings, radians within -pi to pi; left is positive."""
    return math.remainder(after - before, math.tau)
