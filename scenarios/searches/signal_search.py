"""Search for signal timings around a place: on the scenario's cars alone first, the coupled models then decide."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from networks import City, SignalPlan, read_signal_plans
from scenarios.cases.city_case import city_case
from scenarios.interventions import SignalPlanChange
from scenarios.plan_text import PlanText, plan_text
from scenarios.searches.kept_search import Plans, SignalSearch, keep_search, kept_search, search_inputs
from scenarios.signals.searching.optimising import Answer, Wish, optimise
from scenarios.signals.searching.search import Rules

if TYPE_CHECKING:
    from scenarios.searches.bench import Bench

LAW = "rilsa"
"""Table of rules that stages, intergreens and walking times keep to."""
PLAN_CLASS = "actuated"
LIMIT = 1.25
"""No movement's 95th percentile of delay may be so many times today's."""


def signals_near(city: City, x: float, y: float, *, most: int, within_m: float = 900.0) -> list[str]:
    """Ids of the signals nearest to a point (m, city CRS), nearest first; those with at least two greens to share."""
    layer = city.layer("signals")
    plans = read_signal_plans(city.net_file)
    distance = np.hypot(layer.geometry.x.to_numpy() - x, layer.geometry.y.to_numpy() - y)
    near = sorted(zip(distance.tolist(), layer["tls_id"].tolist(), strict=True))
    able = [tls for metres, tls in near if metres <= within_m and _greens(plans[tls]) >= 2]
    return able[:most]


def _greens(plan: SignalPlan) -> int:
    return sum(not phase.changing and any(light in "Gg" for light in phase.state) for phase in plan.phases)


def search_signals(bench: Bench, signals: Sequence[str], simulations: int) -> SignalSearch:
    """Better plans for some signals of the bench's city, over loops or at fixed times.

    The scenario's trips run alone in SUMO, without water, visitors and calls: some seconds each, so that many designs
    can be tried, on one seed: the coupled models judge what is found. Plans that fail a rule are left out. What was
    found is kept in the bench's store, and looked up by whoever searches for the same again.

    Args:
        bench: Where; its first seed draws the trips.
        signals: Those that may change.
        simulations: Most of them.

    Raises:
        BadInput: None of the signals can be changed, or nobody drives.
        StorageFailed: What was found cannot be kept.
    """
    seed, judged = bench.seeds[0], bench.seeds
    asked = {"signals": list(signals), "simulations": simulations, "judged": list(judged), "seed": seed}
    inputs = search_inputs(bench, asked | {"law": LAW, "limit": LIMIT, "plans": PLAN_CLASS})
    kept = kept_search(bench.store, inputs)
    if kept is not None:
        return kept
    rules = Rules(simulations, seeds=1, checks=1, limit=LIMIT)
    wish = Wish(rules, PLAN_CLASS, LAW, tuple(signals), judged=judged, seed=seed)
    with tempfile.TemporaryDirectory(prefix="citytwin-signals-") as scratch:
        case = city_case(bench.city, bench.scenario, seed, bench.store, Path(scratch))
        answer = optimise(case, wish, bench.executor, tell=lambda done, _: bench.tell("signals", done, simulations))
    failing = {verdict.tls_id for verdict in answer.failing}
    plans = {tls: plan for tls, plan in answer.plans.items() if tls not in failing}
    found = SignalSearch(plans, answer.simulations, *_delays(answer), tuple(answer.grid[:3]))
    keep_search(bench.store, inputs, found)
    return found


def _delays(answer: Answer) -> tuple[float, float]:
    before, after = (float(np.mean([one.cost for one in side])) for side in (answer.before, answer.after))
    return before, after


def as_intervention(plans: Plans) -> SignalPlanChange:
    """The plans as an intervention of a scenario."""
    return SignalPlanChange(
        kind="signal_plan", plans=tuple(PlanText.model_validate(plan_text(plan)) for _, plan in sorted(plans.items()))
    )
