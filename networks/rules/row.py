"""One row of a table of rules: a figure, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

TOLERANCE = 0.05
COMPARISONS = {"least": ">=", "most": "<=", "exact": "="}


@dataclass(frozen=True)
class Row:
    """A figure of a locale.

    Attributes:
        rule: Its name, one of MEANINGS.
        value: In `unit`; where there are steps, the least.
        unit: s, m, m/s, km/h ...
        compare: least, most or exact: how what a plan shows is held against it.
        method: How a check is reckoned where locales differ: fixed, by_speed, kinematic; geometry, difference.
        steps: (up to, value) pairs, ascending: the first whose limit is not exceeded counts.
        clause: The clause of the source, or `clause unverified`.
        source: The standard or paper.
        read: "text" where its words were read, or the secondary source, or what is missing.
    """

    rule: str
    value: float
    unit: str
    compare: str = "least"
    method: str = "fixed"
    steps: tuple[tuple[float, float], ...] = ()
    clause: str = "clause unverified"
    source: str = ""
    read: str = ""

    def at(self, size: float) -> float:
        """The value of the step that a size lies in; beyond the last, the last."""
        return next((value for limit, value in self.steps if size <= limit), self.steps[-1][1])

    def holds(self, found: float, required: float) -> bool:
        """Whether what was found is right."""
        if self.compare == "exact":
            return abs(found - required) <= TOLERANCE
        return found >= required - TOLERANCE if self.compare == "least" else found <= required + TOLERANCE

    @property
    def told(self) -> str:
        """The value for a table: a figure, or its steps."""
        if not self.steps:
            return f"{self.value:g} {self.unit}"
        words = ", ".join(f"{value:g} to {limit:g}" for limit, value in self.steps)
        return f"{words} {self.unit}"
