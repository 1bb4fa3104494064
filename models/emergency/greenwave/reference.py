"""The dynamic programme of `_kernels.py` in NumPy, for tests."""

from __future__ import annotations

import numpy as np


def cheapest_reference(
    least: np.ndarray, most: np.ndarray, now: np.ndarray, lost: np.ndarray, target: np.ndarray, home: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """As `_kernels.cheapest`: arguments and results are the same."""
    seconds, beats = home.shape
    cost, length = np.full((seconds, beats), np.inf), np.zeros((seconds, beats), np.int64)
    for t in range(seconds - 1, -1, -1):
        for k in range(beats):
            if home[t, k]:
                cost[t, k] = 0.0
                continue
            tried = np.arange(least[k], min(most[k], seconds - 1 - t) + 1)
            if not len(tried):
                continue
            price = cost[t + tried, (k + 1) % beats] + (tried - now[k]) ** 2 / now[k]
            price = price + (0.0 if target[k] else lost[t + tried] - lost[t])
            if np.isfinite(price).any():
                best = int(np.argmin(price))
                cost[t, k], length[t, k] = price[best], tried[best]
    return cost, length
