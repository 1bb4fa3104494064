"""What runs with a design are worth to a search: the delay, its worst seed, and movements above their limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scenarios.signals.trying.movements import Limits, limits_of
from scenarios.signals.trying.trials import Outcome

WORST_WEIGHT = 0.3
"""Weight of the worst seed beside the mean: a plan that gridlocks now and then must not win by its mean."""
OVER_WEIGHT = 1.5
"""All movements at twice their limits cost so many times today's delay; a share of them that share of it."""
MARGIN = 0.96
"""Limits are kept with so much to spare, because the seeds that judge are others."""


@dataclass(frozen=True)
class Worth:
    """How runs are weighed; lower is better.

    Attributes:
        limits: Of the movements; None where they have none.
        today_s: Today's delay in s per vehicle; 0 without limits.
    """

    limits: Limits | None = None
    today_s: float = 0.0

    def of(self, outcomes: Sequence[Outcome]) -> float:
        """Mean and worst cost, weighed, in s per vehicle; infinite where a run was ended early."""
        costs = np.array([one.cost for one in outcomes])
        value = float((1 - WORST_WEIGHT) * costs.mean() + WORST_WEIGHT * costs.max())
        return value + self._price * sum(self._excess(outcomes).values())

    def by_signal(
        self, outcomes: Sequence[Outcome], approaches: Mapping[str, Sequence[str]], whose: Iterable[str]
    ) -> dict[str, float]:
        """What is lost at each of some signals over several runs, vehicle-seconds.

        Args:
            outcomes: The runs.
            approaches: Edges that lead to each signal.
            whose: Signals.
        """
        excess = self._excess(outcomes)
        price = self._price * sum(one.delays.vehicles for one in outcomes)
        return {
            tls: sum(one.lost_s[tls] for one in outcomes)
            + price * sum(excess.get(edge, 0.0) for edge in approaches[tls])
            for tls in whose
        }

    @property
    def _price(self) -> float:
        """Delay in s per vehicle that one movement at twice its limit costs."""
        return OVER_WEIGHT * self.today_s / max(len(self.limits.most_s), 1) if self.limits else 0.0

    def _excess(self, outcomes: Sequence[Outcome]) -> Mapping[str, float]:
        if self.limits is None or any(one.ended_early for one in outcomes):
            return {}
        return self.limits.excess([one.movements for one in outcomes])


def limited(today: Sequence[Outcome], factor: float) -> Worth:
    """With movements limited to a multiple of what they lose today."""
    cost = float(np.mean([one.cost for one in today]))
    return Worth(limits_of([one.movements for one in today], factor * MARGIN), cost)
