"""When a blocked lane is free again: nobody knows, so each member has a draw of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from models import stream
from models.sumo.change import Change
from models.sumo.changes import LaneBlocked, LaneFreed
from models.sumo.sent import Later

MEDIAN_S, SPREAD = 1800.0, 0.8
"""Of how long lanes stay blocked (guess); that the logarithm is about normal: Golob, Recker & Leonard 1987."""


def clearings(known: Sequence[tuple[float, Change]], now_s: float, seed: int) -> tuple[Later, ...]:
    """One draw of when each blocked lane is free, knowing how long it has been blocked.

    Args:
        known: What holds, and since when.
        now_s: None is free before.
        seed: Of the draw.
    """
    draws = stream(seed, "live clearing")
    out = []
    for since_s, change in known:
        if isinstance(change, LaneBlocked):
            lasted_s = max(now_s - since_s, 1.0)
            over = float(ndtr(np.log(lasted_s / MEDIAN_S) / SPREAD))
            share = over + (1.0 - over) * draws.uniform()
            lasts_s = max(MEDIAN_S * float(np.exp(SPREAD * ndtri(min(share, 1.0 - 1e-9)))), lasted_s)
            out.append(Later(since_s + lasts_s, LaneFreed(change.lane)))
    return tuple(out)
