"""Carrying a field along a motion field: backward, semi-Lagrangian."""

from __future__ import annotations

import numpy as np

ROUNDS = 3
"""Rounds of the fixed-point search for where a parcel came from; it converges while motion varies slowly in space."""


def displacement(motion: np.ndarray, steps: float, before: np.ndarray | None = None) -> np.ndarray:
    """How far back (pixels) each pixel's parcel came from.

    The trajectory ends at each pixel; each step's velocity is taken at its middle.

    Args:
        motion: (2, rows, cols) pixels per step, down and to the right; constant in time.
        steps: Steps of the motion to go back; at most one at a time keeps curved trajectories right.
        before: The displacement so far, which this one carries on; None begins.

    Returns:
        (2, rows, cols) pixels, down and to the right: the parcel at x was at x - displacement.

    Source: Germann & Zawadzki 2002, Mon. Weather Rev. 130, 2859-2873 (the semi-Lagrangian backward scheme).
    """
    rows, cols = np.indices(motion.shape[1:], dtype=np.float64)
    so_far = np.zeros_like(motion, dtype=np.float64) if before is None else before
    here = np.stack([rows, cols]) - so_far
    step = steps * _sample(motion, here)
    for _ in range(ROUNDS):
        step = steps * _sample(motion, here - step / 2)
    return np.asarray(so_far + step)


def carried(field: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The field after its parcels moved by `shift` (from `displacement`); NaN where they came from outside or unseen.

    Bilinear between pixels: nothing is created, a uniform motion keeps the sum up to what crosses the border, and by
    whole pixels it is exact.
    """
    from scipy.ndimage import map_coordinates

    rows, cols = np.indices(field.shape, dtype=np.float64)
    place = np.stack([rows, cols]) - shift
    seen = np.isfinite(field)
    moved = map_coordinates(np.where(seen, field, 0), place, order=1, mode="constant", cval=0.0, output=np.float64)
    tall, wide = field.shape
    inside = (place[0] >= 0) & (place[0] <= tall - 1) & (place[1] >= 0) & (place[1] <= wide - 1)
    if not seen.all():
        inside &= map_coordinates(seen.astype(np.float64), place, order=1, mode="constant", cval=0.0) > 1 - 1e-6
    return np.where(inside, moved, np.nan)


def _sample(motion: np.ndarray, place: np.ndarray) -> np.ndarray:
    from scipy.ndimage import map_coordinates

    return np.stack([map_coordinates(part, place, order=1, mode="nearest") for part in motion])
