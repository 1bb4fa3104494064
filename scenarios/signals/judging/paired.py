"""One figure before and after, over seeds that both were run on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.comparison import Verdict, paired_interval, verdict_of


@dataclass(frozen=True)
class Paired:
    """A figure of which less is better.

    Attributes:
        before, after: Means over the seeds in which both are numbers.
        low, high: 90 % interval of the mean difference (paired t); NaN below two seeds.
        verdict: What the interval allows to say.
        seeds: Of them.
    """

    before: float
    after: float
    low: float
    high: float
    verdict: Verdict
    seeds: int

    @property
    def change(self) -> float:
        """After less before."""
        return self.after - self.before


def paired(before: Sequence[float], after: Sequence[float]) -> Paired | None:
    """The pair of figures; None where no seed has both.

    Args:
        before: A figure for each seed; NaN where there was nothing to measure.
        after: The same, in the same order.
    """
    both = [(x, y) for x, y in zip(before, after, strict=True) if math.isfinite(x) and math.isfinite(y)]
    if not both:
        return None
    x, y = np.array(both).T
    low, high = paired_interval(x, y)
    return Paired(float(x.mean()), float(y.mean()), low, high, verdict_of(low, high, "lower"), len(both))
