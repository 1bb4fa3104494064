"""Sensors in series: on one stretch without turnings, so that what passes one passes the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from calibration.counting.watched_streets import WatchedNet

FloatRows = NDArray[np.float64]


def in_series(edges: Sequence[str], net: WatchedNet) -> list[list[int]]:
    """For each sensor the others on its stretch, by number."""
    streets: dict[str, list[int]] = {}
    names = [net.street_of(edge) for edge in edges]
    for row, name in enumerate(names):
        streets.setdefault(name, []).append(row)
    return [[other for other in streets[name] if other != row] for row, name in enumerate(names)]


def middle(values: FloatRows, rows: Sequence[int]) -> FloatRows:
    """Median of some sensors in each period (T); NaN where all of them have gaps."""
    if not rows:
        return np.full(values.shape[1], np.nan)
    chosen = values[list(rows)]
    out = np.full(values.shape[1], np.nan)
    seen = ~np.isnan(chosen).all(axis=0)
    out[seen] = np.nanmedian(chosen[:, seen], axis=0)
    return out


def apart(a: FloatRows, b: FloatRows) -> float:
    """How far two counts of the same vehicles lie apart: mean of (a - b)^2 / (a + b), about 1 where they are
    independent Poisson counts of one flow, less where they see the same vehicles; NaN without six shared periods.
    """
    both = ~np.isnan(a) & ~np.isnan(b) & (a + b > 0)
    if both.sum() < 6:
        return float("nan")
    return float(np.mean((a[both] - b[both]) ** 2 / (a[both] + b[both])))
