"""How rain moves: optical flow between radar frames."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.flood.rain.forecast.advection import carried
from models.flood.rain.forecast.decibels import DRY_DB, to_db

FASTEST_MPS = 40.0
"""Faster motion is not looked for."""
WINDOW_M = 24_000.0
"""Standard deviation of the window (m) in which motion is taken to be one: a guess between cells and fronts."""
COARSE_M = 1000.0
"""Finer pixels are put together to about this size (m) before motion is looked for."""
LEVELS = (4, 2, 1)
"""Smoothing of the pyramid's levels (pixels), coarse to fine."""
ROUNDS = 3
STIFFNESS = 0.02
"""How much a window without texture keeps its neighbours' motion, as a share of the frames' mean texture."""


def motion_of(rates_mm_h: np.ndarray, *, pixel_m: float = 1000.0, step_s: float = 300.0) -> np.ndarray:
    """The motion of rain between frames that follow each other in equal steps.

    Frames are compared as decibels. A motion common to all is found by cross-correlation; from there, coarse to fine,
    each place's motion by least squares over a Gaussian window and all pairs of frames at once (Lucas & Kanade), held
    to the surrounding motion where there is little to see.

    Args:
        rates_mm_h: (frames, rows, cols) rain (mm/h), two frames or more; NaN where unseen.
        pixel_m: Size of a pixel (m).
        step_s: Time between two frames (s).

    Returns:
        (2, rows, cols) pixels per step, down and to the right; 0 where nothing rains.

    Source: Lucas & Kanade 1981; for rain Bowler, Pierce & Seed 2004 (doi:10.1016/j.jhydrol.2003.11.011).
    """
    together = max(1, round(COARSE_M / pixel_m))
    if together > 1:
        slow = motion_of(_coarse(rates_mm_h, together), pixel_m=pixel_m * together, step_s=step_s)
        fine = (together * slow).repeat(together, axis=1).repeat(together, axis=2)
        return np.asarray(fine[:, : rates_mm_h.shape[1], : rates_mm_h.shape[2]])
    frames = np.nan_to_num(to_db(rates_mm_h), nan=DRY_DB) - DRY_DB
    seen = np.isfinite(rates_mm_h).all(axis=0)
    motion = np.zeros((2, *frames.shape[1:]))
    if not frames.any():
        return motion
    fastest, window = fastest_pixels(pixel_m, step_s), WINDOW_M / pixel_m
    motion += common_motion(frames, int(fastest))[:, None, None]
    for level in LEVELS:
        for _ in range(ROUNDS):
            motion = np.clip(_refined(frames, seen, motion, float(level), window), -fastest, fastest)
    return motion


def fastest_pixels(pixel_m: float, step_s: float) -> float:
    """The fastest motion that is looked for (pixels per step)."""
    return max(1.0, FASTEST_MPS * step_s / pixel_m)


def _coarse(rates: np.ndarray, together: int) -> np.ndarray:
    """Means of squares of pixels; a square with an unseen pixel is unseen, one cut by the border is filled up."""
    down, right = (-size % together for size in rates.shape[1:])
    whole = np.pad(rates, ((0, 0), (0, down), (0, right)), mode="edge")
    count, rows, cols = whole.shape
    squares = whole.reshape(count, rows // together, together, cols // together, together)
    return np.asarray(squares.mean(axis=(2, 4)))


def common_motion(frames: np.ndarray, reach: int) -> np.ndarray:
    """(down, right) pixels per step, whole and at most `reach`, at which the frames' cross-correlation is highest."""
    rows, cols = frames.shape[1:]
    size = (rows + reach, cols + reach)
    spectra = np.fft.rfft2(frames - frames.mean(), s=size)
    likeness = np.fft.irfft2((np.conj(spectra[:-1]) * spectra[1:]).sum(axis=0), s=size)
    around = np.arange(-reach, reach + 1)
    near = likeness[np.ix_(around % size[0], around % size[1])]
    down, right = np.unravel_index(int(np.argmax(near)), near.shape)
    return np.array([around[down], around[right]], dtype=np.float64)


def _refined(frames: np.ndarray, seen: np.ndarray, motion: np.ndarray, level: float, window: float) -> np.ndarray:
    """One round of least squares around a motion, in Gaussian windows (standard deviation in pixels)."""
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
    dd, dr, rr, dc, rc = (gaussian_filter(one, window, mode="nearest") for one in sums)
    hold = STIFFNESS * float(dd.mean() + rr.mean()) + 1e-12
    dd, rr = dd + hold, rr + hold
    spread = dd * rr - dr * dr
    step = -np.stack([rr * dc - dr * rc, dd * rc - dr * dc]) / spread
    weight = gaussian_filter(spread, window, mode="nearest")
    found = motion + step
    smooth = [gaussian_filter(part * spread, window, mode="nearest") / weight for part in found]
    return np.asarray(smooth)
