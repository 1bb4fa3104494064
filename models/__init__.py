"""Engines that move the city: traffic, flood, crowd and emergency, and the clock that couples them.

Names are imported when they are first asked for, because the engines behind them are heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from models.kernel_cache import keep_by_source

if TYPE_CHECKING:
    from models.clock import Clock, Exchange, Model
    from models.crowd import CityCrowd, CoupledCrowd, VisitorPlans, weidmann_speed
    from models.emergency import Call, Emergency, Unit, choose_unit, plan_route
    from models.flood import (
        CLOSING_DEPTH_M,
        FloodReplay,
        FloodResult,
        Forcing,
        Hyetograph,
        Inflow,
        IntensityFormula,
        Ledger,
        LineCells,
        Rain,
        RainField,
        Water,
        WaterAlong,
        WaterLimit,
        cells_under,
        chicago_storm,
        closes,
        closing_depth_m,
        depths_along,
        hazard_class,
        hazard_rating,
        limit_of,
        lines_around,
        pregnolato_speed_mps,
        read_limits,
        road_speed_mps,
        simulate_flood,
        speed_factor,
        stalling_depth_m,
        standard_limits,
        uniform_rain,
        water_along,
    )
    from models.routing import EdgeForecast, Router
    from models.streams import stream
    from models.traffic import AddVehicle, Closure, Limits, Reroute, Traffic, Validity, VehicleTrip, Watchdog

__all__ = [
    "CLOSING_DEPTH_M",
    "AddVehicle",
    "Call",
    "CityCrowd",
    "Clock",
    "Closure",
    "CoupledCrowd",
    "EdgeForecast",
    "Emergency",
    "Exchange",
    "FloodReplay",
    "FloodResult",
    "Forcing",
    "Hyetograph",
    "Inflow",
    "IntensityFormula",
    "Ledger",
    "Limits",
    "LineCells",
    "Model",
    "Rain",
    "RainField",
    "Reroute",
    "Router",
    "Traffic",
    "Unit",
    "Validity",
    "VehicleTrip",
    "VisitorPlans",
    "Watchdog",
    "Water",
    "WaterAlong",
    "WaterLimit",
    "cells_under",
    "chicago_storm",
    "choose_unit",
    "closes",
    "closing_depth_m",
    "depths_along",
    "hazard_class",
    "hazard_rating",
    "limit_of",
    "lines_around",
    "plan_route",
    "pregnolato_speed_mps",
    "read_limits",
    "road_speed_mps",
    "simulate_flood",
    "speed_factor",
    "stalling_depth_m",
    "standard_limits",
    "stream",
    "uniform_rain",
    "water_along",
    "weidmann_speed",
]

keep_by_source()

_WHERE: dict[str, str] = {
    "CLOSING_DEPTH_M": "models.flood",
    "AddVehicle": "models.traffic",
    "Call": "models.emergency",
    "CityCrowd": "models.crowd",
    "Clock": "models.clock",
    "Closure": "models.traffic",
    "CoupledCrowd": "models.crowd",
    "EdgeForecast": "models.routing",
    "Emergency": "models.emergency",
    "Exchange": "models.clock",
    "FloodReplay": "models.flood",
    "FloodResult": "models.flood",
    "Forcing": "models.flood",
    "Hyetograph": "models.flood",
    "Inflow": "models.flood",
    "IntensityFormula": "models.flood",
    "Ledger": "models.flood",
    "Limits": "models.traffic",
    "LineCells": "models.flood",
    "Model": "models.clock",
    "Rain": "models.flood",
    "RainField": "models.flood",
    "Reroute": "models.traffic",
    "Router": "models.routing",
    "Traffic": "models.traffic",
    "Unit": "models.emergency",
    "Validity": "models.traffic",
    "VehicleTrip": "models.traffic",
    "VisitorPlans": "models.crowd",
    "Watchdog": "models.traffic",
    "Water": "models.flood",
    "WaterAlong": "models.flood",
    "WaterLimit": "models.flood",
    "cells_under": "models.flood",
    "chicago_storm": "models.flood",
    "choose_unit": "models.emergency",
    "closes": "models.flood",
    "closing_depth_m": "models.flood",
    "depths_along": "models.flood",
    "hazard_class": "models.flood",
    "hazard_rating": "models.flood",
    "limit_of": "models.flood",
    "lines_around": "models.flood",
    "plan_route": "models.emergency",
    "pregnolato_speed_mps": "models.flood",
    "read_limits": "models.flood",
    "road_speed_mps": "models.flood",
    "simulate_flood": "models.flood",
    "speed_factor": "models.flood",
    "stalling_depth_m": "models.flood",
    "standard_limits": "models.flood",
    "stream": "models.streams",
    "uniform_rain": "models.flood",
    "water_along": "models.flood",
    "weidmann_speed": "models.crowd",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return __all__
