"""One line of a validation's table: what was run, what was measured, and the most that it may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One gate, or a figure for orientation.

    Attributes:
        name: What was run, and on what.
        kind: "analytic", against a closed form; "verification", against other code for the same equations; "real",
            against what was observed; or "ledger".
        measure: What was measured.
        value: It.
        gate: The most that it may be; None is a figure for orientation, which nothing is held to.
    """

    name: str
    kind: str
    measure: str
    value: float
    gate: float | None

    @property
    def passed(self) -> bool:
        """Whether the gate was met; a figure without a gate misses none."""
        return self.gate is None or bool(self.value <= self.gate)


def failed(checks: list[Check]) -> list[Check]:
    """Those whose gate was missed."""
    return [check for check in checks if not check.passed]
