"""Races with known costs: the best wins, the clock is kept, and more time only tightens the interval."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from scenarios.budget.answer import effect_of, missing_of, ranking_of
from scenarios.budget.clock import Clock
from scenarios.budget.race_clock import run_race
from scenarios.budget.schedule import Batch, Rules, Schedule
from scenarios.budget.trial import AS_IT_IS, Member, Trial

NAMES = [f"c{number * 37 % 60}" for number in range(60)]
RULES = Rules(candidates=60, batch=8, among=(12, 10), again=6, finalists=3)
MESO_S, MICRO_S = 0.25, 4.0
Cost = Callable[[Member], float]


def true_cost(name: str) -> float:
    """c41 is best, 3 below today's; the worst are 30 above."""
    return 100.0 if name == AS_IT_IS else 97.0 + abs(int(name[1:]) - 41) * 0.5


def noisy(member: Member) -> float:
    """What a run says: the same cars for everybody of a seed, a little of each candidate's own, and meso's bias."""
    own = np.random.default_rng([member.seed, *member.name.encode()]).normal(0.0, 0.2)
    shared = np.random.default_rng(member.seed).normal(0.0, 8.0)
    return true_cost(member.name) * (0.8 if member.fidelity == "meso" else 1.0) + shared + own


class Lab:
    """Two workers and a clock of its own: no time passes but that of the runs."""

    def __init__(self, cost: Cost = noisy, workers: int = 2, micro_s: float = MICRO_S) -> None:
        self.now, self.cost, self.workers, self.micro_s = 0.0, cost, workers, micro_s
        self.batches: list[Batch] = []

    def run(self, batch: Batch, until: float) -> list[Trial | None]:
        self.batches.append(batch)
        free = [self.now] * self.workers
        results: list[Trial | None] = []
        for member in batch.members:
            begin = heapq.heappop(free)
            trial = self.trial(member, batch) if begin < until else None
            took = 0.0 if trial is None else MESO_S if member.fidelity == "meso" else self.micro_s
            heapq.heappush(free, begin + took)
            results.append(trial)
        self.now = max(free)
        return results

    def trial(self, member: Member, batch: Batch) -> Trial:
        cost = self.cost(member)
        if member.fidelity == "micro":
            return Trial(member, (), cost, delay=cost - 60.0)
        passed: list[float] = []
        for share, limit in zip(RULES.checkpoints, batch.limits or (math.inf,) * 2, strict=True):
            passed.append(share * cost)
            if passed[-1] > limit:
                return Trial(member, tuple(passed), math.nan)
        return Trial(member, tuple(passed), cost)


def proposals(names: Sequence[str] = NAMES) -> Callable[[int, Sequence[str]], list[str]]:
    waiting = list(names)

    def propose(most: int, ranked: Sequence[str]) -> list[str]:
        del ranked
        given = waiting[:most]
        del waiting[:most]
        return given

    return propose


def raced(budget_s: float, lab: Lab | None = None, **wish: float) -> tuple[Schedule, Lab]:
    lab = lab or Lab()
    schedule = Schedule(RULES, proposals())
    run_race(schedule, Clock(budget_s, lambda: lab.now), lab.run, **wish)
    return schedule, lab


def test_the_best_is_chosen_and_its_effect_is_estimated_on_seeds_that_did_not_choose_it() -> None:
    schedule, _ = raced(120.0)
    assert schedule.chosen == "c41"
    assert set(schedule.finalists) <= {"c39", "c40", "c41", "c42", "c43"}
    effect = effect_of(schedule, "c41")
    assert effect is not None and effect.low < -3.0 < effect.high and effect.verdict == "better"
    assert not set(schedule.fresh_seeds) & {*RULES.seeds, *RULES.choosing}
    assert effect.seeds == len(schedule.fresh_seeds) >= 5


def test_every_candidate_of_a_round_meets_the_same_seed() -> None:
    schedule, _ = raced(120.0)
    fresh = [one for one in schedule.done if one.member.seed in schedule.fresh_seeds]
    by_seed = {seed: [one.member.name for one in fresh if one.member.seed == seed] for seed in schedule.fresh_seeds}
    assert all({AS_IT_IS, "c41"} <= set(names) for names in by_seed.values())
    assert {one.member.seed for one in schedule.done if one.member.fidelity == "meso"} == set(RULES.seeds)


def test_hopeless_runs_are_stopped_and_the_best_one_never_is() -> None:
    schedule, _ = raced(120.0)
    first = [one for one in schedule.done if one.member.seed == RULES.seeds[0]]
    stopped = [one.member.name for one in first if not one.complete]
    assert len(stopped) > 20 and "c41" not in stopped
    assert min(true_cost(name) for name in stopped) > 97.5


