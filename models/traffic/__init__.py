"""Traffic: SUMO, microscopic, coupled to water, walkers and emergency vehicles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.traffic.car_park import CarPark, Depart, Parked, Wish
from models.traffic.trips import (
    AddVehicle,
    Arrived,
    Blocked,
    Closure,
    Reached,
    Reroute,
    StopCall,
    VehicleTrip,
    Withdraw,
)
from models.traffic.validity import Limits, Validity, Watchdog
from models.traffic.vehicle_types import VEHICLE_TYPES, VehicleType

if TYPE_CHECKING:
    from models.traffic.model import Traffic
    from models.traffic.priority import PriorityRule

__all__ = [
    "VEHICLE_TYPES",
    "AddVehicle",
    "Arrived",
    "Blocked",
    "CarPark",
    "Closure",
    "Depart",
    "Limits",
    "Parked",
    "PriorityRule",
    "Reached",
    "Reroute",
    "StopCall",
    "Traffic",
    "Validity",
    "VehicleTrip",
    "VehicleType",
    "Watchdog",
    "Wish",
    "Withdraw",
]


def __getattr__(name: str) -> object:
    if name == "Traffic":
        from models.traffic.model import Traffic

        return Traffic
    if name == "PriorityRule":
        from models.traffic.priority import PriorityRule

        return PriorityRule
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
