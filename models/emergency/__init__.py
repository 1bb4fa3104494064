"""Emergency: units, calls, dispatch, and routes that are still open when the unit gets there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.emergency.model import Emergency, Policy
    from models.emergency.planning import Call, Choice, Unit, choose_unit, nearest_reachable, plan_route

_WHERE = {
    "Call": "planning",
    "Choice": "planning",
    "Emergency": "model",
    "Policy": "model",
    "Unit": "planning",
    "choose_unit": "planning",
    "nearest_reachable": "planning",
    "plan_route": "planning",
}

__all__ = ["Call", "Choice", "Emergency", "Policy", "Unit", "choose_unit", "nearest_reachable", "plan_route"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"models.emergency.{_WHERE[name]}"), name)
