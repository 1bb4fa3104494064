"""Expected coverage: how much of the demand some idle unit reaches in time, when each is busy a share of the time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.routing import Floats


@dataclass(frozen=True)
class Demand:
    """Where calls come from.

    Attributes:
        edges: (places,) road edges by their place in the graph.
        weights: (places,) calls in relative numbers.
    """

    edges: NDArray[np.int64]
    weights: Floats


def expected_coverage(counts: Floats, weights: Floats, busy: float) -> float:
    """Weight that is covered when `counts` (places,) units reach each place in time: sum w (1 - q^k).

    Source: the objective of MEXCLP, Daskin (1983), Transportation Science 17(1), doi:10.1287/trsc.17.1.48: units are
    busy independently with the same probability q (secondary source: DOI as others cite it, text not at hand).
    """
    return float((weights * (1.0 - busy ** np.asarray(counts, dtype=np.float64))).sum())


def marginal_coverage(counts: Floats, reach: NDArray[np.bool_], weights: Floats, busy: float) -> Floats:
    """(bases,) what one more unit at each base adds: sum over the places in reach of w (1 - q) q^k.

    Args:
        counts: (places,) units that reach each place already.
        reach: (bases, places) True where a unit at the base is in time.
        weights: (places,).
        busy: q.

    Source: Jagtenberg, Bhulai & van der Mei (2015), Operations Research for Health Care 4, 27-35,
    doi:10.1016/j.orhc.2015.01.001, after Daskin (1983) (abstract read; its DOI is known from citations only).
    """
    worth = weights * (1.0 - busy) * busy ** np.asarray(counts, dtype=np.float64)
    added: Floats = reach @ worth
    return added
