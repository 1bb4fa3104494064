"""Which candidate is best, and how sure that is, from runs that share their seeds.

Model: cost = candidate + seed + error, errors independent and normal with one variance; the posterior of the
candidates under flat priors is a multivariate t (Box & Tiao 1973, Bayesian Inference in Statistical Analysis, 2.7).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.streams import stream

DRAWS = 20_000
Costs = Mapping[str, Mapping[int, float]]
"""Cost by seed of each candidate; not every candidate needs every seed."""


@dataclass(frozen=True)
class Fitted:
    """The model's candidates.

    Attributes:
        names: Candidates that were run.
        means: Their effects, relative to each other.
        spread: Covariance factor of `means`: draws are means + spread z / sqrt(chi2 / freedom).
        freedom: Degrees of freedom of the error; 0 where nothing tells how large it is.
    """

    names: tuple[str, ...]
    means: np.ndarray
    spread: np.ndarray
    freedom: int


def fit(costs: Costs) -> Fitted:
    """Least squares of the model; candidates that share no seed, even through others, are compared by their means."""
    names = tuple(name for name, by in costs.items() if by)
    seeds = sorted({seed for name in names for seed in costs[name]})
    cells = [(names.index(name), seeds.index(seed), value) for name in names for seed, value in costs[name].items()]
    design = np.zeros((len(cells), len(names) + len(seeds)))
    for row, (candidate, seed, _) in enumerate(cells):
        design[row, candidate] = design[row, len(names) + seed] = 1.0
    values = np.array([value for *_, value in cells])
    inverse = np.linalg.pinv(design.T @ design)
    found = inverse @ design.T @ values
    freedom = len(cells) - int(np.linalg.matrix_rank(design)) if cells else 0
    rest = values - design @ found
    variance = float(rest @ rest) / freedom if freedom else 0.0
    k = len(names)
    level, axes = np.linalg.eigh(inverse[:k, :k])
    return Fitted(names, found[:k], axes * np.sqrt(np.maximum(level, 0.0) * variance), freedom)


def probability_of_best(costs: Costs) -> dict[str, float]:
    """Probability of having the least cost, by candidate; empty while nothing tells how large the errors are."""
    fitted = fit(costs)
    if not fitted.freedom:
        return {}
    draw = stream(1, "budget-probability")
    normal = draw.standard_normal((DRAWS, len(fitted.names)))
    scale = np.sqrt(fitted.freedom / draw.chisquare(fitted.freedom, (DRAWS, 1)))
    drawn = np.round(fitted.means + scale * (normal @ fitted.spread.T), 9)
    least = drawn == drawn.min(axis=1, keepdims=True)
    share = (least / least.sum(axis=1, keepdims=True)).mean(axis=0)
    return dict(zip(fitted.names, share.tolist(), strict=True))


def half_width(low: float, high: float) -> float:
    """Half of an interval; infinite where there is none."""
    return math.inf if math.isnan(low) else (high - low) / 2
