"""How far a held-out edge is from the nearest one that was used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from networks.roads.net_file import Net


def distances_m(net: Net, edges: Sequence[str], used: Sequence[str]) -> NDArray[np.float64]:
    """Straight-line distance from the middle of each edge to the middle of the nearest used one.

    Args:
        net: The network.
        edges: Whose distance (E).
        used: Edges with a sensor that the calibration saw, at least one.

    Returns:
        Metres (E).
    """
    middles = {edge.edge_id: middle(edge.shape) for edge in net.edges}
    tree = cKDTree([middles[name] for name in used])
    if not edges:
        return np.zeros(0)
    found = tree.query([middles[name] for name in edges])[0]
    return np.asarray(found, dtype=np.float64)


def middle(shape: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The point half way along a line."""
    points = np.asarray(shape, dtype=np.float64)
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    half = along[-1] / 2
    return float(np.interp(half, along, points[:, 0])), float(np.interp(half, along, points[:, 1]))
