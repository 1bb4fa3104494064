"""The cheapest lengths of beats by dynamic programming over (second, beat); `reference.py` says the same in NumPy."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, nogil=True)
def cheapest(
    least: np.ndarray, most: np.ndarray, now: np.ndarray, lost: np.ndarray, target: np.ndarray, home: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cost to come home from the begin of each beat at each second, and the beat's best length.

    Args:
        least: Shortest length of each beat, s, shape (beats,).
        most: Longest.
        now: In the plan.
        lost: What it costs until each second not to serve the vehicle, rising, shape (seconds + 1,).
        target: Whether each beat serves the vehicle.
        home: Whether a beat that begins at a second is in step and the vehicle has gone, shape (seconds + 1, beats).

    Returns:
        cost and length, shape (seconds + 1, beats); infinite and 0 where no way leads home.
    """
    seconds, beats = home.shape
    cost, length = np.full((seconds, beats), np.inf), np.zeros((seconds, beats), np.int64)
    for t in range(seconds - 1, -1, -1):
        for k in range(beats):
            if home[t, k]:
                cost[t, k] = 0.0
                continue
            after = k + 1 if k + 1 < beats else 0
            for d in range(least[k], min(most[k], seconds - 1 - t) + 1):
                price = cost[t + d, after] + (d - now[k]) ** 2 / now[k]
                if not target[k]:
                    price += lost[t + d] - lost[t]
                if price < cost[t, k]:
                    cost[t, k], length[t, k] = price, d
    return cost, length
