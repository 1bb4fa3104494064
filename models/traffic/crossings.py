"""Walkers on a crossing take the road from the vehicles: a declared capacity rule.

A lane is blocked while somebody is on it. N walkers on a crossing over n lanes put N / n on each lane (Little's law
turns HCM 2010's blockage factor v_p (w / S_p) / 3600, equation 19-69, into just that); for independent walkers the
lane is then blocked for a share 1 - exp(-N / n) of the time, which equals the HCM's factor while it is small and stays
below one. Capacity falls by that share. SUMO knows no capacity, so the link over the junction gets the speed at which
Krauss's queue discharges that much: headway at speed v is tau + (length + gap) / v.

Sources: Highway Capacity Manual 2010, chapter 19 (pedestrian impedance); Krauss (1998), Microscopic Modeling of
Traffic Flow. That the same rule holds at signals is an assumption: a crowd that lets out does not keep to them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAU_S = 1.0
VEHICLE_M = 7.5
MOST_BLOCKED = 0.95
"""Someone always lets a car through: one part in twenty is left."""


def blocked_share(walkers: NDArray[np.float64], lanes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of time that a lane is blocked by `walkers` (persons now on the crossing) over `lanes` lanes."""
    return np.minimum(1.0 - np.exp(-np.maximum(walkers, 0.0) / np.maximum(lanes, 1)), MOST_BLOCKED)


def discharge_speed_mps(blocked: float, free_mps: float) -> float:
    """Speed at which a queue discharges `1 - blocked` of what it does at `free_mps`."""
    headway_s = (TAU_S + VEHICLE_M / free_mps) / (1.0 - blocked)
    return VEHICLE_M / (headway_s - TAU_S)
