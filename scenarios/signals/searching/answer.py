"""What a search for signal timings found."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from networks import SignalPlan
from networks.rules.verdict import Verdict
from networks.sentence import Sentence
from scenarios.signals.designing.reasons import Grounds, Reasons, reasons_of
from scenarios.signals.explaining.explained import Explained, explain
from scenarios.signals.explaining.record import Record
from scenarios.signals.judging.close_look import CloseLook
from scenarios.signals.judging.failed_detectors import FailedDetectors
from scenarios.signals.judging.plain import plain
from scenarios.signals.searching.dropping import Droppable
from scenarios.signals.trying.days import DayGain
from scenarios.signals.trying.gain import Gain, gains_of
from scenarios.signals.trying.offer import Offer, offer_of
from scenarios.signals.trying.slower import Slower, slower_movements
from scenarios.signals.trying.trials import Outcome


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        plans: The plans found, by signal.
        today: What those signals run today.
        before, after: Outcomes of both on the judged seeds.
        simulations: Of the search, early-ended ones counted.
        grid: (name, cost) of the designs for all signals alike that it began with, best first.
        found_at: Simulations after which the answer was found.
        failing: What of the plans fails the rules without leave.
        grounds: What the reasons at each signal rest on.
        records: What the search knows of each signal.
        droppable: Stages that could be dropped with leave, and what became of them.
        permitted: What fails the rules with the engineer's leave to drop.
        failed_detectors: What the plans are worth with detectors out of order; None where it was not asked, or no plan
            listens to one.
        look: The judged runs by approach and by mode, where the wish asks for it.
        days: What the plans are worth on each day; empty where there is one alone.
        limit: The 95th percentile of a movement's delay should be at most so many times today's; infinite: any.
        faults: Figures of today's plans that fail the rules.
    """

    plans: dict[str, SignalPlan]
    today: dict[str, SignalPlan]
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    simulations: int
    grid: tuple[tuple[Sentence, float], ...]
    found_at: int
    failing: tuple[Verdict, ...]
    grounds: dict[str, Grounds] = field(default_factory=dict, repr=False)
    records: dict[str, Record] = field(default_factory=dict, repr=False)
    droppable: tuple[Droppable, ...] = ()
    permitted: tuple[Verdict, ...] = ()
    look: CloseLook | None = field(default=None, repr=False)
    failed_detectors: FailedDetectors | None = field(default=None, repr=False)
    limit: float = math.inf
    faults: int = 0
    days: tuple[DayGain, ...] = ()

    @property
    def slower(self) -> tuple[Slower, ...]:
        """Movements above the limit on the judged seeds, the worst first."""
        return slower_movements(self.before, self.after, self.limit)

    @property
    def gains(self) -> tuple[Gain, ...]:
        """What the plans gain on the judged seeds, by definition."""
        return gains_of(self.before, self.after)

    @property
    def offer(self) -> Offer:
        """Whether the plans found may take the place of today's."""
        return offer_of(self.gains, self.before, self.after, faults=self.faults, failing=bool(self.failing))

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON, without the plans themselves; what is not a number is null."""
        told = [plain(asdict(one)) for one in self.gains]
        failing = [f"{one.tls_id} {one.rule} {one.subject}".strip() for one in self.failing]
        return {
            "offer": self.offer.as_json(),
            "gains": told,
            "days": [plain(asdict(one)) for one in self.days],
            "simulations": self.simulations,
            "found_at": self.found_at,
            "start": [{"name": name["en"], "cost_s": plain(cost)} for name, cost in self.grid],
            "signals": {
                tls: {
                    "control": plan.control,
                    "cycle_s": plan.cycle_s,
                    "offset_s": plan.offset_s,
                    **dict(plan.params),
                    "why": [one.as_json() for one in self.why(tls)],
                }
                for tls, plan in self.plans.items()
            },
            "failing": failing,
            "movement_limit": plain(self.limit),
            "slower_movements": [plain(asdict(one)) for one in self.slower],
            "droppable": [asdict(one) for one in self.droppable],
            "failed_detectors": self.failed_detectors.as_json() if self.failed_detectors else None,
            "look": self.look.as_json() if self.look else None,
        }

    def reasons(self, tls: str) -> Reasons:
        """Why the plan found for a signal differs from today's."""
        return reasons_of(self.today[tls], self.plans[tls], self.grounds[tls], self.grid)

    def why(self, tls: str) -> tuple[Explained, ...]:
        """What an engineer would ask of the plan of a signal, with the answers."""
        return explain(self.plans[tls], self.records[tls], self.reasons(tls)) if tls in self.records else ()

    @property
    def valid(self) -> bool:
        """Whether both were judged on every seed, and what was found may leave."""
        return not self.failing and not any(one.ended_early for one in (*self.before, *self.after))
