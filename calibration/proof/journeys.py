"""Journey times along routes: what TAG M3.1 and FHWA 2004 both ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.proof.evidence import Pairs

WITHIN, AT_LEAST_S = 0.15, 60.0


def within_time(journeys_s: Pairs) -> NDArray[np.bool_]:
    """Whether each modelled time (R, s) is within 15 % of the observed one, or within 1 minute where that is more.

    Source: DfT TAG Unit M3.1, Table 3; FHWA-HRT-04-040, Table 4.
    """
    limit = np.maximum(WITHIN * journeys_s.observed, AT_LEAST_S)
    return np.asarray(np.abs(journeys_s.simulated - journeys_s.observed) <= limit + 1e-9)
