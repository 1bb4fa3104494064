"""How likely each explanation is beforehand: how often lanes are blocked, sensors lie, and traffic surges."""

from __future__ import annotations

import numpy as np

from calibration.incidents.expected import Floats

PER_DAY = {"blocked": 1.0, "demand": 0.5}
"""How often it happens in a town (guess: one felt blocked lane a day, a surge on every other day)."""
LASTS_S = {"blocked": 2700.0, "demand": 3600.0}
"""Mean time that it lasts (guess): so it may have begun before what is weighed."""
FAULTY = 0.05
"""Share of sensors that lie at any time (guess; faulty loop detectors are no rare thing, Chen et al. 2003, Detecting
errors and imputing missing data for single-loop surveillance systems, TRR 1855, doi:10.3141/1855-20)."""
SURGES = {0.4: 0.06, 0.6: 0.22, 0.75: 0.22, 1.35: 0.22, 1.7: 0.22, 2.3: 0.06}
"""Times the usual traffic over one street, and how often: a log-normal of .5, without what usual days show."""


def begins_of(period_s: float, periods: int) -> tuple[dict[str, float], dict[str, Floats]]:
    """How often each kind stands in so many periods, and how much likelier than the mean each begin is (logarithm).

    What stands in the first period may have begun at any time within its length before.
    """
    often, begins = {}, {}
    for kind, per_day in PER_DAY.items():
        lengths = np.full(periods, period_s)
        lengths[0] += LASTS_S[kind]
        often[kind] = per_day * float(lengths.sum()) / 86400.0
        begins[kind] = np.log(lengths / lengths.mean())
    return often, begins
