"""What a search may choose for one signal, and the plan that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from networks import SignalPhase, SignalPlan
from scenarios.signals.stage_set import StageSet

Control = Literal["static", "actuated", "delay_based"]
"""At fixed times; green until a gap at a loop; green while somebody in a detector's zone (radar, video) loses time."""
PROGRAM = "citytwin"
SOURCE = "signal search"


@dataclass(frozen=True)
class Design:
    """The timing of one signal.

    Attributes:
        control: What ends a green.
        stages: Numbers in the signal's stage set, in their order.
        greens_s: Green of each at fixed times; its longest green otherwise.
        offset_s: The cycle begins this long after a multiple of itself; of fixed times alone.
        max_gap_s: Actuated: a gap in the traffic of so much ends a green.
        detector_gap_s: Actuated: loops lie so much travel time before the stop line.
        zone_m: Delay-based: how far before the stop line the zone reaches.
        least_loss_s: Delay-based: who has lost less in the zone does not hold the green.
    """

    control: Control
    stages: tuple[int, ...]
    greens_s: tuple[float, ...]
    offset_s: float = 0.0
    max_gap_s: float = 3.0
    detector_gap_s: float = 1.0
    zone_m: float = 50.0
    least_loss_s: float = 1.0

    @property
    def params(self) -> tuple[tuple[str, str], ...]:
        """SUMO's parameters of the control."""
        if self.control == "actuated":
            return (("detector-gap", f"{self.detector_gap_s:.2f}"), ("max-gap", f"{self.max_gap_s:.2f}"))
        if self.control == "delay_based":
            return (("detectorRange", f"{self.zone_m:.0f}"), ("minTimeLoss", f"{self.least_loss_s:.2f}"))
        return ()


def plan_of(design: Design, stages: StageSet) -> SignalPlan:
    """The plan that SUMO runs."""
    fixed = design.control == "static"
    phases = list[SignalPhase]()
    for place, (number, green) in enumerate(zip(design.stages, design.greens_s, strict=True)):
        least = green if fixed else min(stages.least_s[number], green)
        phases.append(SignalPhase(least, stages.states[number], least, green, f"stage {number + 1}"))
        if len(design.stages) > 1:
            phases += stages.changes[number, design.stages[(place + 1) % len(design.stages)]]
    offset_s = float(design.offset_s % sum(phase.duration_s for phase in phases)) if fixed else 0.0
    return SignalPlan(stages.tls_id, PROGRAM, offset_s, tuple(phases), SOURCE, design.control, design.params)
