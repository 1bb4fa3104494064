"""A map whose border is a wall on some sides and open on the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from models.flood.surface.ground import Ground

Side = Literal["west", "east", "north", "south"]
SIDES: tuple[Side, ...] = ("west", "east", "north", "south")


def walled(ground: Ground, *sides: Side) -> Ground:
    """The ground with walls along these sides; the others stay as they are."""
    west, east, north, south = (
        np.zeros_like(face) if side in sides else face for side, face in zip(SIDES, ground.border, strict=True)
    )
    return replace(ground, border=(west, east, north, south))
