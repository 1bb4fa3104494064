"""`answer_within`: the best signal plans for a SUMO case that a budget of time can find."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.sumo import SumoCase, check_case, read_tables
from networks.errors import BadInput
from scenarios.budget.answer import Answer, effect_of, missing_of, ranking_of
from scenarios.budget.candidates import GivenPlans, Plans, SearchedPlans
from scenarios.budget.case_plans import fault_finder, flow_shares, plans_today, read_given
from scenarios.budget.case_trials import CaseTrials
from scenarios.budget.clock import Clock
from scenarios.budget.race_clock import SHARES, Tell, run_race
from scenarios.budget.regret import regret_of
from scenarios.budget.schedule import Rules, Schedule
from scenarios.budget.trial import AS_IT_IS
from scenarios.ensembles.executor import Executor


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        budget_s: Time, s.
        rules: How the race is run.
        given: Additional file with candidates; None searches them.
        half_width: Stop at this half of the 90 % interval, share of the state of things; 0 uses the whole budget.
        regret: Random candidates to run in micro beyond the budget; 0 for none.
        seed: Of the streams from which candidates are drawn.
    """

    budget_s: float
    rules: Rules = field(default_factory=Rules)
    given: Path | None = None
    half_width: float = 0.0
    regret: int = 0
    seed: int = 1


def answer_within(
    case: SumoCase, wish: Wish, executor: Executor, *, clock: Clock | None = None, tell: Tell | None = None
) -> tuple[Answer, Plans]:
    """Race signal plans on a case within a budget.

    Args:
        case: The case; without an end, its vehicles in the state of things decide how long a run lasts.
        wish: What is asked for.
        executor: Where simulations run.
        clock: The budget's clock, if it began before this call.
        tell: Hears of progress.

    Returns:
        The answer, and the chosen plans by signal (those that differ from today's).

    Raises:
        BadInput: The case cannot be run, has no signal whose plan can be changed, or a given candidate is unsafe.
        EngineFailed: SUMO stopped.
    """
    clock = clock or Clock(wish.budget_s)
    check_case(case)
    with tempfile.TemporaryDirectory(prefix="citytwin-budget-") as scratch:
        trials = CaseTrials(case, Path(scratch), executor, wish.rules.checkpoints, opening=wish.rules.opening)
        source, wanted = _source(trials, wish, clock)
        schedule = Schedule(replace(wish.rules, candidates=wanted), source)
        run_race(
            schedule,
            clock,
            lambda batch, until: trials.run(batch, source.plans, until),
            half_width_share=wish.half_width,
            tell=tell,
        )
        spent_s = clock.spent_s
        if tell and wish.regret:
            tell(_so_far(schedule), len(schedule.done), len(schedule.names))
        regret = regret_of(schedule, source.at_random(wish.regret), trials, source.plans) if wish.regret else None
        answer = _answer(schedule, trials, wish, wanted, spent_s)
        return replace(answer, regret=regret), source.plans.get(schedule.chosen, {})


def _so_far(schedule: Schedule) -> str:
    effect = effect_of(schedule, schedule.chosen)
    told = f" ({effect.difference:+.1f} s per vehicle of {effect.as_it_is:.1f} s)" if effect else ""
    return f"regret of {schedule.chosen}{told}"


def _source(trials: CaseTrials, wish: Wish, clock: Clock) -> tuple[SearchedPlans | GivenPlans, int]:
    """Where candidates come from, and how many there are; sets the horizon of a case without an end."""
    today = plans_today(trials.case)
    trials.today = today
    faults = fault_finder(trials.case, today)
    _, place = trials.first()
    if wish.given is not None:
        given = read_given(wish.given, today, faults)
        return GivenPlans(given), len(given)
    flows = flow_shares(trials.case, today, read_tables(place)["edges"])
    source = SearchedPlans(
        today,
        faults,
        flows,
        total=wish.rules.candidates,
        seed=wish.seed,
        over=lambda: clock.left_s(SHARES["screening"]) <= 0,
    )
    if not source.able:
        raise BadInput(
            "it has no signal at fixed times with two greens to share",
            file=trials.case.file,
            expected="a static tlLogic with greens of 5 s or more",
            remedy="give candidates of your own with --candidates FILE",
        )
    return source, wish.rules.candidates


def _answer(schedule: Schedule, trials: CaseTrials, wish: Wish, wanted: int, spent_s: float) -> Answer:
    done = schedule.done
    first = [one for one in done if one.member.fidelity == "meso" and one.member.seed == schedule.rules.seeds[0]]
    micro = [one for one in done if one.member.fidelity == "micro"]
    chosen = schedule.chosen
    return Answer(
        chosen=chosen,
        ranking=ranking_of(schedule),
        effect=effect_of(schedule, chosen),
        delay=effect_of(schedule, chosen, "delay"),
        screened=len({one.member.name for one in first} - {AS_IT_IS}),
        stopped=sum(not one.complete and not one.invalid for one in first),
        confirmed=len({one.member.name for one in micro} - {AS_IT_IS}),
        runs={"meso": len(done) - len(micro), "micro": len(micro)},
        budget_s=wish.budget_s,
        spent_s=spent_s,
        cpu_s=sum(one.cpu_s for one in done),
        horizon_s=trials.horizon_s,
        vehicles=trials.vehicles,
        missing=missing_of(schedule, wanted=wanted),
    )
