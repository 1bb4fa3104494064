"""Engines that move the city: traffic, flood, crowd and emergency, and the clock that couples them.

Names are imported when they are first asked for, because the engines behind them are heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.clock import Clock, Exchange, Model
    from models.emergency import Call, Emergency, Unit, choose_unit, plan_route
    from models.routing import EdgeForecast, RouteKernel
    from models.streams import stream
    from models.traffic import AddVehicle, Closure, Reroute, Traffic, Validity, VehicleTrip

__all__ = [
    "AddVehicle",
    "Call",
    "Clock",
    "Closure",
    "EdgeForecast",
    "Emergency",
    "Exchange",
    "Model",
    "Reroute",
    "RouteKernel",
    "Traffic",
    "Unit",
    "Validity",
    "VehicleTrip",
    "choose_unit",
    "plan_route",
    "stream",
]

_WHERE: dict[str, str] = {
    "AddVehicle": "models.traffic",
    "Call": "models.emergency",
    "Clock": "models.clock",
    "Closure": "models.traffic",
    "EdgeForecast": "models.routing",
    "Emergency": "models.emergency",
    "Exchange": "models.clock",
    "Model": "models.clock",
    "Reroute": "models.traffic",
    "RouteKernel": "models.routing",
    "Traffic": "models.traffic",
    "Unit": "models.emergency",
    "Validity": "models.traffic",
    "VehicleTrip": "models.traffic",
    "choose_unit": "models.emergency",
    "plan_route": "models.emergency",
    "stream": "models.streams",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
