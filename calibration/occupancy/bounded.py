"""Steps of a Kalman filter whose occupancies cannot be below zero."""

from __future__ import annotations

import math

import numpy as np


def observe(
    mean: np.ndarray, cov: np.ndarray, row: np.ndarray, told: float, var: float, limit: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Take in one number: new mean, new covariance, and how many standard deviations it was away.

    Beyond `limit` standard deviations its error is taken as so much larger that it is `limit` away (Huber's weights),
    so that one lying counter moves little.

    Args:
        mean: (n,) state.
        cov: (n, n) its covariance.
        row: (n,) what the number is of the state.
        told: The number.
        var: Variance of its error.
        limit: Standard deviations.
    """
    side, missed = cov @ row, told - float(row @ mean)
    known = float(side @ row)
    away = missed / math.sqrt(known + var)
    if abs(away) > limit:
        var = max((missed / limit) ** 2 - known, var)
    gain = side / (known + var)
    return mean + gain * missed, cov - np.outer(gain, side), away


def keep_above_zero(mean: np.ndarray, cov: np.ndarray, places: int) -> np.ndarray:
    """The mean, moved to where none of the first `places` states is below zero, the others by their covariance.

    One state after the other (estimate projection, as in Simon 2010, Kalman filtering with state constraints).

    The covariance stays: cut off too, period after period, it would count the same bound again and again, and the
    intervals would promise what they do not hold.
    """
    for place in np.argsort(mean[:places]):
        if mean[place] < 0.0:
            mean = mean - cov[:, place] * (mean[place] / cov[place, place])
    return mean
