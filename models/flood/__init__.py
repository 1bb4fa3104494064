"""Surface water: rain over terrain, and what it does to roads. Everything is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.flood.inflow import Inflow
    from models.flood.lines import depths_along
    from models.flood.rain import Hyetograph, IntensityFormula, Rain, RainField, chicago_storm, uniform_rain
    from models.flood.replay import FloodReplay
    from models.flood.result import FloodResult, Ledger
    from models.flood.roads import (
        CLOSING_DEPTH_M,
        closes,
        closing_depth_m,
        pregnolato_speed_mps,
        road_speed_mps,
        speed_factor,
    )
    from models.flood.solver import simulate_flood
    from models.flood.surface.water import Forcing, Water

_WHERE: dict[str, str] = {
    "CLOSING_DEPTH_M": "models.flood.roads",
    "FloodReplay": "models.flood.replay",
    "FloodResult": "models.flood.result",
    "Forcing": "models.flood.surface.water",
    "Hyetograph": "models.flood.rain",
    "Inflow": "models.flood.inflow",
    "IntensityFormula": "models.flood.rain",
    "Ledger": "models.flood.result",
    "Rain": "models.flood.rain",
    "RainField": "models.flood.rain",
    "Water": "models.flood.surface.water",
    "chicago_storm": "models.flood.rain",
    "closes": "models.flood.roads",
    "closing_depth_m": "models.flood.roads",
    "depths_along": "models.flood.lines",
    "pregnolato_speed_mps": "models.flood.roads",
    "road_speed_mps": "models.flood.roads",
    "simulate_flood": "models.flood.solver",
    "speed_factor": "models.flood.roads",
    "uniform_rain": "models.flood.rain",
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
    "Rain",
    "RainField",
    "Water",
    "chicago_storm",
    "closes",
    "closing_depth_m",
    "depths_along",
    "pregnolato_speed_mps",
    "road_speed_mps",
    "simulate_flood",
    "speed_factor",
    "uniform_rain",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