@pytest.mark.parametrize("budget_s", [1.0, 5.0, 12.0, 20.0, 33.0, 60.0, 100.0])
@pytest.mark.parametrize("micro_s", [1.0, 7.0, 50.0])
def test_the_budget_is_kept_but_for_the_micro_run_that_has_begun(budget_s: float, micro_s: float) -> None:
    schedule, lab = raced(budget_s, Lab(micro_s=micro_s))
    assert lab.now <= budget_s + micro_s
    screened = {one.member.name for one in schedule.done if one.member.fidelity == "meso"}
    told = [sentence["en"] for sentence in missing_of(schedule, wanted=60)]
    assert (len(screened) < 61) == any("not screened" in text for text in told)
    assert (len(schedule.fresh_seeds) < 2) == any("no interval" in text for text in told)


def test_more_time_adds_runs_after_those_of_less_time_and_changes_none() -> None:
    shorter, longer, longest = (raced(budget_s)[0] for budget_s in (60.0, 90.0, 300.0))
    assert longer.done[: len(shorter.done)] == shorter.done
    assert longest.done[: len(longer.done)] == longer.done
    assert len(shorter.done) < len(longer.done) < len(longest.done)
    assert shorter.chosen == longer.chosen == longest.chosen


def test_more_time_tightens_the_interval() -> None:
    def swinging(member: Member) -> float:
        return true_cost(member.name) + (0.5 if member.seed % 2 and member.name == "c41" else 0.0)

    effects = [effect_of(raced(budget_s, Lab(swinging))[0], "c41") for budget_s in (60.0, 100.0, 200.0, 400.0)]
    widths = [effect.high - effect.low for effect in effects if effect]
    assert len(widths) == 4 and widths == sorted(widths, reverse=True) and widths[0] > widths[-1]


def test_what_runs_at_the_same_time_does_not_change_the_race() -> None:
    one, many = (raced(1000.0, Lab(workers=workers), half_width_share=0.001)[0] for workers in (1, 5))
    assert one.done == many.done


def test_it_stops_when_the_interval_is_as_narrow_as_wished() -> None:
    schedule, lab = raced(4000.0, half_width_share=0.005)
    effect = effect_of(schedule, schedule.chosen)
    assert effect is not None and (effect.high - effect.low) / 2 <= 0.005 * effect.as_it_is
    assert lab.now < 400.0


def test_a_candidate_that_only_looked_good_on_meso_is_not_chosen() -> None:
    def flattered(member: Member) -> float:
        return 60.0 if (member.name, member.fidelity) == ("c3", "meso") else noisy(member)

    schedule, _ = raced(120.0, Lab(flattered))
    assert "c3" in schedule.finalists and schedule.chosen != "c3"


def test_an_invalid_run_is_named_and_never_chosen() -> None:
    class Jammed(Lab):
        def trial(self, member: Member, batch: Batch) -> Trial:
            if (member.name, member.fidelity) == ("c41", "micro"):
                return Trial(member, (), math.nan, invalid="300 of 1000 vehicles were moved by force")
            return super().trial(member, batch)

    schedule, _ = raced(120.0, Jammed())
    assert schedule.chosen in {"c40", "c42"}
    assert next(one for one in ranking_of(schedule) if one.name == "c41").invalid


def test_without_candidates_nothing_is_chosen() -> None:
    lab = Lab()
    schedule = Schedule(RULES, proposals([]))
    run_race(schedule, Clock(60.0, lambda: lab.now), lab.run)
    assert schedule.chosen == AS_IT_IS and [one.member.name for one in schedule.done] == [AS_IT_IS]
    assert ranking_of(schedule)[0].name == AS_IT_IS


def test_no_run_is_begun_that_would_end_after_the_budget() -> None:
    class Timed(Lab):
        def trial(self, member: Member, batch: Batch) -> Trial:
            took = MESO_S if member.fidelity == "meso" else self.micro_s
            return replace(super().trial(member, batch), wall_s=took)

    for budget_s in (20.0, 33.0, 60.0, 61.0, 62.0, 63.0, 100.0):
        _, lab = raced(budget_s, Timed())
        assert lab.now <= budget_s


def test_a_candidate_that_was_confirmed_alone_was_not_chosen_by_its_seed() -> None:
    schedule, _ = raced(11.0)  # the clock leaves time for one pair
    assert {one.member.seed for one in schedule.done if one.member.fidelity == "micro"} == set(RULES.choosing)
    effect = effect_of(schedule, schedule.chosen)
    assert effect is not None and effect.seeds == 1 and schedule.fresh_seeds == list(RULES.choosing)
