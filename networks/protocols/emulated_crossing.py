"""A crossing of an emulated controller: what it would refuse to run, and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from networks.errors import BadInput, Refused
from networks.protocols.crossing_record import CrossingRecord
from networks.protocols.staged.arms import with_arms
from networks.protocols.staged.comparing import changes
from networks.protocols.staged.plan import StagedPlan
from networks.protocols.staged.showing import plan_of_staged
from networks.protocols.staged.wiring import staged_in
from networks.signals.controllers.building import build_controller
from networks.signals.controllers.checking import check_plan
from networks.signals.controllers.controller import Controller
from networks.signals.layouts.layout import Layout
from networks.signals.plans.plan import SignalPlan
from networks.signals.plans.stretching import new_faults

FIRST_PLAN = 1


@dataclass
class EmulatedCrossing:
    """One crossing and its plans; not for several threads at once.

    Attributes:
        today: What ran when it was set up.
        controller: Its conflicts and intergreens.
        record: What it keeps.
    """

    today: SignalPlan
    controller: Controller
    record: CrossingRecord

    @property
    def wired(self) -> StagedPlan:
        """A plan whose groups are those that its lamps are wired to."""
        return self.record.plan

    def check(self, plan: StagedPlan) -> None:
        """Refuse what a controller would: other lamps, conflicts of greens, times shorter than today's plan has.

        Raises:
            BadInput: Greens do not fit into their stages.
            Refused: It is unsafe in a way in which today's plan is not.
        """
        if [(g.number, g.links) for g in plan.groups] != [(g.number, g.links) for g in self.wired.groups]:
            raise Refused("its groups are not those that the lamps are wired to", place=f"crossing {plan.tls_id}")
        shown = plan_of_staged(plan, self.today, self.controller)
        faults = new_faults(check_plan(shown, self.controller), check_plan(self.today, self.controller))
        if faults:
            more = f" and {len(faults) - 1} more" if faults[1:] else ""
            raise Refused(f"{faults[0]}{more}", place=f"crossing {plan.tls_id}")

    def put(self, number: int, plan: StagedPlan) -> None:
        """Keep a plan under a number that does not run.

        Raises:
            BadInput, Refused: As `check`; or the number runs with another plan.
        """
        self.check(plan)
        if number == self.record.running and changes(self.record.plan, plan):
            raise Refused(f"plan {number} is running and cannot be changed", place=f"crossing {plan.tls_id}")
        self.record = self.record.having(number, plan)

    def run(self, number: int) -> None:
        """Let another plan run.

        Raises:
            BadInput: There is none of this number.
        """
        if number not in self.record.plans:
            raise BadInput(f"there is no plan {number}", place=f"crossing {self.record.cross_id}")
        self.record = CrossingRecord(self.record.cross_id, self.record.plans, number)


def emulated_crossing(
    plan: SignalPlan,
    layout: Layout,
    kept: CrossingRecord | None = None,
    wiring: Mapping[str, SignalPlan] | None = None,
) -> EmulatedCrossing:
    """The crossing of a signal, running its plan as plan 1, or what it kept.

    Args:
        plan: What runs.
        layout: The ground.
        kept: What it kept.
        wiring: The network's plans: lamps that they show alike hang together.

    Raises:
        BadInput: The plan cannot be told in stages.
    """
    controller = build_controller(layout)
    own = CrossingRecord(
        plan.tls_id, {FIRST_PLAN: with_arms(staged_in(plan, controller, wiring or {}), layout)}, FIRST_PLAN
    )
    return EmulatedCrossing(plan, controller, kept or own)
