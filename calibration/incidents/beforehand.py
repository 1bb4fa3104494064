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
SURGES = {0.6: 0.1, 0.75: 0.3, 1.35: 0.35, 1.7: 0.2, 2.3: 0.05}
"""Times the usual traffic over one street, and how often (guess): a log-normal of .4 beyond what usual days show, cut
below a half: what keeps most vehicles of a street away is a lane that is blocked somewhere."""


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
