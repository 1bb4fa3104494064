"""`Mode`: usual days, or an emergency; one logged switch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """How the twin works.

    Attributes:
        name: "normal" or "emergency".
        cycle_s: From one cycle to the next (s of the live clock).
        budget_s: Wall seconds that a cycle may take.
        members: Copies of each forecast.
        horizon_s: How far a forecast goes (s).
        approvals: Operators who must approve what is dangerous.
    """

    name: str
    cycle_s: float
    budget_s: float
    members: int
    horizon_s: float
    approvals: int


MODES = {
    "normal": Mode("normal", cycle_s=300.0, budget_s=240.0, members=8, horizon_s=3600.0, approvals=2),
    "emergency": Mode("emergency", cycle_s=300.0, budget_s=240.0, members=16, horizon_s=1800.0, approvals=1),
}
