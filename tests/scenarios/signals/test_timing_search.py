"""The search on a street whose best timings are known: found, never by a plan that gridlocks now and then."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from test_timing_stage_set import CONTROLS, stage_set

from networks import SignalPlan
from scenarios.signals.searching.search import TRAINING, VALIDATION, Kept, Rules, Search
from scenarios.signals.searching.variation import Variation
from scenarios.signals.trying.delays import Delays
from scenarios.signals.trying.gain import gains_of
from scenarios.signals.trying.trials import Outcome
from scenarios.signals.trying.worth import Worth

SIGNALS = ("a", "b", "c", "d")
BEST_GAP_S = {"a": 1.5, "b": 4.0, "c": 2.2, "d": 6.0}


class Street:
    """Stands in for SUMO: each signal loses more the further its gap is from its best, fixed times lose much."""

    def __init__(self, jams: Any = None) -> None:
        self.count, self.jams, self.known = 0, jams, dict[tuple[str, int], Outcome]()
        self.seeds: set[int] = set()
        self.approaches = {tls: (f"to-{tls}",) for tls in SIGNALS}

    def run(
        self, wanted: Sequence[tuple[Mapping[str, SignalPlan], int]], *, stop_above: float = math.inf
    ) -> list[Outcome]:
        del stop_above
        return [self.one(plans, seed) for plans, seed in wanted]

    def one(self, plans: Mapping[str, SignalPlan], seed: int) -> Outcome:
        key = (repr(sorted((tls, plan.phases, plan.params, plan.kind) for tls, plan in plans.items())), seed)
        if key not in self.known:
            self.count += 1
            self.seeds.add(seed)
            noise = np.random.default_rng(seed).normal(0.0, 2.0)
            lost = {tls: self.lost(tls, plan) + noise / 10 for tls, plan in plans.items()}
            cost = 20.0 + noise + sum(lost.values()) + (500.0 if self.jams and self.jams(plans, seed) else 0.0)
            self.known[key] = Outcome(Delays(cost, cost, 100, 100, {}), lost, False, cost * 100, 0, 0.1)
        return self.known[key]

    @staticmethod
    def lost(tls: str, plan: SignalPlan) -> float:
        if plan.kind != "actuated":
            return 30.0
        return 1.0 + 4.0 * abs(math.log(float(dict(plan.params)["max-gap"]) / BEST_GAP_S[tls]))


def searched(street: Street, simulations: int = 300, signals: Sequence[str] = SIGNALS, seed: int = 1) -> Kept:
    variations = {tls: Variation(stage_set(), np.array([0.3, 0.1, 0.2, 0.2, 0.02]), CONTROLS, True) for tls in signals}
    return Search(street, variations, Rules(simulations), seed).run()  # type: ignore[arg-type]


def gaps(kept: Kept) -> dict[str, float]:
    return {tls: design.max_gap_s for tls, design in kept.designs.items()}


def test_every_signal_finds_its_own_best() -> None:
    kept = searched(Street())
    assert {design.control for design in kept.designs.values()} == {"actuated"}
    for tls, gap in gaps(kept).items():
        assert gap == pytest.approx(BEST_GAP_S[tls], rel=0.35)


def test_one_signal_alone_is_searched_as_well() -> None:
    assert gaps(searched(Street(), 200, ("b",)))["b"] == pytest.approx(4.0, rel=0.25)


def test_the_budget_is_kept_and_each_set_of_seeds_has_its_own_use() -> None:
    street = Street()
    searched(street, 150)
    assert street.count <= 150 + 16  # a round that has begun ends
    assert street.seeds == {*range(TRAINING, TRAINING + 4), *range(VALIDATION, VALIDATION + 5)}


def test_the_same_draws_give_the_same_plans() -> None:
    assert searched(Street(), 120).designs == searched(Street(), 120).designs
    assert searched(Street(), 120).designs != searched(Street(), 120, seed=2).designs


def test_a_plan_that_gridlocks_in_the_validation_is_not_the_answer() -> None:
    best = gaps(searched(Street()))

    def jams(plans: Mapping[str, SignalPlan], seed: int) -> bool:
        said = {tls: float(dict(plan.params).get("max-gap", "9")) for tls, plan in plans.items()}
        return seed == VALIDATION + 2 and said == pytest.approx(best, abs=0.005)

    kept = searched(Street(jams))
    assert all(one.cost < 100 for one in kept.outcomes)


def test_more_time_never_ends_worse_on_the_training() -> None:
    costs = []
    for simulations in (60, 150, 300):
        street = Street()
        variations = {t: Variation(stage_set(), np.full(5, 0.1), CONTROLS, True) for t in SIGNALS}
        search = Search(street, variations, Rules(simulations))  # type: ignore[arg-type]
        search.run()
        costs.append(search.best.value)
        values = [kept.value for kept in search.kept]
        assert values == sorted(values, reverse=True)
    assert costs == sorted(costs, reverse=True)


def outcome(cost: float) -> Outcome:
    return Outcome(Delays(cost, cost, 1, 1, {}), {}, math.isinf(cost), cost, 0, 0.0)


def test_the_worst_seed_counts_beside_the_mean() -> None:
    assert Worth().of([outcome(10), outcome(20), outcome(30)]) == pytest.approx(0.7 * 20 + 0.3 * 30)
    assert Worth().of([outcome(10), outcome(math.inf)]) == math.inf


def test_gains_are_paired() -> None:
    all_planned, _ = gains_of([outcome(10), outcome(20), outcome(30)], [outcome(8), outcome(18), outcome(28)])
    assert (all_planned.before, all_planned.after, all_planned.worst_after) == (20.0, 18.0, 28.0)
    assert all_planned.low == pytest.approx(-2.0) and all_planned.high == pytest.approx(-2.0)
    assert all_planned.verdict == "better" and all_planned.share == pytest.approx(-0.1)
