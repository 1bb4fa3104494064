"""A signal group: lights that always show the same."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_VEHICLE_GREEN_S = 5.0
"""Least green of vehicles (FGSV, RiLSA 2015: 5 s)."""
LEAST_WALK_S = 5.0
"""Least green of pedestrians before the clearance begins (FGSV, RiLSA 2015: 5 s)."""


@dataclass(frozen=True)
class SignalGroup:
    """Lights that always show the same.

    Attributes:
        name: Its name at this controller.
        links: The controlled links that it drives, sorted; empty for walkers whose lights the network does not hold.
        kind: vehicle, pedestrian, bicycle or tram.
        min_green_s: Least green; for pedestrians the walk interval.
        yellow_s: Yellow after green; 0 for pedestrians.
        red_amber_s: Red-amber before green, 0 where it is not the practice.
        clearance_s: Time that pedestrians need to finish crossing after their green; 0 for others.
    """

    name: str
    links: tuple[int, ...]
    kind: str = "vehicle"
    min_green_s: float = LEAST_VEHICLE_GREEN_S
    yellow_s: float = 3.0
    red_amber_s: float = 0.0
    clearance_s: float = 0.0
