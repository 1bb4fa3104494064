"""Intervals that rest on how the action was drawn, and on nothing else: the test by sign flips, turned round.

Where a coin decided in each pair which half had the action, the sign of each difference is that coin. Under a constant
effect the differences less the effect may be flipped at will; what effects are then not refused is the interval
(R. A. Fisher, The Design of Experiments, 1935; G. Imbens and D. Rubin, Causal Inference, 2015, chapter 5).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.streams import stream

MOST_PAIRS = 16
DRAWS = 20_000


def sign_flip_p(differences: NDArray[np.float64], effect: float, seed: int = 1) -> float:
    """Two-sided p of one effect.

    Args:
        differences: Done minus not done, by pair (n).
        effect: The effect that is tried.
        seed: Of the flips, where there are more than 16 pairs; all flips are tried otherwise.
    """
    return _p(_flips(len(differences), seed), differences, effect)


def sign_flip_interval(differences: NDArray[np.float64], level: float = 0.9, seed: int = 1) -> tuple[float, float]:
    """Effects that are not refused at 1 - `level`; infinite where so few pairs refuse nothing (below 5 at 90 %).

    Args:
        differences: Done minus not done, by pair (n).
        level: Of the interval.
        seed: As above.
    """
    flips, refused = _flips(len(differences), seed), 1.0 - level
    middle = float(np.mean(differences)) if len(differences) else math.nan
    span = float(np.ptp(differences)) if len(differences) else 0.0
    if len(differences) < 2 or _p(flips, differences, middle + 1e6 * (span + 1.0)) > refused:
        return -math.inf, math.inf
    return (
        _edge(flips, differences, refused, middle, -(span + 1e-12)),
        _edge(flips, differences, refused, middle, span + 1e-12),
    )


def _flips(n: int, seed: int) -> NDArray[np.float64]:
    """(flips, n) of +1 and -1; the first is what was drawn."""
    if n <= MOST_PAIRS:
        bits = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return np.asarray(1.0 - 2.0 * bits, dtype=np.float64)
    drawn = 1.0 - 2.0 * stream(seed, "sign flips").integers(0, 2, (DRAWS, n))
    return np.vstack([np.ones(n), drawn])


def _p(flips: NDArray[np.float64], differences: NDArray[np.float64], effect: float) -> float:
    left = differences - effect
    size = np.abs(flips @ left)
    return float(np.mean(size >= size[0] * (1.0 - 1e-12)))


def _edge(
    flips: NDArray[np.float64], differences: NDArray[np.float64], refused: float, inside: float, step: float
) -> float:  # fmt: skip
    """The last effect from `inside` on that is not refused, by bisection."""
    outside = inside + step
    while _p(flips, differences, outside) > refused:
        outside, step = outside + step, 2.0 * step
    for _ in range(60):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if _p(flips, differences, middle) > refused else (inside, middle)
    return inside
