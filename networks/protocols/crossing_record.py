"""What a controller keeps of one crossing: its programmes by number, and which of them runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from networks.errors import BadInput
from networks.protocols.staged.plan import StagedGroup, StagedPlan


@dataclass(frozen=True)
class CrossingRecord:
    """Programmes of one crossing, all of them of the same groups.

    Attributes:
        cross_id: The crossing.
        plans: By number.
        running: Number of the one that runs.
    """

    cross_id: str
    plans: Mapping[int, StagedPlan]
    running: int

    @property
    def plan(self) -> StagedPlan:
        """What runs.

        Raises:
            BadInput: No plan has the number that runs.
        """
        if self.running not in self.plans:
            what = f"plan {self.running} runs and is not told"
            raise BadInput(what, place=f"crossing {self.cross_id}", expected="its stages too")
        return self.plans[self.running]

    @property
    def groups(self) -> tuple[StagedGroup, ...]:
        """Its groups."""
        return next(iter(self.plans.values())).groups

    def having(self, number: int, plan: StagedPlan) -> CrossingRecord:
        """The record with one plan more, or another of this number."""
        return replace(self, plans={**self.plans, number: plan})


def whole(seconds: float, plan: StagedPlan, what: str, most: int = 0xFFFF) -> int:
    """A time as the whole seconds that Chinese protocols hold.

    Raises:
        BadInput: It is not whole, or too long for its field.
    """
    if abs(seconds - round(seconds)) > 1e-6 or not 0 <= round(seconds) <= most:
        raise plan.wrong(f"{what} is {seconds:g} s, and only whole seconds from 0 to {most} can be told")
    return round(seconds)
