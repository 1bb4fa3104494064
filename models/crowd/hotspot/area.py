"""The ground of a hot spot: one polygon with obstacles as holes, and doors at its edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely import union_all
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.ops import unary_union
from shapely.validation import explain_validity

from networks import BadInput

PIECE_M = 0.6
"""Width of the pieces of a door (m): everybody makes for the nearest one, not all for the middle of a wide door."""
DEPTH_M = 0.4
"""How far the mouth of a door reaches into the area (m)."""
BEHIND_M = 1.0
"""How far people are followed behind a door (m): who is through still takes up room, so a door is a bottleneck."""
NEAR_M = 0.5
"""How far a door's ends may lie from the area's edge (m)."""


@dataclass(frozen=True)
class Door:
    """Where people come and go.

    Attributes:
        name: Its name, once in a hot spot.
        ends_m: Its two ends on the edge of the area (m).
        outflow_ps: Most people a second that it lets out: a gate, or a way behind it that is full; 0 is closed, None
            is what walking allows.
    """

    name: str
    ends_m: tuple[tuple[float, float], tuple[float, float]]
    outflow_ps: float | None = None

    @property
    def width_m(self) -> float:
        """Distance of its ends (m)."""
        return float(np.hypot(*np.subtract(*self.ends_m)))


@dataclass(frozen=True)
class SlowGround:
    """Ground on which people walk more slowly: a stair, a slope, sand.

    Attributes:
        shape: Where.
        share: Share of their speed that they keep, above 0 and at most 1.
    """

    shape: Polygon
    share: float

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise BadInput(f"share {self.share}", place="slow ground", expected="above 0 and at most 1")


@dataclass(frozen=True)
class Mouth:
    """A door as the simulation needs it.

    Attributes:
        door: The door.
        pieces: Rectangles inside the area, side by side, each at most `PIECE_M` wide.
        middle_m: Middle of each piece (m), shape (pieces, 2).
        behind: Ground behind the door, as wide as it is.
        ends: Rectangles at the end of that, one behind each piece, where people are let go.
    """

    door: Door
    pieces: tuple[Polygon, ...]
    middle_m: np.ndarray
    behind: Polygon
    ends: tuple[Polygon, ...]


def ground(polygon: Polygon, obstacles: Sequence[Polygon] = ()) -> Polygon:
    """The polygon without the obstacles.

    Raises:
        BadInput: A polygon without area or that crosses itself, an obstacle likewise, or obstacles that cut it in two
            or cover it.
    """
    for name, shape in (("polygon", polygon), *((f"obstacle {i}", o) for i, o in enumerate(obstacles))):
        if shape.is_empty or not shape.area > 0:
            raise BadInput(
                f"the {name} has no area", place=name, expected="at least three corners that are not in a line"
            )
        if not shape.is_valid:
            raise BadInput(
                f"the {name} is not a simple polygon", place=explain_validity(shape), expected="no crossing edges"
            )
    left = polygon.difference(unary_union(list(obstacles))) if obstacles else polygon
    if left.is_empty:
        raise BadInput(
            "the obstacles cover all of the polygon", place="obstacles", remedy="leave out what people walk on"
        )
    if isinstance(left, MultiPolygon):
        sizes = ", ".join(f"{part.area:.1f} m2" for part in sorted(left.geoms, key=lambda part: -part.area))
        raise BadInput(
            "the obstacles cut the polygon in pieces that nobody can walk between",
            place=f"pieces of {sizes}",
            expected="one connected area",
            remedy="make a hot spot of each piece, or leave a gap between the obstacles",
        )
    return Polygon(left)


def open_doors(area: Polygon, doors: Sequence[Door], body_m: float) -> list[Mouth]:
    """Lay each door out.

    Args:
        area: The ground.
        doors: At least one.
        body_m: Width of a person (m); a door must be wider.

    Raises:
        BadInput: No door, two of one name, one off the edge or narrower than a person, or a negative outflow.
    """
    if not doors:
        raise BadInput("a hot spot without doors", place="doors", expected="at least one, or nobody can leave")
    names = [door.name for door in doors]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(f"two doors are called {name}", place=f"door {name}", expected="names that differ")
    return [_mouth(area, door, body_m) for door in doors]


def _mouth(area: Polygon, door: Door, body_m: float) -> Mouth:
    place = f"door {door.name}"
    if door.width_m <= body_m:
        raise BadInput(
            f"the door is {door.width_m:.2f} m wide", place=place, expected=f"wider than a person ({body_m:.2f} m)"
        )
    if door.outflow_ps is not None and not door.outflow_ps >= 0:
        raise BadInput(
            f"outflow {door.outflow_ps} persons/s", place=place, expected="0 (closed) or more, or none at all"
        )
    a, b = np.asarray(door.ends_m, dtype=float)
    far = max(area.boundary.distance(Point(end)) for end in (a, b, (a + b) / 2))
    if far > NEAR_M:
        raise BadInput(
            f"the door is {far:.1f} m off the edge of the area",
            place=place,
            expected=f"both ends on the edge (within {NEAR_M} m)",
            remedy="move the door, or check that its coordinates are of the polygon's projection",
        )
    along = (b - a) / door.width_m
    inward = np.array([-along[1], along[0]])
    sides = [_share_inside(area, a, b, direction * DEPTH_M) for direction in (inward, -inward)]
    if sides[1] > sides[0]:
        a, b, along = b, a, -along
        inward = -inward
    count = max(1, int(np.ceil(door.width_m / PIECE_M - 1e-9)))
    corners = a + np.linspace(0, door.width_m, count + 1)[:, None] * along
    deep = corners + inward * DEPTH_M
    pieces = tuple(Polygon([corners[i], corners[i + 1], deep[i + 1], deep[i]]) for i in range(count))
    middle = (corners[:-1] + corners[1:]) / 2 + inward * DEPTH_M / 2
    inside = [i for i in range(count) if area.contains(Point(middle[i]))]
    if not inside:
        raise BadInput(
            "the door opens onto an obstacle or a sharp corner", place=place, expected="walkable ground behind it"
        )
    near, far_off = corners - inward * (BEHIND_M - DEPTH_M), corners - inward * BEHIND_M
    behind = Polygon([deep[0], deep[-1], far_off[-1], far_off[0]])
    ends = tuple(Polygon([far_off[i], far_off[i + 1], near[i + 1], near[i]]) for i in inside)
    return Mouth(door, tuple(pieces[i] for i in inside), middle[inside], behind, ends)


def with_ground_behind(area: Polygon, mouths: Sequence[Mouth]) -> Polygon:
    """The area together with the ground behind those doors that hold nobody back.

    Raises:
        BadInput: A door lies off the area.
    """
    open_ones = [mouth.behind for mouth in mouths if mouth.door.outflow_ps is None]
    whole = union_all([area, *open_ones], grid_size=1e-6)
    if not isinstance(whole, Polygon):
        raise BadInput("a door does not touch the area", place="doors", expected="doors on its edge")
    return whole


def _share_inside(area: Polygon, a: np.ndarray, b: np.ndarray, shift: np.ndarray) -> float:
    return float(area.intersection(LineString([a + shift, b + shift])).length)
