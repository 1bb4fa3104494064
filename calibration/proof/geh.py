"""GEH: a difference of hourly flows, neither absolute nor relative."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def geh(simulated_vph: ArrayLike, observed_vph: ArrayLike) -> NDArray[np.float64]:
    """GEH statistic of hourly flows; 0 where both are 0.

    sqrt(2 (m - c)^2 / (m + c)). Source: Geoffrey E. Havers, Greater London Council, 1970s; as in DfT TAG Unit M3.1,
    section 3 (link flow and turning movement validation).

    Args:
        simulated_vph: Flow of the model, vehicles per hour.
        observed_vph: Counted flow, vehicles per hour; counts of other periods have to be scaled to an hour first.
    """
    m, c = np.asarray(simulated_vph, dtype=np.float64), np.asarray(observed_vph, dtype=np.float64)
    total = m + c
    return np.asarray(np.sqrt(2.0 * (m - c) ** 2 / np.where(total > 0, total, 1.0)))
