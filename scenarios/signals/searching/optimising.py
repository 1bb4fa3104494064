"""`optimise`: better signal timings for a SUMO case, judged on seeds that the search has never seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from models.sumo import SumoCase, check_case
from networks import Equipment, Layout, RuleTable, SignalPlan, carrying, equipment_of, equipped_for, read_layouts
from networks.errors import BadInput
from networks.rules.checking import check_rules
from networks.rules.regulating import rule_controller
from networks.rules.table import read_rules
from networks.rules.verdict import Verdict
from scenarios.budget.case_plans import plans_today
from scenarios.ensembles.executor import Executor
from scenarios.signals.designing.design import Design
from scenarios.signals.designing.reasons import grounds_of
from scenarios.signals.explaining.neighbours import probe
from scenarios.signals.explaining.record import Record
from scenarios.signals.judging.close_look import CloseLook, look_closely
from scenarios.signals.judging.failed_detectors import judge_failed
from scenarios.signals.searching.answer import Answer
from scenarios.signals.searching.changeable import streams_of, variations_of, waves_of
from scenarios.signals.searching.search import Kept, Search
from scenarios.signals.searching.wish import CLASSES, RESCO, Wish
from scenarios.signals.trying.aiming import check_travelled, target_of
from scenarios.signals.trying.days import cut_days, day_gains
from scenarios.signals.trying.trials import Outcome, Trials

__all__ = ["CLASSES", "RESCO", "Answer", "Wish", "failing_rules", "optimise"]


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
    today, days = _today(case, wish), cut_days(case, wish.days)
    trials = Trials(case, executor, wish.home, days, target=target_of(case, wish.purpose, days))
    try:
        flows = trials.flows()
        if not flows:
            raise BadInput("nobody drives in it: there is no demand", file=case.file, place="<route-files>")
        check_travelled(trials)
        variations, droppable = variations_of(case, wish, today, trials, flows)
        streams = streams_of(case, trials, variations)
        waves = waves_of(trials, variations, streams)
        rules = replace(wish.rules, seeds=max(wish.rules.seeds, len(days) + 1))
        search = Search(trials, variations, rules, wish.seed, wish.law == RESCO, waves, tell)
        found = search.run()
        plans = {tls: carrying(one, equipment_of(today[tls])) for tls, one in search.plans(found.designs).items()}
        joined = [(one.turns[0][0], one.turns[-1][0]) for one in streams]
        records = _records(search, found, joined, wish)
        spent = trials.count
        before, after, look = _judged(trials, plans, wish, flows)
        broken = judge_failed(trials, plans, wish.failed, wish.judged, before, after)
    finally:
        trials.close()
    sets = {tls: (one.stages, one.ratios) for tls, one in variations.items()}
    lost = [[one.lost_s for one in side] for side in (before, after)]
    left = {one.tls_id for one in droppable if one.dropped}
    fails = failing_rules(case, plans, wish.law)
    return Answer(
        plans,
        {tls: today[tls] for tls in plans},
        before,
        after,
        spent,
        tuple(search.grid),
        found.found_at,
        tuple(one for one in fails if not _permitted(one, left)),
        grounds_of(sets, lost[0], lost[1], before[0].delays.vehicles),
        records,
        droppable,
        tuple(one for one in fails if _permitted(one, left)),
        look,
        broken,
        wish.rules.limit,
        _faults(case, {tls: today[tls] for tls in plans}, wish.law),
        day_gains((case, *days), wish.judged, before, after),
    )


def _today(case: SumoCase, wish: Wish) -> dict[str, SignalPlan]:
    """Today's plans with what stands at their signals, which is held against the ground before anything is searched."""
    today, layouts = plans_today(case), read_layouts(case.net)
    carried = {tls: carrying(one, wish.standing.get(tls, Equipment())) for tls, one in today.items()}
    for tls, plan in carried.items():
        if tls in layouts:
            equipped_for(layouts[tls], plan)
    return carried


def _faults(case: SumoCase, today: Mapping[str, SignalPlan], law: str) -> int:
    """Figures of today's plans that fail the rules; a plan that makes no sense counts as one."""
    layouts, table, count = read_layouts(case.net), read_rules(law), 0
    for tls, plan in today.items():
        try:
            count += len(_failing(plan, layouts[tls], table))
        except BadInput:
            count += 1
    return count


def _permitted(verdict: Verdict, left: Collection[str]) -> bool:
    """Whether the leave to drop protected stages, used at some signals, covers a failure."""
    return verdict.rule == "protected_turn" and verdict.tls_id in left


def _records(search: Search, found: Kept, joined: list[tuple[str, str]], wish: Wish) -> dict[str, Record]:
    """What the search knows of each signal, neighbours of its design included."""
    sets = {tls: search.variations[tls].stages for tls in found.designs}
    beside = probe(search.trials, found.designs, sets, joined, search.seeds, wish.probing)
    vehicles = max(found.outcomes[0].delays.vehicles, 1)
    return {
        tls: Record(
            design,
            sets[tls],
            tuple((name, lost[tls] / vehicles) for name, lost in search.looks),
            beside[tls],
            _found_at(search.kept, tls, design),
            wish.purpose,
        )
        for tls, design in found.designs.items()
    }


def _found_at(kept: Sequence[Kept], tls: str, design: Design) -> int:
    """Simulations after which a signal had this design for good, as far as it was kept."""
    first = 0
    for one in reversed(kept):
        if one.designs[tls] == design:
            first = one.found_at
        elif first:
            break
    return first


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


def failing_rules(case: SumoCase, plans: Mapping[str, SignalPlan], law: str) -> tuple[Verdict, ...]:
    """What of the plans fails a table of rules."""
    layouts, table = read_layouts(case.net), read_rules(law)
    return tuple(one for tls, plan in sorted(plans.items()) for one in _failing(plan, layouts[tls], table))


def _failing(plan: SignalPlan, layout: Layout, table: RuleTable) -> list[Verdict]:
    ground = equipped_for(layout, plan)
    verdicts = check_rules(plan, rule_controller(ground, table), table, layout=ground)
    return [one for one in verdicts if one.passed is False]
