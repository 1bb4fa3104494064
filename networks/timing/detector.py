"""A detector: what a controller knows of the traffic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detector:
    """A zone on a lane, or a push button.

    Attributes:
        name: Its name at the controller.
        lane: The network's lane; "" for a push button.
        distance_m: From the stop line to the zone's near end.
        length_m: Length of the zone.
        stages: Stages that it calls.
        extend_s: Seconds by which each vehicle lengthens the green; 0 where it only calls.
        failed: Whether it is known to be out of order.
    """

    name: str
    lane: str
    distance_m: float
    length_m: float
    stages: tuple[str, ...]
    extend_s: float = 0.0
    failed: bool = False
