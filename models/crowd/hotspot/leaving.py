"""Everybody leaves: a hot spot full of people who make for its doors."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from models.crowd.hotspot.choosing import LeastTime
from models.crowd.hotspot.crossers import SCATTER_MPS, SPEED_MPS
from models.crowd.hotspot.map_spot import MapSpot
from models.crowd.hotspot.placing import scattered
from models.crowd.hotspot.spot import HotSpot
from models.crowd.hotspot.walking import Walking
from models.streams import stream
from networks.errors import BadInput

APART_M = 0.35
"""How far apart people stand at the beginning, at least (m)."""


@dataclass(frozen=True)
class Leaving:
    """How a ground emptied.

    Attributes:
        ground: The hot spot, walked.
        left_s: When each left (s), sorted; shorter than the people where some are still there.
        by_door: How many left by each door.
        still_there: Who is left.
    """

    ground: HotSpot
    left_s: np.ndarray
    by_door: np.ndarray
    still_there: int


def leave(
    spot: MapSpot, people: int, *, shut: Collection[str] = (), at_most_s: float = 900.0, seed: int = 1,
    walking: Walking | None = None,
) -> Leaving:  # fmt: skip
    """Let people who stand all over a hot spot leave by the doors that are open, each by the one that is soonest.

    Args:
        spot: The hot spot.
        people: How many stand on it.
        shut: Names of doors that are shut.
        at_most_s: When to stop looking (s).
        seed: Of the draws.
        walking: How people walk.

    Raises:
        BadInput: No room for so many, a door that there is not, or none left open.
    """
    names = [one.door.name for one in spot.doors]
    unknown = sorted(set(shut) - set(names))
    if unknown:
        raise BadInput(f"there is no door called {unknown[0]}", place=spot.name, expected=", ".join(names))
    doors = [one.door for one in spot.doors if one.door.name not in shut]
    if not doors:
        raise BadInput("every door is shut", place=spot.name, remedy="leave one open")
    draw = stream(seed, "hotspot leaving")
    places = scattered(spot.area, people, APART_M, draw)
    speeds = draw.normal(SPEED_MPS, SCATTER_MPS, people).clip(0.6, 2.1)
    ground = HotSpot(spot.area, (), doors, walking=walking, seed=seed)
    for (x, y), speed in zip(places.tolist(), speeds.tolist(), strict=True):
        ground.put(x, y, doors[0].name, speed)
    crowd = LeastTime(ground, [door.name for door in doors], seed=seed)
    while ground.still_there() and ground.now_s < at_most_s:
        crowd.advance(ground.now_s + 2.0)
    ground.close()
    gone = [person for person in ground.people.values() if np.isfinite(person.left_s)]
    by = np.bincount([names.index(doors[person.to].name) for person in gone], minlength=len(names))
    return Leaving(ground, np.sort([person.left_s for person in gone]), by, ground.still_there())
