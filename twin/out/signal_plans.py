"""Signal plans as interventions tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from networks.errors import BadInput

if TYPE_CHECKING:
    from networks import SignalPlan


def signal_plans_of(interventions: Iterable[Mapping[str, Any]], rec_id: str) -> dict[str, SignalPlan]:
    """Plans by signal, of the interventions that are plans; times in s, states in SUMO's letters.

    Raises:
        BadInput: A plan lacks a field, or one is of another type.
    """
    from networks import SignalPhase, SignalPlan

    plans: dict[str, SignalPlan] = {}
    try:
        for one in interventions:
            for plan in one["plans"] if one.get("kind") == "signal_plan" else ():
                phases = tuple(
                    SignalPhase(
                        duration_s=float(phase["duration_s"]),
                        state=str(phase["state"]),
                        min_s=_or(phase.get("min_s"), phase["duration_s"]),
                        max_s=_or(phase.get("max_s"), phase["duration_s"]),
                        name=phase.get("name", ""),
                    )
                    for phase in plan["phases"]
                )
                plans[plan["tls_id"]] = SignalPlan(
                    tls_id=plan["tls_id"],
                    program_id=plan.get("program_id", "citytwin"),
                    offset_s=float(plan.get("offset_s", 0.0)),
                    phases=phases,
                    source=plan.get("source") or f"citytwin recommendation {rec_id}",
                    kind=plan.get("control", "static"),
                )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(f"no signal plan: {error}", place=rec_id, expected="plans with tls_id and phases") from error
    return plans


def _or(value: Any, otherwise: Any) -> float:
    return float(otherwise if value is None else value)
