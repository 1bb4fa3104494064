"""`optimise`: better signal timings for a SUMO case, judged on seeds that the search has never seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from models.sumo import SumoCase, check_case
from networks import SignalPlan, read_layouts
from networks.errors import BadInput
from networks.rules.checking import check_rules
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.rules.verdict import Verdict
from networks.sentence import Sentence
from networks.signals.plan import STATIC
from scenarios.budget.case_plans import plans_today
from scenarios.ensembles.executor import Executor
from scenarios.signals.aim import Purpose
from scenarios.signals.aiming import check_travelled, target_of
from scenarios.signals.coordinating.green_waves import GreenWaves
from scenarios.signals.coordinating.streams import find_streams, turn_links
from scenarios.signals.design import Control
from scenarios.signals.gain import Gain, gains_of
from scenarios.signals.judging.close_look import CloseLook, look_closely
from scenarios.signals.reasons import Grounds, Reasons, grounds_of, reasons_of
from scenarios.signals.search import Rules, Search
from scenarios.signals.seeding import flow_ratios
from scenarios.signals.stage_set import StageSet, free_stages, legal_stages
from scenarios.signals.trials import Outcome, Trials
from scenarios.signals.variation import Variation

RESCO = "resco"
CLASSES: dict[str, tuple[Control, ...]] = {
    "fixed": ("static",),
    "actuated": ("static", "actuated"),
    "coordinated": ("static", "actuated", "coordinated"),
    "zones": ("static", "actuated", "delay_based"),
}
"""What each class of plans may use: fixed times; loops too; loops in step with the
neighbours too; detectors that see a zone too (radar, video)."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        rules: How long, and on how many seeds.
        plan_class: Of `CLASSES`.
        law: `resco` (3 s of yellow, greens in any order) or the locale of the legal stages.
        only: Signals that may change; empty for all.
        judged: Seeds on which the answer is judged; never those of the search.
        seed: Of the search's draws.
        home: SUMO_HOME of another SUMO.
        purpose: What the search makes less of.
        closely: Whether the judged runs are looked at by approach and by mode; with the installed SUMO alone.
    """

    rules: Rules = field(default_factory=Rules)
    plan_class: str = "zones"
    law: str = "rilsa"
    only: tuple[str, ...] = ()
    judged: tuple[int, ...] = tuple(range(1, 11))
    seed: int = 1
    home: Path | None = None
    closely: bool = False
    purpose: Purpose = "delay"


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
        failing: What of the plans fails the rules.
        grounds: What the reasons at each signal rest on.
        look: The judged runs by approach and by mode, where the wish asks for it.
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
    look: CloseLook | None = field(default=None, repr=False)

    @property
    def gains(self) -> tuple[Gain, ...]:
        """What the plans gain on the judged seeds, by definition."""
        return gains_of(self.before, self.after)

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON, without the plans themselves; what is not a number is null."""
        told = [{name: _plain(value) for name, value in asdict(one).items()} for one in self.gains]
        failing = [f"{one.tls_id} {one.rule} {one.subject}".strip() for one in self.failing]
        return {
            "gains": told,
            "simulations": self.simulations,
            "found_at": self.found_at,
            "start": [{"name": name["en"], "cost_s": _plain(cost)} for name, cost in self.grid],
            "signals": {
                tls: {"control": plan.control, "cycle_s": plan.cycle_s, "offset_s": plan.offset_s, **dict(plan.params)}
                for tls, plan in self.plans.items()
            },
            "failing": failing,
        }

    def reasons(self, tls: str) -> Reasons:
        """Why the plan found for a signal differs from today's."""
        return reasons_of(self.today[tls], self.plans[tls], self.grounds[tls], self.grid)

    @property
    def valid(self) -> bool:
        """Whether both were judged on every seed, and what was found may leave."""
        return not self.failing and not any(one.ended_early for one in (*self.before, *self.after))


