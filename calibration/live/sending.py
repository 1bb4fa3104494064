"""Whole vehicles of a corrected demand, as a change of the live city."""

from __future__ import annotations

import numpy as np

from calibration.flows import PathSet, departures
from calibration.live.usual import Floats
from models.sumo.sent import VehiclesSent


def sent(
    paths: PathSet, flows: Floats, *, name: str, vehicle_type: str, begin_s: float, period_s: float, seed: int
) -> VehiclesSent:
    """Vehicles of flows (P, T) that set out in periods from `begin_s` on.

    Args:
        paths: Where they go; the way of path 7 is always called `p7`.
        flows: Vehicles in each period.
        name: Begins the name of each vehicle.
        vehicle_type: Type of all of them.
        begin_s: Begin of the first period.
        period_s: Length of a period.
        seed: Of the draws.
    """
    leaving = departures(paths, flows, begin_s=begin_s, period_s=period_s, seed=seed)
    used, way = np.unique(leaving.path, return_inverse=True)
    return VehiclesSent(
        name,
        tuple((f"p{number}", paths.path(int(number))) for number in used),
        tuple(zip(way.tolist(), leaving.depart_s.tolist(), strict=True)),
        vehicle_type,
    )
