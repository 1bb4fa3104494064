"""What is seen of a hot spot in its city at one moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COMING, AT_DOOR, INSIDE, GOING, ARRIVED = range(5)
"""Where somebody is: before the hot spot, in its doorway, on it, behind it, at their goal."""


@dataclass(frozen=True)
class Moment:
    """What was seen at one moment.

    Attributes:
        time_s: When (s).
        people: How many are COMING, AT_DOOR, INSIDE, GOING, ARRIVED.
        density_pm2: People inside for each square metre of ground.
        inflow_ps, outflow_ps: People a second in and out since the last moment, by door.
        waiting: People in each doorway, by door.
        shut: Whether the street before each door is held back, by door.
    """

    time_s: float
    people: tuple[int, ...]
    density_pm2: float
    inflow_ps: np.ndarray
    outflow_ps: np.ndarray
    waiting: np.ndarray
    shut: np.ndarray
