"""What a search may choose for one signal, and the plan that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from networks import PhaseTerms, SignalPhase, SignalPlan
from networks.signals.equipment.loops import ALL_LOOPS
from scenarios.signals.designing.calling import call_of
from scenarios.signals.designing.stage_set import StageSet

Control = Literal["static", "actuated", "on_call", "coordinated", "delay_based"]
"""At fixed times; green until a gap at a loop; until a gap while somebody waits elsewhere; until a gap, in step with
the neighbours; green while somebody in a detector's zone (radar, video) loses time."""
PROGRAM = "citytwin"
SOURCE = "signal search"
REST_S = 120.0
"""On call, a green where nobody waits elsewhere lasts so long at most, or as the longest red allows."""


@dataclass(frozen=True)
class Design:
    """The timing of one signal.

    Attributes:
        control: What ends a green.
        stages: Numbers in the signal's stage set, in their order.
        greens_s: Green of each at fixed times and, in its split, when coordinated; its longest green otherwise, on call
            while somebody waits elsewhere.
        offset_s: The cycle begins this long after a multiple of itself; of fixed times and coordinated ones.
        max_gap_s: Actuated, on call, coordinated: a gap in the traffic of so much ends a green.
        detector_gap_s: Actuated, on call, coordinated: loops lie so much travel time before the stop line.
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
        gaps = (("detector-gap", f"{self.detector_gap_s:.2f}"), ("max-gap", f"{self.max_gap_s:.2f}"))
        if self.control in ("actuated", "coordinated"):
            return (*((("coordinated", "true"),) if self.control == "coordinated" else ()), *gaps)
        if self.control == "on_call":
            return (ALL_LOOPS, *gaps)
        if self.control == "delay_based":
            least = f"{self.least_loss_s:.2f}"  # SUMO's word for it had a small l until 1.16
            return (("detectorRange", f"{self.zone_m:.0f}"), ("minTimeLoss", least), ("minTimeloss", least))
        return ()


def plan_of(design: Design, stages: StageSet) -> SignalPlan:
    """The plan that SUMO runs."""
    if design.control == "coordinated":
        return coordinated_plan(design, stages)
    fixed, calls = design.control == "static", design.control == "on_call" and len(design.stages) > 1
    most_s = stages.within_red(design.stages, [REST_S] * len(design.stages)) if calls else design.greens_s
    phases = list[SignalPhase]()
    for place, (number, green) in enumerate(zip(design.stages, design.greens_s, strict=True)):
        least = green if fixed else min(stages.least_s[number], green)
        state, following = stages.states[number], design.stages[(place + 1) % len(design.stages)]
        phases.append(SignalPhase(least, state, least, most_s[place], f"stage {number + 1}"))
        if len(design.stages) > 1:
            change = stages.changes[number, following]
            ends = call_of(state, stages.loops, green, design.max_gap_s) if calls else ""
            terms = PhaseTerms(early_target=ends)
            phases += [replace(phase, terms=terms if n == 0 else PhaseTerms()) for n, phase in enumerate(change)]
    kind = "actuated" if design.control == "on_call" else design.control
    offset_s = float(design.offset_s % sum(phase.duration_s for phase in phases)) if fixed else 0.0
    return SignalPlan(stages.tls_id, PROGRAM, offset_s, tuple(phases), SOURCE, kind, design.params)


def coordinated_plan(design: Design, stages: StageSet) -> SignalPlan:
    """The plan of a coordinated design: its first stage is held until its split ends, whoever comes.

    The others end at a gap, at the latest at the end of their own splits (floating force-offs; FHWA, Traffic Signal
    Timing Manual, 2008, chapter 6 on coordination; secondary source, clause unverified): what they leave is the
    first's, which begins the sooner. The last second of its green is given up when nobody comes: SUMO holds a green
    over the end of a cycle only where its latest end lies behind its earliest.
    """
    chosen, greens = design.stages, design.greens_s
    if len(chosen) < 2:
        return plan_of(replace(design, control="static"), stages)
    phases, now = list[SignalPhase](), 0.0
    spare = sum(green - min(stages.least_s[n], green) for n, green in zip(chosen[1:], greens[1:], strict=True))
    for place, (number, green) in enumerate(zip(chosen, greens, strict=True)):
        least, end = min(stages.least_s[number], green), now + green
        held = (green + spare, f"stage {number + 1}", (), PhaseTerms(end - 1.0, end))
        free = (green, f"stage {number + 1}", (), PhaseTerms(None, end))
        phases.append(SignalPhase(green, stages.states[number], least, *(free if place else held)))
        between = stages.changes[number, chosen[(place + 1) % len(chosen)]]
        phases += between
        now = end + sum(phase.duration_s for phase in between)
    offset_s = float(design.offset_s % now)
    return SignalPlan(stages.tls_id, PROGRAM, offset_s, tuple(phases), SOURCE, "actuated", design.params)
