"""What one test of the guideline came to, and the ground it was run on, turned by an angle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely.affinity import rotate
from shapely.geometry import Polygon

from models.check import Check
from models.crowd.hotspot.area import Door, SlowGround
from models.crowd.hotspot.tracks import Tracks

ANGLES = (0, 17, 30, 45)
"""Degrees by which each test is turned: as drawn, and three others."""


@dataclass(frozen=True)
class Outcome:
    """One test at one angle.

    Attributes:
        test: Its number in the guideline.
        title: What it is about.
        degrees: By how much the ground was turned.
        checks: What was measured; `kind` is "rimea", gates None where the test has no criterion.
        area, doors: The ground.
        tracks: Where people went.
    """

    test: int
    title: str
    degrees: float
    checks: tuple[Check, ...]
    area: Polygon
    doors: tuple[Door, ...]
    tracks: Tracks

    @property
    def passed(self) -> bool:
        """Whether every gate was met."""
        return all(check.passed for check in self.checks)


@dataclass(frozen=True)
class Drawing:
    """A ground as the guideline draws it, with everything turned about the origin by `degrees`."""

    degrees: float

    def area(
        self, corners: Sequence[tuple[float, float]], holes: Sequence[Sequence[tuple[float, float]]] = ()
    ) -> Polygon:
        """A polygon, turned."""
        return Polygon(rotate(Polygon(corners, holes), self.degrees, origin=(0, 0)))

    def door(self, name: str, a: tuple[float, float], b: tuple[float, float], outflow_ps: float | None = None) -> Door:
        """A door, turned."""
        return Door(name, (self.at(*a), self.at(*b)), outflow_ps)

    def slow(self, corners: Sequence[tuple[float, float]], share: float) -> SlowGround:
        """Slow ground, turned."""
        return SlowGround(self.area(corners), share)

    def at(self, x_m: float, y_m: float) -> tuple[float, float]:
        """A point, turned."""
        turn = np.deg2rad(self.degrees)
        return float(x_m * np.cos(turn) - y_m * np.sin(turn)), float(x_m * np.sin(turn) + y_m * np.cos(turn))


def check(test: int, degrees: float, measure: str, value: float, gate: float | None) -> Check:
    """A line of the table."""
    return Check(f"RiMEA {test}, turned {degrees:g} deg", "rimea", measure, value, gate)
