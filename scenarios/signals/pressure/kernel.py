"""The sums of max-pressure, on arrays.

The weight of a link is what comes towards it less what stands behind it (P. Varaiya, "Max pressure control of a network
of signalized intersections", Transportation Research Part C 36 (2013) 177-195; known from secondary sources), and falls
to nothing while the lane behind it fills: a full lane takes nobody, so its green would be wasted and would carry the
queue over the junction (the failing that J. Gregoire et al., "Capacity-aware back-pressure traffic signal control",
IEEE Transactions on Control of Network Systems 2 (2014), doi 10.1109/TCNS.2014.2378871, name; abstract read. The
straight line between the two figures below is this product's).
"""

from __future__ import annotations

import numpy as np

FILLS, FULL = 0.6, 0.9
"""Share of a lane taken by vehicles from which on its links count less, and from which on they count nothing."""
SERVED_VPS = 0.5
"""Vehicles a second that a lane lets go (1800 an hour; HCM 2016, chapter 19: base 1900)."""


def link_pressures(coming: np.ndarray, standing: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """Weight of each link, shape (links,), vehicles, never below 0.

    Args:
        coming: Vehicles that come towards each link.
        standing: Vehicles that stand on the lane behind it; 0 where that lane leads out.
        taken: Share of that lane that vehicles take, 0 to 1.
    """
    room = np.clip((FULL - taken) / (FULL - FILLS), 0.0, 1.0)
    return np.maximum(coming - standing, 0.0) * room


def stage_pressures(serves: np.ndarray, pressures: np.ndarray) -> np.ndarray:
    """Weight of each stage, shape (stages,): the sum over the links that it serves.

    Args:
        serves: How much of each link a stage serves, shape (stages, links): 1 with the way, less where it gives way.
        pressures: From `link_pressures`.
    """
    return np.asarray(serves @ pressures)


def choose(weights: np.ndarray, current: int, lost_s: np.ndarray) -> int:
    """The stage that should come next; the current one unless another is worth the change.

    Another one is worth it when its weight exceeds the current one's by the vehicles that a lane would let go while the
    lights change; where nobody comes towards the current one, any weight is enough.

    Args:
        weights: From `stage_pressures`.
        current: Number of the stage that is green.
        lost_s: Length of the change from it to each stage.
    """
    worth = weights - np.where(weights[current] > 0.0, SERVED_VPS * lost_s, 0.0)
    worth[current] = weights[current]
    best = int(np.argmax(worth))
    return best if worth[best] > worth[current] else current
