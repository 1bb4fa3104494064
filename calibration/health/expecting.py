"""What each sensor should have counted, told by the others; a minority of liars does not move it.

Without an earlier day: the median over neighbours of what each makes of it, as their usual ratio to the sensor has it.
With one: the sensor's own day then, times the median of how much more its neighbours count than then.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NEIGHBOURS = 9
_LEAST = 0.5
SCARCE = 4.0
"""Vehicles in a period, where any pass, below which so many periods are empty by chance that they have to count."""


def smooth(values: Floats, reach: int = 2) -> Floats:
    """Mean over a few periods on either side (S, T), gaps passed over."""
    padded = np.pad(values, ((0, 0), (reach, reach)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=1)
    seen = ~np.isnan(windows)
    total, n = np.where(seen, windows, 0.0).sum(axis=2), seen.sum(axis=2)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def likeness(values: Floats) -> Floats:
    """Correlation of the days of sensors (S, S), on roots of counts; -1 where two share nothing."""
    roots = np.sqrt(values)
    seen = ~np.isnan(roots)
    of_each = np.where(seen, roots, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    centred = np.where(seen, roots - of_each[:, None], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        size = np.sqrt((centred**2).sum(axis=1))
        like = centred @ centred.T / np.outer(size, size)
    return np.where(np.isfinite(like), like, -1.0)


def expected_counts(values: Floats, before: Floats | None, trusted: NDArray[np.bool_]) -> Floats:
    """Expected counts (S, T); NaN where nobody can tell.

    Args:
        values: Counts (S, T).
        before: Counts of an earlier day in the same periods (S, T), or None.
        trusted: Sensors that may speak for others (S).
    """
    usual = smooth(values if before is None else before)
    usual = np.where(usual > 0, usual, np.nan)
    like = likeness(usual)
    now = smooth(values, 1)
    rows, periods = values.shape
    out = np.full((rows, periods), np.nan)
    for row in range(rows):
        others = np.array([o for o in np.argsort(-like[row], kind="stable") if o != row and trusted[o]][:NEIGHBOURS])
        if len(others) < 3:
            continue
        if before is not None:
            with np.errstate(invalid="ignore", divide="ignore"):
                factor = _median(now[others] / np.maximum(usual[others], _LEAST))
            out[row] = usual[row] * factor
        else:
            out[row] = _median(_scaled(values[row], values[others], now[others]))
    return out


def _scaled(own: Floats, others: Floats, now: Floats) -> Floats:
    """What each of the others makes of a sensor: its counts times their usual ratio.

    The usual ratio is the median over periods in which both count. Of a street on which hardly anybody drives, those
    are the lucky ones: there it is the ratio of all that both counted, zeros too.
    """
    scaled = np.full_like(now, np.nan)
    for row, other in enumerate(others):
        there = (other > 0) & ~np.isnan(own)
        if (own[there] > 0).sum() < 4:
            continue
        ratio = own[there].sum() / other[there].sum()
        there &= own > 0
        scaled[row] = now[row] * (ratio if own[there].mean() < SCARCE else np.median(own[there] / other[there]))
    return scaled


def _median(rows: Floats) -> Floats:
    out = np.full(rows.shape[1], np.nan)
    seen = (~np.isnan(rows)).sum(axis=0) >= 2
    out[seen] = np.nanmedian(rows[:, seen], axis=0)
    return out


def dispersion(values: Floats, expected: Floats) -> float:
    """Variance of counts over their mean, robustly over all sensors; 1 for Poisson counts that are foretold exactly.

    The median of squared residuals over the mean is .4549 of their variance for normal residuals.
    """
    enough = expected > 2.0
    if enough.sum() < 10:
        return 1.0
    squares = (values[enough] - expected[enough]) ** 2 / expected[enough]
    return max(1.0, float(np.nanmedian(squares)) / 0.4549)
