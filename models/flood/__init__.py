"""Surface water: rain over terrain, and what it does to roads. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.inflow import Inflow
    from models.flood.on_roads.hazard import hazard_class, hazard_rating
    from models.flood.on_roads.limits import WaterLimit, limit_of, read_limits, standard_limits
    from models.flood.on_roads.lines import LineCells, WaterAlong, cells_under, depths_along, lines_around, water_along
    from models.flood.on_roads.replay import FloodReplay
    from models.flood.on_roads.vehicles import (
        CLOSING_DEPTH_M,
        closes,
        closing_depth_m,
        pregnolato_speed_mps,
        road_speed_mps,
        speed_factor,
        stalling_depth_m,
    )
    from models.flood.rain import Hyetograph, IntensityFormula, Rain, RainField, chicago_storm, uniform_rain
    from models.flood.result import FloodResult, Ledger
    from models.flood.solver import simulate_flood
    from models.flood.surface.water import Forcing, Water

_WHERE: dict[str, str] = {
    "CLOSING_DEPTH_M": "models.flood.on_roads.vehicles",
    "FloodReplay": "models.flood.on_roads.replay",
    "FloodResult": "models.flood.result",
    "Forcing": "models.flood.surface.water",
    "Hyetograph": "models.flood.rain",
    "Inflow": "models.flood.inflow",
    "IntensityFormula": "models.flood.rain",
    "Ledger": "models.flood.result",
    "LineCells": "models.flood.on_roads.lines",
    "Rain": "models.flood.rain",
    "RainField": "models.flood.rain",
    "Water": "models.flood.surface.water",
    "WaterAlong": "models.flood.on_roads.lines",
    "WaterLimit": "models.flood.on_roads.limits",
    "cells_under": "models.flood.on_roads.lines",
    "chicago_storm": "models.flood.rain",
    "closes": "models.flood.on_roads.vehicles",
    "closing_depth_m": "models.flood.on_roads.vehicles",
    "depths_along": "models.flood.on_roads.lines",
    "hazard_class": "models.flood.on_roads.hazard",
    "hazard_rating": "models.flood.on_roads.hazard",
    "limit_of": "models.flood.on_roads.limits",
    "lines_around": "models.flood.on_roads.lines",
    "pregnolato_speed_mps": "models.flood.on_roads.vehicles",
    "read_limits": "models.flood.on_roads.limits",
    "road_speed_mps": "models.flood.on_roads.vehicles",
    "simulate_flood": "models.flood.solver",
    "speed_factor": "models.flood.on_roads.vehicles",
    "stalling_depth_m": "models.flood.on_roads.vehicles",
    "standard_limits": "models.flood.on_roads.limits",
    "uniform_rain": "models.flood.rain",
    "water_along": "models.flood.on_roads.lines",
}

__all__ = [
    "CLOSING_DEPTH_M",
    "FloodReplay",
    "FloodResult",
    "Forcing",
    "Hyetograph",
    "Inflow",
    "IntensityFormula",
    "Ledger",
    "LineCells",
    "Rain",
    "RainField",
    "Water",
    "WaterAlong",
    "WaterLimit",
    "cells_under",
    "chicago_storm",
    "closes",
    "closing_depth_m",
    "depths_along",
    "hazard_class",
    "hazard_rating",
    "limit_of",
    "lines_around",
    "pregnolato_speed_mps",
    "read_limits",
    "road_speed_mps",
    "simulate_flood",
    "speed_factor",
    "stalling_depth_m",
    "standard_limits",
    "uniform_rain",
    "water_along",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
