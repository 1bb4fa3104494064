"""How wide an interval has to be, followed from what it held and missed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def followed(factor: Array, missed: Array, level: Array | float, *, pace: float, bounds: tuple[float, float]) -> Array:
    """A factor of the interval's width, a little wider for what it missed and narrower for what it held.

    In the long run it misses 1 - level, whatever comes (Gibbs and Candes 2021, arXiv:2106.00170).

    Args:
        factor: So far.
        missed: Whether it missed, or the share that it missed, of the factor's shape.
        level: What it is to hold.
        pace: How much one miss widens it, in logarithms.
        bounds: Least and most.
    """
    return np.asarray(np.clip(factor * np.exp(pace * (missed - (1.0 - level))), *bounds), dtype=np.float64)
