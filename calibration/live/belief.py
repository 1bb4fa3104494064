"""How much, and for how long, a day's demand strays from the usual one: a Gaussian process on logarithms of flows.

The flow of a path is its usual flow times exp(x): x is the sum of a part that all paths share, one that paths from the
same edge share and one that paths to the same edge share. Each wanders about 0 with its own standard deviation and
forgets with its own time (Ornstein-Uhlenbeck), so that what was counted in the last half hour says much of the next
minutes and little of the next hour. Source of the form: Okutani & Stephanedes 1984, doi:10.1016/0191-2615(84)90002-X;
Ashok & Ben-Akiva 2000, doi:10.1287/trsc.34.1.21.12282 (deviations from usual flows, not the flows, are followed).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from calibration.live.usual import Floats, Usual


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation (log) and memory (s) of each part. Guesses: a town's own past days tell better.

    Attributes:
        shared: Of what all paths share.
        origin: Of what paths from one edge share.
        destination: Of what paths to one edge share.
        count: Standard deviation of a count beside Poisson's, as a share of it.
        most_groups: Edges with an own part, at each end; the others have none but the shared one.
    """

    shared: tuple[float, float] = (0.2, 5400.0)
    origin: tuple[float, float] = (0.2, 2700.0)
    destination: tuple[float, float] = (0.15, 2700.0)
    count: float = 0.08
    most_groups: int = 120


@dataclass(frozen=True, slots=True)
class Groups:
    """The parts.

    Attributes:
        of: Which parts each path has (P, G), ones.
        deviation: Standard deviation of each (G).
        memory_s: Time over which each forgets (G).
    """

    of: csr_matrix
    deviation: Floats
    memory_s: Floats

    def covariance(self, times_s: Floats) -> Floats:
        """Covariance of each part between moments (G, T, T)."""
        apart_s = np.abs(times_s[:, None] - times_s[None, :])
        return np.asarray(self.deviation[:, None, None] ** 2 * np.exp(-apart_s / self.memory_s[:, None, None]))


def groups(usual: Usual, spread: Spread) -> Groups:
    """The parts of a usual demand: of all, of the busiest origins, and of the busiest destinations."""
    weight = usual.flows.sum(axis=1)
    everyone = csr_matrix(np.ones((len(usual.paths), 1)))
    begins = _of_busiest(usual.paths.origin, weight, spread.most_groups)
    ends = _of_busiest(usual.paths.destination, weight, spread.most_groups)
    sizes = [(1, spread.shared), (begins.shape[1], spread.origin), (ends.shape[1], spread.destination)]
    deviation, memory_s = (np.concatenate([np.full(many, part[at]) for many, part in sizes]) for at in (0, 1))
    return Groups(hstack([everyone, begins, ends], format="csr"), deviation, memory_s)


def _of_busiest(edge: np.ndarray, weight: Floats, most: int) -> csr_matrix:
    """Which of the busiest edges each path has (P, at most `most`)."""
    total = np.bincount(edge, weights=weight)
    busiest = [int(one) for one in np.argsort(-total, kind="stable")[:most] if total[one] > 0]
    column = np.full(len(total), -1)
    column[busiest] = np.arange(len(busiest))
    rows = np.flatnonzero(column[edge] >= 0)
    return csr_matrix((np.ones(len(rows)), (rows, column[edge[rows]])), shape=(len(edge), len(busiest)))
