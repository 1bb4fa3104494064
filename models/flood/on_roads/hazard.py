"""Danger to people who stand in flowing water, by the rating of the British guidance FD2320."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

CLASSES = ("low", "danger for some", "danger for most", "danger for all")
BOUNDS = (0.75, 1.25, 2.0)
"""Ratings from which there is danger for some (children, the elderly, the infirm), for most, for all."""


def hazard_rating(depth_m: ArrayLike, speed_mps: ArrayLike) -> np.ndarray:
    """Rating d (v + 0.5) + DF with d in m, v in m/s; the debris factor DF is that of towns.

    DF is 0 up to 0.25 m, and 1 deeper than that or, in more than 5 cm, faster than 2 m/s.

    Source: Defra and Environment Agency 2006, Flood Risks to People phase 2, FD2321/TR1, with the debris factors of
    the supplementary note of 2008. Secondary source: known from citations, neither text was at hand.
    """
    depth, speed = np.maximum(np.asarray(depth_m, np.float64), 0), np.abs(np.asarray(speed_mps, np.float64))
    debris = (depth > 0.25) | ((speed > 2.0) & (depth > 0.05))
    return np.where(depth > 0, depth * (speed + 0.5) + debris, 0.0)


def hazard_class(rating: ArrayLike) -> np.ndarray:
    """Index into CLASSES of a rating."""
    return np.searchsorted(BOUNDS, np.asarray(rating, np.float64), side="right")
