"""Marks on a picture that do not cover each other."""

from __future__ import annotations

import numpy as np


def apart(spots: np.ndarray, least: float, box: np.ndarray) -> np.ndarray:
    """Points (N, 2) moved until none is nearer to another than `least`, as far as there is room in the box."""
    free = spots.astype(float).copy()
    for _ in range(200):
        step = free[:, None] - free[None]
        away = np.hypot(step[..., 0], step[..., 1])
        near = (away < least) & ~np.eye(len(free), dtype=bool)
        if not near.any():
            break
        lost = np.where(away < 1e-6, np.arange(len(free))[:, None] - np.arange(len(free)) + 0.5, 0.0)
        along = np.where(away[..., None] < 1e-6, np.stack([np.sign(lost), np.sign(lost)], -1), step)
        along = along / np.maximum(np.hypot(along[..., 0], along[..., 1]), 1e-9)[..., None]
        push = np.where(near, (least - away) / 2 + 0.01, 0.0)[..., None] * along
        free = np.clip(free + push.sum(axis=1), least / 2, box - least / 2)
    return free
