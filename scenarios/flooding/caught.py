"""Vehicles that water catches in a place, if nobody closes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.flood import limit_of
from models.traffic.roads import CRAWL_MPS

JAM_SPACING_M = 7.5
"""Road that a standing car takes: 5 m and a gap of 2.5 m, SUMO's default vehicle."""


def caught_vehicles(
    flow_veh_h: float, lanes: float, length_m: float, courses_m: Sequence[np.ndarray], vclass: str = "car"
) -> np.ndarray:
    """Vehicles whose engines die in each member, where the road stays open until they do.

    At the moment at which engines die, those are in the water who came in while it took to crawl through: flow times
    length over the speed of crawling, and never more than fit in.

    Args:
        flow_veh_h: Vehicles per hour that come in, all directions.
        lanes: By which they come.
        length_m: Of road under water by then.
        courses_m: Depths in time, one per member.
        vclass: Class of vehicle, whose stalling depth counts.

    Returns:
        (members,) 0 where the water stays below the stalling depth.

    Source: Little 1961 (doi:10.1287/opre.9.3.383); speed of crawling and stalling depths are those of the traffic
    model (`models.traffic.roads`, `models/flood/on_roads/limits.csv`).
    """
    inside = min(flow_veh_h / 3600 * length_m / CRAWL_MPS, lanes * length_m / JAM_SPACING_M)
    stalls = limit_of(vclass).stalls_m
    return np.array([inside if float(np.max(course, initial=0.0)) >= stalls else 0.0 for course in courses_m])
