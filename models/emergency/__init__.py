"""Emergency: units, calls, dispatch, and routes that are still open when the unit gets there."""

from __future__ import annotations

from models.emergency.model import Emergency, Policy
from models.emergency.planning import Call, Choice, Unit, choose_unit, nearest_reachable, plan_route

__all__ = ["Call", "Choice", "Emergency", "Policy", "Unit", "choose_unit", "nearest_reachable", "plan_route"]
