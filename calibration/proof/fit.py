"""How close flows are, in the figures that everybody quotes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from calibration.proof.evidence import Pairs
from calibration.proof.geh import geh


@dataclass(frozen=True, slots=True)
class Fit:
    """Figures of a set of flows; NaN where there is nothing to reckon with.

    Attributes:
        n: Pairs.
        geh5: Share of them with GEH < 5.
        mape: Mean absolute error as share of the observed flow, over pairs with an observed flow above 0.
        rmse_vph: Root of the mean squared error, vehicles per hour.
        r2: 1 - sum of squared errors / sum of squares about the observed mean (not the squared correlation, which
            would forgive a model that is wrong by a factor).
        bias: Simulated over observed total, less 1.
    """

    n: int
    geh5: float
    mape: float
    rmse_vph: float
    r2: float
    bias: float


def fit(flows: Pairs) -> Fit:
    """The figures of hourly flows (veh/h)."""
    seen, found = flows.observed, flows.simulated
    if not len(seen):
        return Fit(0, *[float("nan")] * 5)
    error = found - seen
    some = seen > 0
    mape = float((np.abs(error[some]) / seen[some]).mean()) if some.any() else float("nan")
    about = float(((seen - seen.mean()) ** 2).sum())
    r2 = 1.0 - float((error**2).sum()) / about if about > 0 else float("nan")
    bias = float(found.sum() / seen.sum()) - 1.0 if seen.sum() > 0 else float("nan")
    share = float((geh(found, seen) < 5).mean())
    return Fit(len(seen), share, mape, float(np.sqrt((error**2).mean())), r2, bias)
