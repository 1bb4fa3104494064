"""The demand of a network from what was counted on it, with the simulation in the loop."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calibration.flows.simulation import SimulatedCounts, Totals, simulated

__all__ = ["SimulatedCounts", "Totals", "simulated"]

_HOMES = {"SimulatedCounts": "simulation", "Totals": "simulation", "simulated": "simulation"}


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
