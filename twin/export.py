"""An approved signal plan, in the format that SUMO and signal engineers' tools read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from networks.errors import BadInput, Refused

if TYPE_CHECKING:
    from twin.desk import DeskEntry


def export_signal_plans(entry: DeskEntry, out: Path) -> list[str]:
    """Write the plans of an approved recommendation as a SUMO additional file.

    Args:
        entry: From the desk.
        out: The file; it appears whole or not at all.

    Returns:
        The ids of the lights, sorted.

    Raises:
        Refused: It is not approved: nothing leaves the desk without that.
        BadInput: It holds no signal plan.
    """
    from networks import SignalPhase, SignalPlan, write_signal_plans

    if entry.status != "approved":
        raise Refused(f"it is {entry.status}; only an approved plan is exported", place=entry.rec_id)
    plans: dict[str, SignalPlan] = {}
    for action in entry.action:
        if action.get("kind") != "signal_plan":
            continue
        for plan in action["plans"]:
            phases = tuple(
                SignalPhase(
                    duration_s=phase["duration_s"],
                    state=phase["state"],
                    min_s=_or(phase.get("min_s"), phase["duration_s"]),
                    max_s=_or(phase.get("max_s"), phase["duration_s"]),
                    name=phase.get("name", ""),
                )
                for phase in plan["phases"]
            )
            source = plan.get("source") or f"citytwin recommendation {entry.rec_id}"
            plans[plan["tls_id"]] = SignalPlan(
                tls_id=plan["tls_id"],
                program_id=plan.get("program_id", "citytwin"),
                offset_s=plan.get("offset_s", 0.0),
                phases=phases,
                source=source,
                kind=plan.get("control", "static"),
            )
    if not plans:
        raise BadInput(f"a recommendation of kind {entry.kind} holds no signal plan", place=entry.rec_id)
    write_signal_plans(plans, out)
    return sorted(plans)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
