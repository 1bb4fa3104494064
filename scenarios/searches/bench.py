"""The bench that searches work on: a city, a scenario, workers, and seeds that are kept apart from those that judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Any

import numpy as np

from models import EdgeForecast
from networks import City, say
from scenarios.comparison import paired_interval, verdict_of
from scenarios.ensembles.ensemble import Progress, run_members
from scenarios.ensembles.executor import Executor
from scenarios.measures import MEASURES
from scenarios.members.forecast_run import edge_forecast
from scenarios.results.run import Run
from scenarios.results.store import Store
from scenarios.schema import Scenario
from scenarios.searches.candidate import Candidate
from scenarios.searches.race import Raced, race
from scenarios.searches.recommendation import Alternative, Effect

TRAINING_SEEDS = (70001, 70002)
"""Seeds that searches learn on. No ensemble of `twin run` uses them, so that what is found is judged on fresh ones."""

SIMULATIONS = 26
"""Of cars alone; two runs of the coupled models take as long as a dozen of them."""


@dataclass(frozen=True)
class Bench:
    """What every search is given.

    Attributes:
        city: Where.
        scenario: The state of things that a search tries to better.
        store: Where runs are looked up and land.
        executor: Workers.
        progress: Told (what, done, in all).
        seeds: Seeds to learn on.
        simulations: Most that a search for signal plans may make, of cars alone.
    """

    city: City
    scenario: Scenario
    store: Store
    executor: Executor
    progress: Progress | None = None
    seeds: tuple[int, ...] = TRAINING_SEEDS
    simulations: int = SIMULATIONS

    def runs(self, what: str, jobs: Sequence[tuple[Scenario, int]]) -> list[Run]:
        """Run (scenario, seed) pairs, telling how far it is."""
        done = 0

        def count(_run: Run) -> None:
            nonlocal done
            done += 1
            self.tell(what, done, len(jobs))

        self.tell(what, 0, len(jobs))
        return run_members(self.city, jobs, self.store, self.executor, count)

    def tell(self, what: str, done: int, total: int) -> None:
        """Report progress, if anybody listens."""
        if self.progress:
            self.progress(what, done, total)

    @cached_property
    def as_it_is(self) -> tuple[Run, ...]:
        """The state of things on the seeds to learn on."""
        return tuple(self.runs("learning", [(self.scenario, seed) for seed in self.seeds]))

    @cached_property
    def forecast(self) -> EdgeForecast:
        """Travel times and depths expected on every road, from `as_it_is`."""
        return edge_forecast(self.city, self.as_it_is, self.store)

    def race(self, what: str, scenarios: Mapping[str, Scenario], goal: str) -> list[Raced]:
        """Race scenarios by name on a measure that is better when lower."""

        def score(pairs: Sequence[tuple[str, int]]) -> list[float]:
            runs = self.runs(what, [(scenarios[name], seed) for name, seed in pairs])
            return [run.measures.get(goal, nan) if run.valid else nan for run in runs]

        return race(list(scenarios), self.seeds, score)


def alternatives(candidates: Sequence[Candidate[Any]], raced: Sequence[Raced], goal: str) -> list[Alternative]:
    """What was tried and not chosen (all but the first of `raced`), with its effect on the seeds of the search."""
    by_name = {candidate.name: candidate for candidate in candidates}
    base = next(one for one in raced if one.name == candidates[0].name)
    told = []
    for one in raced[1:]:
        if one is not base:
            seeds = len(one.scores)
            why = say(
                f"worse after {seeds} seed{'s' if seeds > 1 else ''} of the search", f"在搜索的{seeds}个种子上较差"
            )
            told.append(Alternative(one.name, by_name[one.name].title, _effect(goal, base, one), why))
    return told


def _effect(goal: str, base: Raced, one: Raced) -> Effect:
    n = len(one.scores)
    before, after = base.scores[:n], one.scores
    low, high = paired_interval(np.array(before), np.array(after))
    mean = sum(before) / n
    difference = sum(after) / n - mean
    measure = MEASURES[goal]
    return Effect(goal, measure.unit, difference, low, high, n, verdict_of(low, high, measure.better), mean)
