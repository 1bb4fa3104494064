"""All baselines that can be had for some past days."""

from __future__ import annotations

from functools import partial

from calibration.skill.baselines.boosting import Boosting, boosting_missing
from calibration.skill.baselines.own_errors import Baseline
from calibration.skill.baselines.past import Past
from calibration.skill.baselines.rules import Blend, HistoricalMean, Persistence

PERIODS = 12


def baselines(past: Past, *, periods: int = PERIODS, boosting: bool = True, seed: int = 1) -> tuple[Baseline, ...]:
    """Persistence, historical mean of the typical day, their blend, and gradient boosting where it is installed.

    Args:
        past: Past days of one quantity.
        periods: How many periods ahead.
        boosting: Gradient boosting too, unless `boosting_missing`.
        seed: Of its draws.
    """
    found = [
        Baseline("persistence", Persistence, past, periods),
        Baseline("historical mean", HistoricalMean, past, periods),
        Baseline("blend", Blend, past, periods),
    ]
    if boosting and boosting_missing() is None:
        learn = partial(Boosting, seed=seed, periods=periods)
        found.append(Baseline("boosting", learn, past, periods, folds=3))
    return tuple(found)
