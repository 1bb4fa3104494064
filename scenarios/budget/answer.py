"""The answer of a race: the candidates ranked, the chosen one's effect, and what there was no time for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from networks.sentence import Sentence, say
from scenarios.budget.best import probability_of_best
from scenarios.budget.schedule import Schedule
from scenarios.budget.trial import AS_IT_IS, Trial
from scenarios.comparison import Verdict, paired_interval, verdict_of


@dataclass(frozen=True)
class Effect:
    """What a candidate changes against the state of things, over the same seeds.

    Attributes:
        difference: Mean difference, s per vehicle.
        low, high: Its 90 % interval (paired t); NaN below two seeds.
        seeds: How many.
        as_it_is: Mean of the state of things on them.
        verdict: What the interval allows to say.
    """

    difference: float
    low: float
    high: float
    seeds: int
    as_it_is: float
    verdict: Verdict


@dataclass(frozen=True)
class Ranked:
    """One line of the answer.

    Attributes:
        rank: 1 is the chosen one.
        name: The candidate.
        meso: Mean cost on meso to the horizon, s per vehicle; NaN when it was not screened again.
        micro: Mean cost in micro, s per vehicle; NaN when it was not run.
        runs: Runs in micro.
        probability: Of being the best of those run in micro; NaN while that cannot be said.
        effect: On the fresh seeds; None where it was not run on them.
        invalid: Why its runs must not be used; empty where they may be.
    """

    rank: int
    name: str
    meso: float
    micro: float
    runs: int
    probability: float
    effect: Effect | None
    invalid: str


@dataclass(frozen=True)
class Regret:
    """What screening on the mesoscopic model has cost, against candidates drawn at random and run in micro.

    Attributes:
        drawn: How many of them were run.
        best: The best of them.
        chosen_cost, best_cost: Cost of the chosen and of the best one on the same seeds, s per vehicle.
        seeds: The seeds.
        share: (chosen - best) / best; 0 where nobody was better.
        costs: Of the drawn ones, in their order; of a stopped one what it had passed.
    """

    drawn: int
    best: str
    chosen_cost: float
    best_cost: float
    seeds: tuple[int, ...]
    share: float
    costs: tuple[float, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a race found.

    Attributes:
        chosen: The candidate to take.
        ranking: Everybody who was run in micro, then the next of the screening.
        effect: Of the chosen one on fresh seeds; None when there was no time for any.
        delay: Its effect on the delay, s per vehicle, on the same seeds; None likewise.
        screened, stopped, confirmed: Candidates screened, of them stopped early, and run in micro.
        runs: Runs made in each fidelity.
        budget_s, spent_s, cpu_s: Time given, spent, and processor time of the simulations.
        horizon_s: Simulated length of a run.
        vehicles: Vehicles due in it.
        missing: What there was no time for.
        regret: Of the screening, if it was asked for.
    """

    chosen: str
    ranking: tuple[Ranked, ...]
    effect: Effect | None
    delay: Effect | None
    screened: int
    stopped: int
    confirmed: int
    runs: dict[str, int]
    budget_s: float
    spent_s: float
    cpu_s: float
    horizon_s: float
    vehicles: int
    missing: tuple[Sentence, ...] = ()
    regret: Regret | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON; what is not a number is null."""
        told: dict[str, Any] = _plain(asdict(self))
        return told


def effect_of(schedule: Schedule, name: str, what: str = "cost") -> Effect | None:
    """A candidate's effect over the fresh seeds that it and the state of things have both been run on."""
    fresh = schedule.fresh_seeds
    before, after = (_values(schedule.done, who, what) for who in (AS_IT_IS, name))
    both = [seed for seed in fresh if seed in before and seed in after]
    if not both or name == AS_IT_IS:
        return None
    x, y = np.array([before[seed] for seed in both]), np.array([after[seed] for seed in both])
    low, high = paired_interval(x, y)
    return Effect(float((y - x).mean()), low, high, len(both), float(x.mean()), verdict_of(low, high, "lower"))


def ranking_of(schedule: Schedule, shown: int = 8) -> tuple[Ranked, ...]:
    """The chosen one first, then the others of the micro runs by their means, then the best of the screening."""
    names = dict.fromkeys((AS_IT_IS, *schedule.finalists))
    costs = {name: schedule.costs(name) for name in names}
    sure = probability_of_best(costs)
    level = _levels(costs)
    confirmed = sorted((name for name in names if costs[name]), key=lambda name: (name != schedule.chosen, level[name]))
    rest = [name for name in schedule.screened if name not in confirmed]
    listed = [*confirmed, *rest][: max(shown, len(confirmed))]
    return tuple(
        Ranked(
            rank,
            name,
            _mean(list(schedule.costs(name, schedule.rules.seeds[1:], "meso").values())),
            _mean(list(costs.get(name, {}).values())),
            len(costs.get(name, {})),
            sure.get(name, math.nan),
            effect_of(schedule, name),
            next((one.invalid for one in _of(schedule, name) if one.invalid), ""),
        )
        for rank, name in enumerate(listed, 1)
    )


def missing_of(schedule: Schedule, *, wanted: int) -> tuple[Sentence, ...]:
    """What there was no time for."""
    found = []
    seen = len({one.member.name for one in schedule.done} - {AS_IT_IS})
    if seen < wanted:
        found.append(
            say(
                f"{wanted - seen} of {wanted} candidates were not screened",
                f"{wanted}个候选方案中有{wanted - seen}个未筛选",
            )
        )
    ran = [name for name in schedule.finalists if schedule.costs(name)]
    if len(ran) < len(schedule.finalists):
        left = len(schedule.finalists) - len(ran)
        found.append(say(f"{left} finalists were not run in micro", f"{left}个入围方案未做微观仿真"))
    seeds = len(schedule.fresh_seeds)
    if seeds < 2:
        found.append(
            say(
                "the effect has no interval: it takes two fresh seeds",
                "效果没有置信区间：至少需要两个新的随机种子",
            )
        )
    return tuple(found)


def _levels(costs: dict[str, dict[int, float]]) -> dict[str, float]:
    from scenarios.budget.best import fit

    fitted = fit(costs)
    return dict(zip(fitted.names, fitted.means.tolist(), strict=True))


def _of(schedule: Schedule, name: str, fidelity: str | None = None) -> list[Trial]:
    return [
        one for one in schedule.done if one.member.name == name and (not fidelity or one.member.fidelity == fidelity)
    ]


def _values(done: Sequence[Trial], name: str, what: str) -> dict[int, float]:
    return {
        one.member.seed: getattr(one, what)
        for one in done
        if one.member.fidelity == "micro" and one.member.name == name and one.complete
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
