"""By how much each camera's clock is wrong, from the quickest vehicles between cameras.

The quickest from a to b need the free time f: what the cameras say, less f, is the offset of b less that of a. Over all
pairs that is least squares on a graph (Laplacian), in closed form; beside the offsets one share is estimated by which
the quickest are slower than f everywhere. Offsets are told against the median camera's: what all clocks have in common
nobody can see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.passings.table import Passings

Floats = NDArray[np.float64]
QUICK = 0.03
"""Quantile of travel times that stands for the quickest."""
LEAST = 20
"""Vehicles that a pair of cameras needs."""
_SLOWER = 0.15
_UNSURE_S, _UNSURE = 3.0, 0.1
"""How unsure the quickest time is: seconds, and share of the free time (guesses; scaled by how well pairs agree)."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """What was found.

    Attributes:
        cameras: Names (C).
        offset_s: By how much each clock is fast (C); NaN where no pair joins it to the others.
        error_s: Standard error (C).
        slower: Share by which the quickest are slower than free flow, everywhere.
        pairs: Pairs that were used.
    """

    cameras: tuple[str, ...]
    offset_s: Floats
    error_s: Floats
    slower: float
    pairs: int


def clock_offsets(seen: Passings, free_s: Mapping[tuple[str, str], float], *, worst_s: float = 3600.0) -> Clocks:
    """Estimate each camera's offset.

    Args:
        seen: Passings on the cameras' own clocks.
        free_s: Free-flow time from one camera to another (s), for pairs with a direct way between them.
        worst_s: No clock is wrong by more.
    """
    rows = []
    number = {name: at for at, name in enumerate(seen.cameras)}
    known = {pair: free for pair, free in free_s.items() if pair[0] in number and pair[1] in number}
    for a, b in sorted({(min(pair), max(pair)) for pair in known}):
        apart = np.sort(_apart(seen, number[a], number[b]))
        there, back = known.get((a, b)), known.get((b, a))
        forward, backward = _ways(apart, there, back, worst_s)
        for free, took, start, end in ((there, forward, a, b), (back, -backward, b, a)):
            if free is not None and len(took) >= LEAST:
                quick = float(np.quantile(took, QUICK))
                rows.append((number[start], number[end], quick - free, _UNSURE_S + _UNSURE * free, free))
    return _solved(seen.cameras, rows)


def _apart(seen: Passings, a: int, b: int) -> Floats:
    """Time at b less time at a of each token that both saw."""
    first, second = (seen.camera == a), (seen.camera == b)
    _, at_a, at_b = np.intersect1d(seen.token[first], seen.token[second], return_indices=True)
    return np.asarray(seen.time_s[second][at_b] - seen.time_s[first][at_a], dtype=np.float64)


def _ways(apart: Floats, there: float | None, back: float | None, worst_s: float) -> tuple[Floats, Floats]:
    """Those who went there, and those who came back: nobody is quicker than the free time either way, so that a gap of
    both free times lies between them; where there is none all went one way, the one that needs the smaller offset.
    """
    apart = apart[np.abs(apart) < worst_s]
    nobody = apart[:0]
    if len(apart) < LEAST or there is None or back is None:
        return (apart, nobody) if back is None else (nobody, apart)
    least = max(4, len(apart) // 30)
    gaps = np.diff(apart)[least - 1 : len(apart) - least]
    if len(gaps) and gaps.max() >= there + back:
        cut = least + int(np.argmax(gaps))
        return apart[cut:], apart[:cut]
    went = abs(float(np.quantile(apart, QUICK)) - there)
    came = abs(float(np.quantile(apart, 1 - QUICK)) + back)
    return (apart, nobody) if went <= came else (nobody, apart)


def _solved(cameras: tuple[str, ...], rows: list[tuple[int, int, float, float, float]]) -> Clocks:
    count = len(cameras)
    offset, error = np.full((2, count), np.nan)
    joined = sorted({end for row in rows for end in row[:2]})
    if not joined:
        return Clocks(cameras, offset, error, 0.0, 0)
    column = {camera: at for at, camera in enumerate(joined)}
    design = np.zeros((len(rows) + 2, len(joined) + 1))
    told = np.zeros(len(rows) + 2)
    for row, (a, b, away, sure, free) in enumerate(rows):
        design[row, [column[a], column[b], -1]] = -1.0 / sure, 1.0 / sure, free / sure
        told[row] = away / sure
    design[-2, :-1] = 1e-3  # all clocks alike late: nobody can see it
    design[-1, -1] = 1.0 / _SLOWER
    trust = np.ones(len(told))
    for _ in range(30):  # Huber's weights: a pair that contradicts all others counts less
        kept = design * trust[:, None]
        inverse = np.linalg.pinv(kept.T @ design)
        found = inverse @ kept.T @ told
        miss = np.abs(told - design @ found)[:-2]
        scale = max(0.3, 1.4826 * float(np.median(miss)))
        trust[:-2] = np.minimum(1.0, 1.5 * scale / np.maximum(miss, 1e-9))
    inverse = inverse * max(1.0, scale) ** 2
    offset[joined] = found[:-1] - np.median(found[:-1])
    error[joined] = np.sqrt(np.diag(inverse)[:-1].clip(0))
    middle = int(joined[int(np.argmin(np.abs(found[:-1] - np.median(found[:-1]))))])
    error[joined] = [_between(inverse, column[camera], column[middle]) for camera in joined]
    return Clocks(cameras, offset, error, float(found[-1]), len(rows))


def _between(inverse: NDArray[np.floating[Any]], a: int, b: int) -> float:
    """Standard error of the difference of two offsets."""
    return float(np.sqrt(max(0.0, inverse[a, a] + inverse[b, b] - 2 * inverse[a, b])))
