"""A series cut into runs that are alike within, by dynamic programming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cut:
    """A series in runs.

    Attributes:
        begins: First slice of each run; the first is 0.
        explained: Share of the series' squared deviations that lies between the runs, 0 to 1; 1 where it never changes.
    """

    begins: tuple[int, ...]
    explained: float


def cut_series(series: np.ndarray, runs: int, *, shortest: int = 1) -> Cut:
    """The cut into so many runs with the least squared deviations from each run's mean: exact, O(runs x slices^2).

    Of equal cuts the one that begins its runs later is taken. Source of the recursion: W. D. Fisher, "On grouping for
    maximum homogeneity", Journal of the American Statistical Association 53 (1958) 789-798 (secondary).

    Args:
        series: Shape (slices, features), or (slices,).
        runs: How many; fewer where the slices do not suffice.
        shortest: Slices of a run at least.

    Raises:
        ValueError: There is no slice, or no run is asked for.
    """
    values = np.asarray(series, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    count = len(values)
    if not count or runs < 1 or shortest < 1:
        raise ValueError(f"{count} slices cannot be cut into {runs} runs of {shortest}")
    runs = max(min(runs, count // shortest), 1)
    cost = _costs(values)
    best = np.full((runs + 1, count + 1), np.inf)
    back = np.zeros((runs + 1, count + 1), dtype=int)
    best[0, 0] = 0.0
    for used in range(1, runs + 1):
        for end in range(used * shortest, count + 1):
            begins = np.arange((used - 1) * shortest, end - shortest + 1)
            total = best[used - 1, begins] + cost[begins, end]
            chosen = len(total) - 1 - int(np.argmin(total[::-1]))
            best[used, end], back[used, end] = total[chosen], begins[chosen]
    begins_of, end = list[int](), count
    for used in range(runs, 0, -1):
        end = int(back[used, end])
        begins_of.append(end)
    whole = float(cost[0, count])
    return Cut(tuple(begins_of[::-1]), 1.0 - float(best[runs, count]) / whole if whole > 1e-12 else 1.0)


def _costs(values: np.ndarray) -> np.ndarray:
    """Squared deviations from the mean of the slices [begin, end), shape (slices, slices + 1)."""
    count = len(values)
    centred = values - values.mean(axis=0)
    sums = np.vstack([np.zeros(values.shape[1]), np.cumsum(centred, axis=0)])
    squares = np.concatenate([[0.0], np.cumsum((centred**2).sum(axis=1))])
    cost = np.zeros((count, count + 1))
    for begin in range(count):
        lengths = np.arange(1, count - begin + 1)
        mean = (sums[begin + 1 :] - sums[begin]) ** 2
        cost[begin, begin + 1 :] = np.maximum(squares[begin + 1 :] - squares[begin] - mean.sum(axis=1) / lengths, 0.0)
    return cost
