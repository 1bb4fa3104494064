"""How good a rain forecast was: CRPS and FSS."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def crps(members: ArrayLike, truth: ArrayLike, *, fair: bool = False) -> float:
    """Continuous ranked probability score of an ensemble, mean over places, in the unit of what is forecast.

    `E|X - y| - E|X - X'| / 2`; of one member it is the mean absolute error. Places where the truth or a member is NaN
    are left out; NaN when none is left.

    Args:
        members: (members, ...) forecasts.
        truth: (...) what came.
        fair: Estimate the score of the distribution behind the members: the second term over M (M - 1) pairs.

    Source: Gneiting & Raftery 2007 (doi:10.1198/016214506000001437); fair: Ferro 2014 (doi:10.1002/qj.2270).
    """
    cast, came = np.asarray(members, np.float64), np.asarray(truth, np.float64)
    scores = crps_each(cast, came, fair=fair)[np.isfinite(came) & np.isfinite(cast).all(axis=0)]
    return float(scores.mean()) if scores.size else float("nan")


def crps_each(members: ArrayLike, truth: ArrayLike, *, fair: bool = False) -> NDArray[np.float64]:
    """The score of `crps` at each place (...), from the members that are not NaN there.

    NaN where the truth is NaN or no member speaks. A single member has no pairs: its score is the absolute error.
    """
    cast, came = np.sort(np.asarray(members, np.float64), axis=0), np.asarray(truth, np.float64)  # NaN last
    size = np.isfinite(cast).sum(axis=0)
    pairs = size * np.where(fair & (size > 1), size - 1, size)
    rank = np.arange(len(cast)).reshape(-1, *[1] * came.ndim)
    filled = np.where(np.isfinite(cast), cast, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = ((2 * rank - size + 1) * filled).sum(axis=0) / pairs
        away = np.where(rank < size, np.abs(filled - came), 0.0).sum(axis=0) / size
    return np.asarray(away - apart, dtype=np.float64)


def fss(forecast: ArrayLike, truth: ArrayLike, *, threshold: float, pixels: int) -> float:
    """Fractions skill score: how like the shares of wet pixels in squares are; 1 perfect, 0 none, NaN where all is dry.

    Args:
        forecast: (rows, cols), or (members, rows, cols) whose shares are averaged.
        truth: (rows, cols) what came.
        threshold: From this on a pixel is wet, in the fields' unit.
        pixels: Side of the squares, odd; cut at the border.

    Source: Roberts & Lean 2008 (doi:10.1175/2007MWR2123.1).
    """
    from scipy.ndimage import uniform_filter

    came = np.asarray(truth, np.float64)
    cast = np.asarray(forecast, np.float64).reshape(-1, *came.shape)
    counts = np.isfinite(came) & np.isfinite(cast).all(axis=0)
    counted = uniform_filter(counts.astype(np.float64), pixels, mode="constant")

    def share(wet: np.ndarray) -> np.ndarray:
        return uniform_filter(np.where(counts, wet, 0.0), pixels, mode="constant")[counts] / counted[counts]

    ours = share((cast >= threshold).mean(axis=0))
    theirs = share((came >= threshold).astype(np.float64))
    worst = float(np.sum(ours**2) + np.sum(theirs**2))
    return 1 - float(np.sum((ours - theirs) ** 2)) / worst if worst > 0 else float("nan")
