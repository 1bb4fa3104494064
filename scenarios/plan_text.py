"""Signal programs as a scenario file writes them, and the plans that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat

from scenarios.text import Text

if TYPE_CHECKING:
    from networks import SignalPhase, SignalPlan


class PhaseText(Text):
    """One phase of a signal program, in SUMO's words.

    Attributes:
        following: Numbers, from 0, of the phases that may come next; empty for the one behind it.
        earliest_end_s, latest_end_s: Second of the cycle before which it does not end, and at which it must.
        early_target: Condition under which an actuated phase before this one ends before its longest time.
    """

    duration_s: PositiveFloat
    state: str = Field(min_length=1, pattern=r"^[rRyYgGuUoOsS]+$")
    min_s: NonNegativeFloat | None = None
    max_s: NonNegativeFloat | None = None
    name: str = ""
    following: tuple[NonNegativeInt, ...] = ()
    earliest_end_s: NonNegativeFloat | None = None
    latest_end_s: NonNegativeFloat | None = None
    early_target: str = ""

    def phase(self) -> SignalPhase:
        """The phase that it stands for."""
        from networks import PhaseTerms, SignalPhase

        least_s = self.duration_s if self.min_s is None else self.min_s
        most_s = self.duration_s if self.max_s is None else self.max_s
        terms = PhaseTerms(self.earliest_end_s, self.latest_end_s, self.early_target)
        return SignalPhase(self.duration_s, self.state, least_s, most_s, self.name, self.following, terms)


class PlanText(Text):
    """A signal program for one set of lights; an actuated one stays green between min_s and max_s of its phases.

    Attributes:
        params: Parameters of its control by SUMO's names, `max-gap` for instance.
    """

    tls_id: str
    program_id: str = "citytwin"
    control: Literal["static", "actuated", "delay_based"] = "static"
    offset_s: float = 0.0
    phases: tuple[PhaseText, ...] = Field(min_length=1)
    source: str = ""
    params: dict[str, str] = Field(default_factory=dict)

    def plan(self) -> SignalPlan:
        """The plan that it stands for."""
        from networks import SignalPlan

        phases = tuple(phase.phase() for phase in self.phases)
        params = tuple(sorted(self.params.items()))
        return SignalPlan(
            self.tls_id, self.program_id, self.offset_s, phases, self.source or "scenario", self.control, params
        )


def plan_text(plan: SignalPlan) -> dict[str, Any]:
    """A plan as the dict that a `signal_plan` intervention holds, before it is checked; what is usual is left out."""
    text = {
        "tls_id": plan.tls_id,
        "program_id": plan.program_id,
        "control": plan.kind,
        "offset_s": plan.offset_s,
        "phases": [_phase_text(phase) for phase in plan.phases],
        "source": plan.source or "",
        "params": dict(plan.params),
    }
    return text if plan.params else {key: value for key, value in text.items() if key != "params"}


def _phase_text(phase: SignalPhase) -> dict[str, Any]:
    always = {
        "duration_s": phase.duration_s,
        "state": phase.state,
        "min_s": phase.min_s,
        "max_s": phase.max_s,
        "name": phase.name or "",
    }
    seldom = {
        "following": phase.following,
        "earliest_end_s": phase.terms.earliest_end_s,
        "latest_end_s": phase.terms.latest_end_s,
        "early_target": phase.terms.early_target,
    }
    return always | {key: value for key, value in seldom.items() if value not in ((), None, "")}
