"""What travellers gain from one ensemble to another, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenarios.comparison import paired_interval
from scenarios.ensembles.ensemble import Ensemble
from scenarios.measures import USDOT_2016, ValueOfTime, user_benefit


@dataclass(frozen=True)
class Benefit:
    """User benefit of one run, by the rule of a half.

    Attributes:
        mean: Over pairs; positive when travellers gain.
        low: Lower end of its 90 % interval (paired t); NaN below two pairs.
        high: Upper end.
        n: Pairs: seeds valid on both sides.
        value: What an hour was worth.
    """

    mean: float
    low: float
    high: float
    n: int
    value: ValueOfTime


def benefit_between(before: Ensemble, after: Ensemble, value: ValueOfTime = USDOT_2016) -> Benefit | None:
    """The benefit from `before` to `after`; None without a valid pair that has trips.

    All trips of the runs count, those of the warm-up too: who gave up or joined is told by vehicle.
    """
    old, new = ({run.seed: run for run in one.valid} for one in (before, after))
    gains = []
    for seed in sorted(set(old) & set(new)):
        one, other = old[seed], new[seed]
        if "trips" in one.digests and "trips" in other.digests:
            end_s = float(min(one.manifest["end_s"], other.manifest["end_s"]))
            gains.append(user_benefit(one.table("trips"), other.table("trips"), end_s, value))
    if not gains:
        return None
    low, high = paired_interval(np.zeros(len(gains)), np.array(gains))
    return Benefit(float(np.mean(gains)), low, high, len(gains), value)
