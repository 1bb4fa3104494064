"""What a simulation would say at a point that nobody simulated: quadratics through those that somebody did.

All outputs are emulated, not only their misfit: each simulation then tells of every parameter at once, and how far the
outputs move with each parameter says what the data know of it. Source of the shape: Higdon et al. 2008, Computer model
calibration using high-dimensional output, doi:10.1198/016214507000000888 (principal components of the outputs); here
each component is a quadratic by ridge regression, its penalty chosen by generalised cross-validation (Golub, Heath &
Wahba 1979, doi:10.1080/00401706.1979.10489751).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_COMPONENTS, KEPT_VARIANCE = 15, 0.9999
CURVED = 6.0
"""A curvature is held to nought so many times harder than a slope."""
PENALTIES = tuple(10.0**power for power in np.arange(-5, 3.1, 0.5))


@dataclass(frozen=True, slots=True)
class Emulator:
    """Outputs (N) as a function of a point (d).

    Attributes:
        centre: Mean outputs (N).
        axes: Principal directions of the outputs (k, N).
        weights: Of the features for each component (F, k).
        noise: Variance of the simulations around each component (k).
        inverse: Such that features @ inverse @ features times `noise` is a component's own error (F, F, k).
    """

    centre: Floats
    axes: Floats
    weights: Floats
    noise: Floats
    inverse: Floats

    def outputs(self, point: Floats) -> Floats:
        """Outputs at a point (N)."""
        return np.asarray(self.centre + _features(point[None]) @ self.weights @ self.axes)[0]

    def slopes(self, point: Floats) -> Floats:
        """Derivatives of the outputs by the coordinates of a point (N, d)."""
        return np.asarray((_slopes(point) @ self.weights @ self.axes).T)

    def slope_errors(self, point: Floats) -> Floats:
        """Variance of the estimated slope of each component by each coordinate (d, k)."""
        moved = _slopes(point)
        return np.einsum("df,fgk,dg->dk", moved, self.inverse, moved) * self.noise


def emulated(points: Floats, outputs: Floats, closeness: Floats | None = None) -> Emulator:
    """Learn from simulations.

    Args:
        points: Where they were made (M, d), in the unit cube.
        outputs: What they said (M, N), in units of its noise.
        closeness: Weight of each (M); all alike without.

    Raises:
        ValueError: Fewer than three simulations.
    """
    if len(points) < 3:
        raise ValueError("three simulations at least")
    weight = np.ones(len(points)) if closeness is None else closeness / closeness.max()
    root = np.sqrt(weight)[:, None]
    centre = (weight[:, None] * outputs).sum(axis=0) / weight.sum()
    _, size, axes = np.linalg.svd(root * (outputs - centre), full_matrices=False)
    share = np.cumsum(size**2) / max(float((size**2).sum()), 1e-300)
    kept = min(MOST_COMPONENTS, 1 + int(np.searchsorted(share, KEPT_VARIANCE)), len(size))
    axes = axes[:kept]
    scores = (outputs - centre) @ axes.T
    features = _features(points)
    fits = [_ridge(root * features, (root * scores)[:, [at]], points.shape[1]) for at in range(kept)]
    weights = np.hstack([one[0] for one in fits])
    return Emulator(
        centre, axes, weights, np.array([one[1] for one in fits]), np.stack([one[2] for one in fits], axis=2)
    )


def _ridge(features: Floats, scores: Floats, size: int) -> tuple[Floats, float, Floats]:
    """Weights (F, 1), variance of what is left, and the matrix of their covariance per unit of it."""
    scale = np.ones(features.shape[1])
    scale[1 + size :] = 1.0 / CURVED
    scaled = features * scale
    left, size_of, right = np.linalg.svd(scaled, full_matrices=False)
    turned = left.T @ scores
    best: tuple[float, Floats, float] | None = None
    for penalty in PENALTIES:
        shrink = size_of**2 / (size_of**2 + penalty)
        free = len(scores) - shrink.sum()
        if free < 1:
            continue
        rest = float(((scores - left @ (shrink[:, None] * turned)) ** 2).sum())
        judged = len(scores) * rest / free**2
        if best is None or judged < best[0]:
            best = (judged, size_of / (size_of**2 + penalty), rest / free)
    assert best is not None
    weights = scale[:, None] * (right.T @ (best[1][:, None] * turned))
    spread = scale[:, None] * (right.T * best[1])
    return weights, best[2], spread @ spread.T


def _features(points: Floats) -> Floats:
    """1, coordinates from -1 to 1, and their products (M, F)."""
    moved = 2.0 * points - 1.0
    first, second = np.triu_indices(points.shape[1])
    return np.hstack([np.ones((len(points), 1)), moved, moved[:, first] * moved[:, second]])


def _slopes(point: Floats) -> Floats:
    """Derivatives of the features by the coordinates of one point (d, F)."""
    size = len(point)
    moved = 2.0 * point - 1.0
    first, second = np.triu_indices(size)
    products = np.zeros((size, len(first)))
    columns = np.arange(len(first))
    products[first, columns] += moved[second]
    products[second, columns] += moved[first]
    return 2.0 * np.hstack([np.zeros((size, 1)), np.eye(size), products])
