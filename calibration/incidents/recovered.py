"""When a sensor no longer feels an incident: what it says since the worst of it is that of a usual day."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from calibration.incidents.adding_up import SHIFT, begun

Floats = NDArray[np.float64]
ODDS = 20.0
"""How much likelier a usual day has to be than that it goes on (ours)."""


def recovered(sums: Floats, heard: NDArray[np.bool_], since: int, at: int) -> bool:
    """Whether the shift that a sum has added up is over in period `at`.

    The sum alone falls by its allowance in a period only, long after all is as usual. Here the shift has the size that
    it had on the mean until the peak of the sum, and its log odds against none are added up from there
    (a likelihood ratio of normal scores; Basseville & Nikiforov 1993, Detection of Abrupt Changes, section 2.2).

    Args:
        sums: CUSUM of one sensor (T).
        heard: Periods in which it said something (T).
        since: Period in which the incident began.
        at: The last period that was seen.
    """
    peak = since + int(np.argmax(sums[since : at + 1])) if since <= at else at
    if sums[peak] <= 0.0:
        return True
    mean = float(sums[peak]) / (peak - begun(sums, peak) + 1) + SHIFT / 2
    later = slice(peak + 1, at + 1)
    scores = np.diff(sums[peak : at + 1])[heard[later]] + SHIFT / 2
    return mean * float((mean / 2 - scores).sum()) > math.log(ODDS)
