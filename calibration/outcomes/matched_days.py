"""A day with an action, held against days like it without: what would have been, and how sure that is.

The hours before the action say which days are like today; the hours after it say what became of them. The interval is
what the method itself gets wrong on days on which nothing was done, each held against the others: no shape is assumed,
days must only be exchangeable (V. Chernozhukov, K. Wuethrich and Y. Zhu, An Exact and Robust Conformal Inference Method
for Counterfactual and Synthetic Controls, JASA 116 (2021)).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from calibration.outcomes.estimate import Estimate
from networks.errors import BadInput

NEAREST = 10


def matched_days(
    before: NDArray[np.float64],
    after: float,
    days_before: NDArray[np.float64],
    days_after: NDArray[np.float64],
    *,
    level: float = 0.9,
    nearest: int = NEAREST,
) -> Estimate:
    """What the action changed, against the days whose hours before it were most like today's.

    Args:
        before: What was measured before the action today (T), in periods.
        after: What was measured after it.
        days_before: The same hours of days without it (D, T).
        days_after: The same hours after it on those days (D).
        level: Of the interval.
        nearest: Days that count.

    Raises:
        BadInput: Shapes that do not fit, or gaps in them.
    """
    rows = np.vstack([days_before.reshape(len(days_after), -1), np.atleast_1d(before)[None, :]])
    outcomes = np.append(np.asarray(days_after, dtype=float), after)
    if not (np.isfinite(rows).all() and np.isfinite(outcomes).all()):
        raise BadInput("a gap in the hours that are compared", expected="days without gaps; leave the others out")
    days = len(days_after)
    if days < 2:
        return Estimate("matched days", math.nan, -math.inf, math.inf, level, days)
    missed = np.array([abs(_against(rows[:days], outcomes[:days], day, nearest)) for day in range(days)])
    found = _against(rows, outcomes, days, nearest)
    rank = math.ceil(level * (days + 1))
    reach = float(np.sort(missed)[rank - 1]) if rank <= days else math.inf
    return Estimate("matched days", found, found - reach, found + reach, level, days)


def _against(rows: NDArray[np.float64], outcomes: NDArray[np.float64], day: int, nearest: int) -> float:
    """One day's outcome less what days like it had, each moved by the difference of its hours before."""
    others = np.delete(np.arange(len(rows)), day)
    apart = np.sqrt(np.mean((rows[others] - rows[day]) ** 2, axis=1))
    like = others[np.argsort(apart, kind="stable")[:nearest]]
    expected = outcomes[like] + (rows[day].mean() - rows[like].mean(axis=1))
    return float(outcomes[day] - expected.mean())
