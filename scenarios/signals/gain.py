"""What plans gain: each definition of delay before and after, over the seeds that judge, paired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.comparison import Verdict, paired_interval, verdict_of
from scenarios.signals.trials import Outcome

DEFINITIONS = ("all_planned_s", "resco_paper_s")


@dataclass(frozen=True)
class Gain:
    """One definition of delay, s per vehicle.

    Attributes:
        definition: Its name in `Delays`.
        before, after: Means over the seeds.
        worst_before, worst_after: Of the worst seed.
        low, high: 90 % interval of the mean difference (paired t); NaN below two seeds.
        seeds: How many.
        verdict: What the interval allows to say.
    """

    definition: str
    before: float
    after: float
    worst_before: float
    worst_after: float
    low: float
    high: float
    seeds: int
    verdict: Verdict

    @property
    def share(self) -> float:
        """Change as a share of before."""
        return (self.after - self.before) / self.before if self.before else 0.0


def gains_of(before: Sequence[Outcome], after: Sequence[Outcome]) -> tuple[Gain, ...]:
    """Both definitions, from outcomes on the same seeds in the same order."""
    found = []
    for name in DEFINITIONS:
        x, y = (np.array([getattr(one.delays, name) for one in side]) for side in (before, after))
        low, high = paired_interval(x, y)
        means, worst = (float(x.mean()), float(y.mean())), (float(x.max()), float(y.max()))
        found.append(Gain(name, *means, *worst, low, high, len(x), verdict_of(low, high, "lower")))
    return tuple(found)
