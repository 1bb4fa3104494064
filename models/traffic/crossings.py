"""Walkers on a crossing take the road from the vehicles: a declared capacity rule.

A lane is blocked while somebody is on it. N walkers on a crossing over n lanes put N / n on each lane (Little's law
turns HCM 2010's blockage factor v_p (w / S_p) / 3600, equation 19-69, into just that); for independent walkers the
lane is then blocked for a share 1 - exp(-N / n) of the time, which equals the HCM's factor while it is small and stays
below one. Capacity falls by that share. SUMO knows no capacity, so the link over the junction gets the speed at which
Krauss's queue discharges that much: headway at speed v is tau + (length + gap) / v, where drivers dawdle: by a share
sigma of their speed or of what they could gain in a second, whichever is less, at random between nothing and all of it.

Sources: Highway Capacity Manual 2010, chapter 19 (pedestrian impedance); Krauss (1998), Microscopic Modeling of
Traffic Flow. That the same rule holds at signals is an assumption: a crowd that lets out does not keep to them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAU_S = 1.0
VEHICLE_M = 7.5
SIGMA, ACCEL_MPS2 = 0.5, 2.6
MOST_BLOCKED = 0.95
"""Someone always lets a car through: one part in twenty is left."""


def blocked_share(walkers: NDArray[np.float64], lanes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of time that a lane is blocked by `walkers` (persons now on the crossing) over `lanes` lanes."""
    return np.minimum(1.0 - np.exp(-np.maximum(walkers, 0.0) / np.maximum(lanes, 1)), MOST_BLOCKED)


def discharge_speed_mps(blocked: float, free_mps: float) -> float:
    """Speed limit at which a queue discharges `1 - blocked` of what it does under a limit of `free_mps`."""
    headway_s = (TAU_S + VEHICLE_M / driven_mps(free_mps)) / (1.0 - blocked)
    driven = VEHICLE_M / (headway_s - TAU_S)
    slow = driven / (1.0 - SIGMA / 2.0)
    return slow if slow < ACCEL_MPS2 else driven + SIGMA / 2.0 * ACCEL_MPS2


def driven_mps(limit_mps: float) -> float:
    """Mean speed of dawdling drivers under a limit."""
    return limit_mps - SIGMA / 2.0 * min(limit_mps, ACCEL_MPS2)
