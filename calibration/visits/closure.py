"""Days on which nobody will be let in, as far as the counts tell: a weekday of rest, or a closure that lasts."""

from __future__ import annotations

import numpy as np

REST_WEEKS, REST_LEAST = 8, 7
"""A weekday with no visitor in REST_LEAST of its last REST_WEEKS counts is a day of rest."""
_PRIOR_DAYS = 14.0
"""How long a closure lasts before any was seen (guess); each that was seen counts beside it."""


def expected_closed(visitors: np.ndarray, weekdays: np.ndarray, horizons: int) -> np.ndarray:
    """(days, horizons) True where, after that day, nobody is expected so many days ahead.

    A closure that is under way is thought to end each day with the chance with which those seen so far did, and is
    expected to last while it does so with more than one half.

    Args:
        visitors: (days,) people; NaN where nobody counted.
        weekdays: (days + horizons,) 0 to 6.
        horizons: Days ahead.
    """
    out = np.zeros((len(visitors), horizons), dtype=bool)
    counts: list[list[bool]] = [[] for _ in range(7)]
    ended, shut_days, shut = 0, 0, False
    for day, count in enumerate(visitors):
        rest = np.array([sum(one[-REST_WEEKS:]) >= REST_LEAST for one in counts])
        if not np.isnan(count):
            counts[weekdays[day]].append(count == 0)
            if not rest[weekdays[day]]:
                ended += shut and count > 0
                shut_days += shut
                shut = count == 0
        out[day] = rest[weekdays[day + 1 : day + 1 + horizons]]
        if shut:
            ending = (ended + 1.0) / (shut_days + _PRIOR_DAYS)
            out[day] |= (1.0 - min(ending, 1.0)) ** np.arange(1, horizons + 1) > 0.5
    return out
