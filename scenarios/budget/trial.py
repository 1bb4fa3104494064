"""One run of one candidate, and what it told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Fidelity = Literal["meso", "micro"]
AS_IT_IS = "as it is"
"""Name of the case with its own plans: the first candidate of every race."""


@dataclass(frozen=True)
class Member:
    """A run to be made.

    Attributes:
        name: The candidate.
        seed: SUMO's seed.
        fidelity: Mesoscopic or microscopic.
    """

    name: str
    seed: int
    fidelity: Fidelity


@dataclass(frozen=True)
class Trial:
    """A run that was made.

    Attributes:
        member: What was run.
        passed: Time spent, s per vehicle, when each of the race's checkpoints was passed; shorter when stopped.
        cost: Time spent by the end, s per vehicle; NaN when it was stopped early or its result must not be used.
        delay: Of it lost against driving freely, s per vehicle; NaN where it was not asked for.
        invalid: Why its result must not be used; empty where it may be.
        cpu_s, wall_s: What it took.
    """

    member: Member
    passed: tuple[float, ...]
    cost: float
    delay: float = math.nan
    invalid: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether it has a cost."""
        return not math.isnan(self.cost)
