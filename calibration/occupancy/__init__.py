"""How many people are where, now: sites and streets from gate, camera, Wi-Fi, car park and transit counts."""

from __future__ import annotations

from calibration.occupancy.counters import OUTSIDE, Counter, Layout, read_counters
from calibration.occupancy.estimator import OccupancyFilter, Shown
from calibration.occupancy.facts import ZoneFacts
from calibration.occupancy.following import Followed, follow
from calibration.occupancy.foreseen import Foreseen, foresee
from calibration.occupancy.judging import Contradiction
from calibration.occupancy.living import LiveOccupancy

__all__ = [
    "OUTSIDE",
    "Contradiction",
    "Counter",
    "Followed",
    "Foreseen",
    "Layout",
    "LiveOccupancy",
    "OccupancyFilter",
    "Shown",
    "ZoneFacts",
    "follow",
    "foresee",
    "read_counters",
]