def optimise(
    case: SumoCase, wish: Wish, executor: Executor, *, tell: Callable[[int, float], None] = lambda *_: None
) -> Answer:
    """Search signal timings for a case.

    Args:
        case: With an end.
        wish: What is asked for.
        executor: Where simulations run.
        tell: Hears of each better one: simulations so far and its cost, s per vehicle.

    Raises:
        BadInput: The case cannot be run, has no end, no demand, or no signal that can be changed.
        EngineFailed: SUMO stopped.
    """
    check_case(case)
    if case.end_s is None:
        raise BadInput("the case has no end, so plans cannot be compared", file=case.file, remedy="set --end")
    today = plans_today(case)
    trials = Trials(case, executor, wish.home, target=target_of(case, wish.purpose))
    try:
        flows = trials.flows()
        if not flows:
            raise BadInput("nobody drives in it: there is no demand", file=case.file, place="<route-files>")
        check_travelled(trials)
        variations = _variations(case, wish, today, trials, flows)
        waves = _waves(case, trials, variations)
        search = Search(trials, variations, wish.rules, wish.seed, wish.law == RESCO, waves, tell)
        found = search.run()
        spent, plans = trials.count, search.plans(found.designs)
        before, after, look = _judged(trials, plans, wish, flows)
    finally:
        trials.close()
    mine = {tls: today[tls] for tls in plans}
    grid = tuple(search.grid)
    failing = failing_rules(case, plans, wish.law)
    sets = {tls: (one.stages, one.ratios) for tls, one in variations.items()}
    lost = [[one.lost_s for one in side] for side in (before, after)]
    grounds = grounds_of(sets, lost[0], lost[1], before[0].delays.vehicles)
    return Answer(plans, mine, before, after, spent, grid, found.found_at, failing, grounds, look)


def _judged(
    trials: Trials, plans: Mapping[str, SignalPlan], wish: Wish, flows: Mapping[tuple[str, str], float]
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...], CloseLook | None]:
    """Outcomes of the case as it is and with the plans, on the seeds that judge."""
    if wish.closely and wish.home is None:
        *seen, look = look_closely(trials, plans, wish.judged, read_rules(wish.law), flows)
        before, after = (tuple(one.outcome for one in side) for side in seen)
        return before, after, look
    judged = trials.run([(one, seed) for one in ({}, plans) for seed in wish.judged])
    half = len(wish.judged)
    return tuple(judged[:half]), tuple(judged[half:]), None


def _waves(case: SumoCase, trials: Trials, variations: Mapping[str, Variation]) -> GreenWaves | None:
    """What brings fixed times into step; None where nothing drives from one of these signals to another."""
    mine = {tls: trials.links[tls] for tls in variations}
    streams = find_streams(case.net, mine, trials.routes, trials.hours) if len(mine) > 1 else []
    if not streams or not any("static" in one.controls for one in variations.values()):
        return None
    sets = {tls: one.stages for tls, one in variations.items()}
    return GreenWaves(sets, {tls: one.ratios for tls, one in variations.items()}, turn_links(mine), streams)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def failing_rules(case: SumoCase, plans: Mapping[str, SignalPlan], law: str) -> tuple[Verdict, ...]:
    """What of the plans fails a table of rules."""
    layouts, table = read_layouts(case.net), read_rules(law)
    found = [
        verdict
        for tls, plan in sorted(plans.items())
        for verdict in check_rules(plan, rule_controller(layouts[tls], table), table, layout=layouts[tls])
    ]
    return tuple(one for one in found if one.passed is False)


def _variations(
    case: SumoCase,
    wish: Wish,
    today: Mapping[str, SignalPlan],
    trials: Trials,
    flows: Mapping[tuple[str, str], float],
) -> dict[str, Variation]:
    missing = [tls for tls in wish.only if tls not in today]
    if missing:
        raise BadInput(
            f"the case has no signal {missing[0]}",
            file=case.file,
            place="--only",
            expected=", ".join(sorted(today)[:8]),
        )
    wanted = sorted(wish.only or today)
    sets = _stage_sets(case, wish, {tls: today[tls] for tls in wanted}, trials)
    if not sets:
        raise BadInput(
            "it has no signal whose plan can be changed",
            file=case.file,
            expected="a static or actuated tlLogic with a green",
        )
    controls = CLASSES[wish.plan_class]
    return {
        tls: Variation(one, flow_ratios(one, trials.links[tls], flows), controls, wish.law == RESCO)
        for tls, one in sets.items()
    }


def _stage_sets(case: SumoCase, wish: Wish, today: Mapping[str, SignalPlan], trials: Trials) -> dict[str, StageSet]:
    able: Sequence[str] = [
        tls for tls, plan in today.items() if tls in trials.links and plan.kind in (STATIC, "actuated", "delay_based")
    ]
    if wish.law == RESCO:
        sets = {tls: free_stages(today[tls], trials.links[tls]) for tls in able}
    else:
        layouts = read_layouts(case.net)
        table = read_rules(wish.law)
        longest_s = table.value("most_red") or math.inf
        sets = {
            tls: legal_stages(rule_controller(layouts[tls], table), longest_red_s=longest_s)
            for tls in able
            if tls in layouts
        }
    return {tls: one for tls, one in sets.items() if one.own and one.serves(range(one.own))}
