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
    from networks import write_signal_plans
    from twin.out.signal_plans import signal_plans_of

    if entry.status != "approved":
        raise Refused(f"it is {entry.status}; only an approved plan is exported", place=entry.rec_id)
    plans = signal_plans_of(entry.action, entry.rec_id)
    if not plans:
        raise BadInput(f"a recommendation of kind {entry.kind} holds no signal plan", place=entry.rec_id)
    write_signal_plans(plans, out)
    return sorted(plans)
