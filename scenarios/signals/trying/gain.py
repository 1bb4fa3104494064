"""What plans gain: each definition of delay, and the aim of the search, before and after, over the judged seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.comparison import Verdict, paired_interval, verdict_of
from scenarios.signals.trying.trials import Outcome

DEFINITIONS = ("all_planned_s", "resco_paper_s")


@dataclass(frozen=True)
class Gain:
    """One definition of delay, s per vehicle, or the figure of an aim.

    Attributes:
        definition: Its name in `Delays`, or the aim's purpose.
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
    """Both definitions, then the aim if there is one, from outcomes on the same seeds in the same order."""
    sides = (before, after)
    found = [_gain(name, [[getattr(one.delays, name) for one in side] for side in sides]) for name in DEFINITIONS]
    aims = [[one.aim for one in side if one.aim is not None] for side in sides]
    if aims[0] and aims[1]:
        found.append(_gain(aims[0][0].purpose, [[one.figure for one in side] for side in aims]))
    return tuple(found)


def _gain(name: str, sides: Sequence[Sequence[float]]) -> Gain:
    x, y = (np.array(side) for side in sides)
    low, high = paired_interval(x, y)
    means, worst = (float(x.mean()), float(y.mean())), (float(x.max()), float(y.max()))
    return Gain(name, *means, *worst, low, high, len(x), verdict_of(low, high, "lower"))
