"""Closed forms that a control room can be held to: Erlang's loss, one unit that waits, two units that share a city."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from models.routing import Floats


def erlang_loss(load: float, units: int) -> float:
    """Share of the calls that find all units busy and are given to others.

    Args:
        load: Calls in a mean stay, whatever the stays' distribution.
        units: How many.

    Source: Erlang (1917), B = (a^c / c!) / sum of a^k / k!, k = 0 ... c; secondary source: known from textbooks.
    """
    terms = [load**k / factorial(k) for k in range(units + 1)]
    return terms[-1] / sum(terms)


def mean_wait_s(per_s: float, stays_s: Floats) -> float:
    """Mean wait (s) for one unit that serves in the order of the calls.

    Args:
        per_s: Calls a second.
        stays_s: (n,) s of stays, for their first two moments.

    Source: Pollaczek (1930) and Khinchine (1932), W = lambda E[S^2] / 2 (1 - rho); secondary source: textbooks.
    """
    rho = per_s * float(np.mean(stays_s))
    return per_s * float(np.mean(np.square(stays_s))) / (2.0 * (1.0 - rho))


@dataclass(frozen=True)
class Hypercube:
    """Two units, each with a district of its own and the other's helper.

    Attributes:
        busy: Share of the time that the first and the second are busy.
        lost: Share of the calls that find both busy.
        strayed: Share of the calls that are in the first's district and get the second.
    """

    busy: tuple[float, float]
    lost: float
    strayed: float


def two_units(load: float, share: float) -> Hypercube:
    """Steady state with exponential stays, calls lost while both are busy.

    Args:
        load: Calls in a mean stay.
        share: Of the calls, in the first unit's district.

    Source: Larson (1974), Computers & Operations Research 1, 67-95, doi:10.1016/0305-0548(74)90076-8 (secondary
    source: known from textbooks): the balance equations of four states, solved here.
    """
    a, b = load * share, load * (1.0 - share)
    rates = np.array(
        [  # from: none busy, the first, the second, both
            [-(a + b), a, b, 0.0],
            [1.0, -(1.0 + a + b), 0.0, a + b],
            [1.0, 0.0, -(1.0 + a + b), a + b],
            [0.0, 1.0, 1.0, -2.0],
        ]
    )
    p = np.linalg.lstsq(np.vstack([rates.T, np.ones(4)]), np.array([0, 0, 0, 0, 1.0]), rcond=None)[0].tolist()
    return Hypercube((p[1] + p[3], p[2] + p[3]), p[3], share * p[1])
