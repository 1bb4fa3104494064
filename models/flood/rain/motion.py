"""How rain moves: optical flow between radar frames."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.flood.rain.advection import carried
from models.flood.rain.decibels import DRY_DB, to_db

FASTEST_PIXELS = 12.0
"""Faster motion (pixels per step) is not looked for: 40 m/s with pixels of 1 km every 5 min."""
WINDOW_PIXELS = 24.0
"""Standard deviation of the window (pixels) in which motion is taken to be one: a guess between cells and fronts."""
LEVELS = (4, 2, 1)
"""Smoothing of the pyramid's levels (pixels), coarse to fine."""
ROUNDS = 3
STIFFNESS = 0.02
"""How much a window without texture keeps its neighbours' motion, as a share of the frames' mean texture."""


def motion_of(rates_mm_h: np.ndarray) -> np.ndarray:
    """The motion of rain between frames that follow each other in equal steps.

    Frames are compared as decibels. A motion common to all is found by cross-correlation; from there, coarse to fine,
    each place's motion by least squares over a Gaussian window and all pairs of frames at once (Lucas & Kanade), held
    to the surrounding motion where there is little to see.

    Args:
        rates_mm_h: (frames, rows, cols) rain (mm/h), two frames or more; NaN where unseen.

    Returns:
        (2, rows, cols) pixels per step, down and to the right; 0 where nothing rains.

    Source: Lucas & Kanade 1981; for rain Bowler, Pierce & Seed 2004 (doi:10.1016/j.jhydrol.2003.11.011).
    """
    frames = np.nan_to_num(to_db(rates_mm_h), nan=DRY_DB) - DRY_DB
    seen = np.isfinite(rates_mm_h).all(axis=0)
    motion = np.zeros((2, *frames.shape[1:]))
    if not frames.any():
        return motion
    motion += common_motion(frames)[:, None, None]
    for level in LEVELS:
        for _ in range(ROUNDS):
            motion = _refined(frames, seen, motion, float(level))
    return motion


def common_motion(frames: np.ndarray) -> np.ndarray:
    """(down, right) pixels per step, whole, at which the frames' cross-correlation is highest."""
    rows, cols = frames.shape[1:]
    reach = int(FASTEST_PIXELS)
    size = (rows + reach, cols + reach)
    spectra = np.fft.rfft2(frames - frames.mean(), s=size)
    likeness = np.fft.irfft2((np.conj(spectra[:-1]) * spectra[1:]).sum(axis=0), s=size)
    around = np.arange(-reach, reach + 1)
    near = likeness[np.ix_(around % size[0], around % size[1])]
    down, right = np.unravel_index(int(np.argmax(near)), near.shape)
    return np.array([around[down], around[right]], dtype=np.float64)


def _refined(frames: np.ndarray, seen: np.ndarray, motion: np.ndarray, level: float) -> np.ndarray:
    """One round of least squares around a motion."""
    from scipy.ndimage import gaussian_filter

    sums = np.zeros((5, *frames.shape[1:]))
    for before, after in pairwise(frames):
        moved = carried(gaussian_filter(before, level), motion)
        there = gaussian_filter(after, level)
        counts = np.isfinite(moved) & seen
        moved = np.where(counts, moved, there)
        down, right = np.gradient((moved + there) / 2)
        change = np.where(counts, there - moved, 0)
        for at, part in enumerate((down * down, down * right, right * right, down * change, right * change)):
            sums[at] += np.where(counts, part, 0)
    dd, dr, rr, dc, rc = (gaussian_filter(one, WINDOW_PIXELS, mode="nearest") for one in sums)
    hold = STIFFNESS * float(dd.mean() + rr.mean()) + 1e-12
    dd, rr = dd + hold, rr + hold
    spread = dd * rr - dr * dr
    step = -np.stack([rr * dc - dr * rc, dd * rc - dr * dc]) / spread
    weight = gaussian_filter(spread, WINDOW_PIXELS, mode="nearest")
    found = motion + step
    smooth = [gaussian_filter(part * spread, WINDOW_PIXELS, mode="nearest") / weight for part in found]
    return np.asarray(np.clip(smooth, -FASTEST_PIXELS, FASTEST_PIXELS))
