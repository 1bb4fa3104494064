"""Somebody's way through a hot spot."""

from __future__ import annotations

from dataclasses import dataclass

STAND_MPS = 1e-6
"""Speed of somebody who stands (m/s)."""


@dataclass
class Person:
    """Somebody's way through a hot spot.

    Attributes:
        to: Number of the door that they make for.
        speed_mps: Speed that they want to walk at (m/s).
        start_s: When they set out (s); until then they stand.
        entered_s: When they came in (s).
        left_s: When they were last seen (s), to a frame; NaN while they are there.
        share: Share of their speed that the ground lets them walk at.
        moves: Whether they have set out.
        by: Number of the door that they came in by; -1 for somebody who was put down.
    """

    to: int
    speed_mps: float
    start_s: float
    entered_s: float
    left_s: float = float("nan")
    share: float = 1.0
    moves: bool = True
    by: int = -1

    @property
    def wants_mps(self) -> float:
        """Speed that they want to walk at here and now (m/s)."""
        return self.speed_mps * self.share if self.moves else STAND_MPS
