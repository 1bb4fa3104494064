"""What the data know of each parameter, by how much they move with it: intervals, and who trades against whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from calibration.parameters.emulator import Emulator
from calibration.parameters.misfit import FAR, Target, robust

Floats = NDArray[np.float64]
BELIEF = 0.29
"""Standard deviation of a point within its bounds that nobody knows anything of (uniform on 0 to 1)."""
INFORMED = 0.6
"""A parameter whose uncertainty the data leave at more than so much of BELIEF is one that they do not inform."""
TRADES = 0.75
"""Correlation from which two parameters are said to trade against each other."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known at the best point.

    Attributes:
        point: The best point (d).
        deviation: Standard deviation of each free coordinate, belief included (f).
        correlation: Of the free coordinates (f, f).
        pieces: Independent pieces of evidence that the data are worth.
    """

    point: Floats
    deviation: Floats
    correlation: Floats
    pieces: float

    @property
    def informed(self) -> NDArray[np.bool_]:
        """Whether the data narrow each free parameter (f)."""
        return self.deviation < INFORMED * BELIEF


def best_point(emulator: Emulator, target: Target, start: Floats, free: NDArray[np.bool_], pull: float = 1.0) -> Floats:
    """The point with the least emulated misfit and, far weaker, the least distance from the start.

    Args:
        emulator: Of residuals in units of noise.
        target: Gives the weights.
        start: Where parameters stay that are not free, and to which a weak belief pulls (d).
        free: Which may move (d).
        pull: Independent pieces of evidence that all data together are worth: the larger, the weaker the belief.
    """
    root = np.sqrt(target.weights * max(pull, 1.0))

    def off(moved: Floats) -> Floats:
        point = start.copy()
        point[free] = moved
        left = emulator.outputs(point)
        fit = root * np.sign(left) * np.sqrt(robust(left))
        return np.concatenate([fit, (moved - start[free]) / BELIEF])

    starts = [start[free], np.full(int(free.sum()), 0.5), 0.5 * (start[free] + 0.5)]
    inside = [np.clip(one, 1e-3, 1 - 1e-3) for one in starts]
    tried = [least_squares(off, one, bounds=(0.0, 1.0), max_nfev=60) for one in inside]
    point = start.copy()
    point[free] = min(tried, key=lambda one: float(one.cost)).x
    return point


def knowledge(emulator: Emulator, target: Target, point: Floats, free: NDArray[np.bool_]) -> Knowledge:
    """Intervals at the best point, robust to sensors whose errors belong together.

    The curvature is that of the emulated misfit (Gauss-Newton), less what errors of the slopes themselves add to it;
    the evidence is summed by sensor (sandwich, Liang & Zeger 1986, doi:10.1093/biomet/73.1.13).
    """
    left = emulator.outputs(point)
    slopes = emulator.slopes(point)[:, free]
    soft = target.weights / np.sqrt(1.0 + (left / FAR) ** 2)
    curvature = slopes.T @ (soft[:, None] * slopes)
    doubt = emulator.slope_errors(point)[free]  # (f, k); the slope of output n errs by the sum over k of axes[k, n]^2
    added = (doubt @ emulator.axes**2) @ soft
    curvature[np.diag_indices_from(curvature)] -= np.minimum(added, np.diag(curvature))
    pieces = evidence(target, left, slopes, soft)
    precision = _positive(curvature) * pieces + np.eye(len(curvature)) / BELIEF**2
    covariance = np.linalg.inv(precision)
    size = np.sqrt(np.diag(covariance))
    return Knowledge(point, size, covariance / np.outer(size, size), pieces)


def evidence(target: Target, left: Floats, slopes: Floats, soft: Floats) -> float:
    """Independent pieces of evidence that the data are worth, per unit of weight.

    Curvature over the variance of the gradient when whole sensors are drawn, mean of the parameters: sensors whose
    residuals go together in the directions of the parameters, and residuals larger than noise, make it small.
    """
    bent = np.maximum(np.einsum("ni,n,ni->i", slopes, soft, slopes), 1e-300)
    gradient = dict[str, Floats]()
    for place, part in zip(target.places, soft[:, None] * left[:, None] * slopes / np.sqrt(bent), strict=True):
        gradient[place] = gradient.get(place, 0.0) + part
    parts = np.array(list(gradient.values()))
    spread = float(((parts - parts.mean(axis=0)) ** 2).sum()) * len(parts) / max(len(parts) - 1, 1)
    alone = float(((soft[:, None] * slopes) ** 2 / bent).sum())  # what noise of one unit each would give
    return len(bent) / max(spread, alone, 1e-300)


def _positive(matrix: Floats) -> Floats:
    """The nearest matrix without negative directions."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.clip(values, 0.0, None)) @ vectors.T)
