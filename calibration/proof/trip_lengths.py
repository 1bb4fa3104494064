"""Trip lengths of two demands, compared as distributions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BINS = 20


def coincidence_ratio(one: ArrayLike, other: ArrayLike, bins: int = BINS) -> float:
    """Coincidence ratio of two samples of lengths: 1 alike, 0 apart; NaN where one is empty.

    Sum of the smaller shares over sum of the larger shares, by class of length. Source: FHWA Travel Model Validation
    and Reasonableness Checking Manual, 2nd edition (2010), chapter on trip distribution.

    Args:
        one: Lengths, any unit.
        other: Lengths in the same unit.
        bins: Classes of equal width from 0 to the longest of both.
    """
    lengths = [np.asarray(sample, dtype=np.float64) for sample in (one, other)]
    if not all(len(sample) for sample in lengths):
        return float("nan")
    edges = np.linspace(0.0, max(float(sample.max()) for sample in lengths) or 1.0, bins + 1)
    shares = [np.histogram(sample, edges)[0] / len(sample) for sample in lengths]
    return float(np.minimum(*shares).sum() / np.maximum(*shares).sum())
