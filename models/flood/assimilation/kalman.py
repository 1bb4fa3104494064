"""The ensemble Kalman update: how much each member moves when gauges speak."""

from __future__ import annotations

from typing import Literal

import numpy as np

from networks.errors import BadInput

Method = Literal["deterministic", "perturbed"]


def kalman_increments(
    state: np.ndarray,
    predicted: np.ndarray,
    observed: np.ndarray,
    error: np.ndarray,
    *,
    method: Method = "deterministic",
    draws: np.random.Generator | None = None,
) -> np.ndarray:
    """What is to be added to each member's state.

    With the gain K = C_xy (C_yy + R)^-1 from the ensemble's own covariances, "deterministic" moves the mean by
    K (y - mean) and shrinks the anomalies by half of that gain; of one number with variance P it leaves the mean of
    the Kalman filter and the variance P (1 - K / 2)^2, a quarter of K^2 P above it. "perturbed" gives every member an
    observation of its own, drawn with the gauge's error and centred, so that the mean is the same.

    Args:
        state: (members, n).
        predicted: (members, m) what each member says the gauges show.
        observed: (m,) what they show.
        error: (m,) standard error of each, positive.
        method: Which of the two.
        draws: Where "perturbed" takes its errors from.

    Returns:
        (members, n).

    Raises:
        BadInput: Fewer than two members, shapes that differ, values that are no numbers, an error that is not
            positive, or no draws for "perturbed".

    Source: Sakov & Oke 2008 (doi:10.1111/j.1600-0870.2007.00299.x) for "deterministic"; Burgers, van Leeuwen & Evensen
    1998, Mon. Wea. Rev. 126, 1719-1724, for "perturbed".
    """
    members = len(state)
    shapes = state.ndim == 2 and predicted.shape == (members, len(observed)) and error.shape == observed.shape
    if members < 2 or not shapes:
        raise BadInput(
            f"a state of {state.shape} with predictions of {predicted.shape} for {observed.shape} gauges",
            expected="(members, n), (members, m) and (m,), at least two members",
        )
    if not all(np.isfinite(one).all() for one in (state, predicted, observed)):
        raise BadInput("a state or observation that is no number", expected="leave gauges without a value out")
    if not np.all(np.isfinite(error) & (error > 0)):
        raise BadInput("a gauge's error that is not positive", place="error", expected="its standard error")
    x, y = state - state.mean(axis=0), predicted - predicted.mean(axis=0)
    spread = y.T @ y / (members - 1) + np.diag(error**2)
    gain = np.linalg.solve(spread, y.T @ x / (members - 1))
    if method == "deterministic":
        return np.asarray((observed - predicted.mean(axis=0)) @ gain - y @ gain / 2)
    if draws is None:
        raise BadInput("perturbed observations without draws", place="draws", expected="models.stream(seed, name)")
    noise = draws.standard_normal(predicted.shape) * error
    return np.asarray((observed + noise - noise.mean(axis=0) - predicted) @ gain)
