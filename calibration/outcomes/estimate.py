"""`Estimate`: what an action changed, measured in the street."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference, done minus not done, in the unit of what was measured.

    Attributes:
        method: "switchback" or "matched days".
        difference: Its best value; NaN where there is nothing to compare.
        low: Lower end of its interval; minus infinity where there are too few periods or days for one.
        high: Upper end; plus infinity likewise.
        level: Of the interval (0.9 is 90 %).
        n: Pairs of periods, or days that today was held against.
    """

    method: str
    difference: float
    low: float
    high: float
    level: float
    n: int
