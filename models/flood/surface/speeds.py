"""How fast the water runs: from flows through faces, or from the momentum of cells."""

from __future__ import annotations

import numpy as np

STILL_M = 1e-3
"""Below this depth (m) a speed is reported as 0."""


def speed_of_flows(h: np.ndarray, bed: np.ndarray, qx: np.ndarray, qy: np.ndarray) -> np.ndarray:
    """Size of the mean velocity (m/s): mean flow of opposite faces over the greatest depth of the cell and both faces.

    Where water shoots through a thin cell of a steep slope, its own depth alone would give absurd speeds.
    """
    east = _velocity(h, bed, qx)
    south = _velocity(h.T, bed.T, qy.T).T
    return np.where(h > STILL_M, np.hypot(east, south), 0)


def speed_of_momentum(h: np.ndarray, mx: np.ndarray, my: np.ndarray) -> np.ndarray:
    """Size of the velocity (m/s) of cells that hold their momentum (m2/s)."""
    return np.where(h > STILL_M, np.hypot(mx, my) / np.maximum(h, STILL_M), 0)


def _velocity(h: np.ndarray, bed: np.ndarray, q: np.ndarray) -> np.ndarray:
    drop = bed[:, :-1] - bed[:, 1:]
    face = np.maximum(h[:, :-1] + np.minimum(drop, 0), h[:, 1:] - np.maximum(drop, 0))
    deepest = np.maximum(h, STILL_M)
    deepest[:, :-1] = np.maximum(deepest[:, :-1], face)
    deepest[:, 1:] = np.maximum(deepest[:, 1:], face)
    return (q[:, :-1] + q[:, 1:]) / 2 / deepest
