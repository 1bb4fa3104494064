"""How many people are where, now: sites and streets from gate, camera, Wi-Fi, car park and transit counts."""

from __future__ import annotations

from calibration.occupancy.counters import OUTSIDE, Counter, Layout, read_counters
from calibration.occupancy.day_shape import DayShape, HourSkill, judged_shape, shape_of
from calibration.occupancy.estimator import OccupancyFilter, Shown
from calibration.occupancy.facts import ZoneFacts
from calibration.occupancy.following import Followed, follow
from calibration.occupancy.foreseen import Foreseen, foresee
from calibration.occupancy.judging import Contradiction
from calibration.occupancy.living import LiveOccupancy
from calibration.occupancy.people_days import PeopleDays, read_people_days
from calibration.occupancy.rest_of_day import foresee_rest

__all__ = [
    "OUTSIDE",
    "Contradiction",
    "Counter",
    "DayShape",
    "Followed",
    "Foreseen",
    "HourSkill",
    "Layout",
    "LiveOccupancy",
    "OccupancyFilter",
    "PeopleDays",
    "Shown",
    "ZoneFacts",
    "follow",
    "foresee",
    "foresee_rest",
    "judged_shape",
    "read_counters",
    "read_people_days",
    "shape_of",
]
