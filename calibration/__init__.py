"""Agreeing with the street: observations, demand, forecast skill."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.demand import DemandCorrection, DemandPrior, Factor, correct_demand
    from calibration.forecast import CountForecast, ForecastLedger, Skill
    from calibration.observation import MEASURES, QUALITIES, Observation, ObservationTable, WindowTotal

__all__ = [
    "MEASURES",
    "QUALITIES",
    "CountForecast",
    "DemandCorrection",
    "DemandPrior",
    "Factor",
    "ForecastLedger",
    "Observation",
    "ObservationTable",
    "Skill",
    "WindowTotal",
    "correct_demand",
]

_HOMES = {
    "MEASURES": "observation",
    "QUALITIES": "observation",
    "CountForecast": "forecast",
    "DemandCorrection": "demand",
    "DemandPrior": "demand",
    "Factor": "demand",
    "ForecastLedger": "forecast",
    "Observation": "observation",
    "ObservationTable": "observation",
    "Skill": "forecast",
    "WindowTotal": "observation",
    "correct_demand": "demand",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
