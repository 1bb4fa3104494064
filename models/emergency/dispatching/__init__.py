"""Dispatch as discrete events: a control room, its rules, its fleet, on roads that jam and flood."""

from __future__ import annotations

from models.emergency.dispatching.clocks import Delays
from models.emergency.dispatching.coverage import Demand, expected_coverage, marginal_coverage
from models.emergency.dispatching.outlook import Outlook
from models.emergency.dispatching.parts import Whole, parts_of, wholes
from models.emergency.dispatching.policy import Dmexclp, Home, LeastLost, Nearest, Offer, Policy, Scene
from models.emergency.dispatching.record import Answered, Record
from models.emergency.dispatching.road_times import RoadTimes
from models.emergency.dispatching.roads import LiveRoads
from models.emergency.dispatching.simulation import simulate
from models.emergency.dispatching.table_travel import TableTravel
from models.emergency.dispatching.travel import Drive, Travel, Travels
from models.emergency.dispatching.wave import Wave

__all__ = [
    "Answered",
    "Delays",
    "Demand",
    "Dmexclp",
    "Drive",
    "Home",
    "LeastLost",
    "LiveRoads",
    "Nearest",
    "Offer",
    "Outlook",
    "Policy",
    "Record",
    "RoadTimes",
    "Scene",
    "TableTravel",
    "Travel",
    "Travels",
    "Wave",
    "Whole",
    "expected_coverage",
    "marginal_coverage",
    "parts_of",
    "simulate",
    "wholes",
]
