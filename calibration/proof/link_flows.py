"""Single link flows by band: what TAG M3.1 and FHWA 2004 both ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calibration.proof.evidence import Pairs

LOW_VPH, HIGH_VPH = 700.0, 2700.0
LOW_WITHIN_VPH, MIDDLE_WITHIN, HIGH_WITHIN_VPH = 100.0, 0.15, 400.0
CASES = 0.85
"""More than this share of links has to be within its band."""


def within_band(flows: Pairs) -> NDArray[np.bool_]:
    """Whether each flow (N, veh/h) is within its band: 100 veh/h below 700, 15 % from 700 to 2700, 400 veh/h above.

    The band goes by the observed flow; both ends of the middle band belong to it, and a difference of exactly the
    limit is within. Source: DfT TAG Unit M3.1, Table 2, criterion 1; FHWA-HRT-04-040, Table 4.
    """
    seen = flows.observed
    limit = np.where(seen < LOW_VPH, LOW_WITHIN_VPH, np.where(seen > HIGH_VPH, HIGH_WITHIN_VPH, MIDDLE_WITHIN * seen))
    return np.asarray(np.abs(flows.simulated - seen) <= limit + 1e-9)
