"""Two who meet, one after the other: who clears, who enters, and how far each has to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from networks.signals.groups.intergreens import intergreen_s, yellow_s
from networks.signals.layouts.movement import Movement


@dataclass(frozen=True)
class Encounter:
    """Who clears a place after its green, and who enters it next.

    Attributes:
        leaving, entering: straight, turning, bicycle, pedestrian or tram.
        clearing_m: From the stop line of who clears to the far end of the conflict.
        entering_m: From the stop line of who enters, or the end of their waiting area, to the near end of the conflict.
        limit_mps: Speed limit of who clears, infinite for people on foot.
        approach: The movement at whose light who clears had green.
        entry: The movement at whose light who enters gets green.
    """

    leaving: str
    clearing_m: float
    entering: str
    entering_m: float
    limit_mps: float
    approach: Movement
    entry: Movement


Clearance = Callable[[Encounter], float]
"""Seconds between the end of one green and the begin of the other."""


def rilsa_intergreen(met: Encounter) -> float:
    """The intergreen of the German RiLSA (2015), whole seconds; see `intergreen_s`."""
    yellow = 0.0 if met.approach.kind == "pedestrian" else yellow_s(met.approach.speed_mps)
    return intergreen_s(
        met.leaving, met.clearing_m, met.entering, met.entering_m, yellow=yellow, limit_mps=met.limit_mps
    )
