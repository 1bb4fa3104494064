"""Ponds: how far what a gauge says reaches."""

from __future__ import annotations

import numpy as np


def pond_of(depth_m: np.ndarray, cell: int, *, wet_m: float = 0.01) -> np.ndarray:
    """Flat indices of the cells that stand under water together with a cell, in any member, side by side.

    Args:
        depth_m: (members, rows, cols) depths (m).
        cell: Flat index of the gauge's cell.
        wet_m: A cell is wet from this depth on (m).

    Returns:
        Increasing; empty where the cell is dry in every member.
    """
    from scipy.ndimage import label

    ponds, _ = label((depth_m >= wet_m).any(axis=0))
    flat = ponds.reshape(-1)
    return np.flatnonzero(flat == flat[cell]) if flat[cell] else np.zeros(0, np.int64)
