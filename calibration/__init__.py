"""Agreeing with the street: observations, demand, forecast skill."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.demand import DemandCorrection, DemandPrior, Factor, correct_demand
    from calibration.observation import MEASURES, QUALITIES, Observation, ObservationTable, WindowTotal

__all__ = [
    "MEASURES",
    "QUALITIES",
    "DemandCorrection",
    "DemandPrior",
    "Factor",
    "Observation",
    "ObservationTable",
    "WindowTotal",
    "correct_demand",
]

_HOMES = {
    "MEASURES": "observation",
    "QUALITIES": "observation",
    "DemandCorrection": "demand",
    "DemandPrior": "demand",
    "Factor": "demand",
    "Observation": "observation",
    "ObservationTable": "observation",
    "WindowTotal": "observation",
    "correct_demand": "demand",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
