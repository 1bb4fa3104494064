"""Simultaneous perturbation stochastic approximation: two evaluations a step, however many parameters.

Source: Spall 1998, Implementation of the simultaneous perturbation algorithm for stochastic optimization, IEEE
Transactions on Aerospace and Electronic Systems 34(3), doi:10.1109/7.705889: gains a / (A + k)^.602 and c / k^.101,
A a tenth of the steps, Bernoulli perturbations, projection on the bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.streams import stream

Floats = NDArray[np.float64]
Measure = Callable[[Sequence[Floats], int], Sequence[float]]
"""Losses of some points, all under the same draws; the draws are those of the number."""
ALPHA, GAMMA, STABILITY = 0.602, 0.101, 0.1


@dataclass(frozen=True, slots=True)
class Walk:
    """What a search did.

    Attributes:
        point: Where it ended: mean of the last fifth of its steps (d).
        points: Where it stood after each step (K + 1, d).
        losses: Mean of the two losses of each step (K).
    """

    point: Floats
    points: Floats
    losses: Floats


def spsa(
    measure: Measure, start: Floats, steps: int, *, first: float = 0.15, spread: float = 0.1, seed: int = 0
) -> Walk:
    """Search the unit cube for the least loss.

    Args:
        measure: Gives losses; both points of a step have common random numbers.
        start: First point (d), in the cube.
        steps: Of two evaluations each.
        first: Length of the first step in each coordinate: it sets Spall's `a` by the first gradients.
        spread: Spall's `c`: half the distance of the two points of the first step.
        seed: Of the perturbations.

    Raises:
        ValueError: No step is asked for.
    """
    if steps < 1:
        raise ValueError("a search has one step at least")
    draws = stream(seed, "spsa")
    point = np.clip(np.asarray(start, dtype=np.float64), 0.0, 1.0)
    points, losses, size, gain = [point], list[float](), list[float](), 0.0
    for number in range(steps):
        reach = spread / (number + 1) ** GAMMA
        sign = draws.integers(0, 2, len(point)) * 2.0 - 1.0
        ahead, behind = np.clip(point + reach * sign, 0.0, 1.0), np.clip(point - reach * sign, 0.0, 1.0)
        one, other = measure((ahead, behind), number)
        slope = (one - other) * sign / np.maximum(np.abs(ahead - behind), 0.5 * reach)
        if number < 5:
            size.append(float(np.abs(slope).mean()))
            gain = first * (STABILITY * steps + 1) ** ALPHA / max(float(np.mean(size)), 1e-12)
        step = gain / (STABILITY * steps + number + 1) ** ALPHA * slope
        point = np.clip(point - np.clip(step, -first, first), 0.0, 1.0)
        points.append(point)
        losses.append((one + other) / 2)
    last = np.array(points[-max(1, steps // 5) :])
    return Walk(last.mean(axis=0), np.array(points), np.array(losses))
