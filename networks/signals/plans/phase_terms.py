"""On what terms a phase begins and ends, beside its own length: the clock of the cycle, a condition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PhaseTerms:
    """Terms of one phase; as they stand here none of them binds.

    Attributes:
        earliest_end_s: Second of the cycle before which it does not end, in a coordinated plan.
        latest_end_s: Second of the cycle at which it must end.
        early_target: Condition, in SUMO's words, under which an actuated phase before this one ends before its longest
            time; empty for SUMO's own rule: a gap at its loops.
    """

    earliest_end_s: float | None = None
    latest_end_s: float | None = None
    early_target: str = ""

    @property
    def held(self) -> bool:
        """Whether the clock holds it until a second of the cycle."""
        return self.earliest_end_s is not None

    @property
    def ends_s(self) -> tuple[float | None, float | None]:
        """Both seconds of the cycle: not before, and not after."""
        return self.earliest_end_s, self.latest_end_s


FREE = PhaseTerms()
"""Nothing but its own length binds it."""
