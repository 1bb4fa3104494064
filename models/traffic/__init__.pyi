from .car_park import CarPark as CarPark, Depart as Depart, Parked as Parked, Wish as Wish
from .model import Traffic as Traffic
from .priority import PriorityRule as PriorityRule
from .trips import (
    AddVehicle as AddVehicle,
    Arrived as Arrived,
    Blocked as Blocked,
    Closure as Closure,
    Reached as Reached,
    Reroute as Reroute,
    StopCall as StopCall,
    VehicleTrip as VehicleTrip,
    Withdraw as Withdraw,
)
from .validity import Limits as Limits, Validity as Validity, Watchdog as Watchdog
from .vehicle_types import VEHICLE_TYPES as VEHICLE_TYPES, VehicleType as VehicleType
