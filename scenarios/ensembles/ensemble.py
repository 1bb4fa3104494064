"""Ensembles: the same scenario with many seeds, in parallel; shared runs (flood, forecast) first and once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from networks.claim import claimed
from networks.errors import EngineFailed, NotThere, TwinError
from scenarios.ensembles.executor import Executor
from scenarios.ensembles.stopped import keep_stopped
from scenarios.results.run import Run
from scenarios.results.store import Store
from scenarios.results.versions import code_version, engine_versions
from scenarios.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from networks import City

Progress = Callable[[str, int, int], None]

FORECAST_SEEDS = (90001, 90002)
"""Seeds that forecasts are made of; no member uses them."""


@dataclass(frozen=True)
class Ensemble:
    """The runs of one scenario, in the order of their seeds."""

    scenario: Scenario
    runs: tuple[Run, ...]

    @property
    def valid(self) -> tuple[Run, ...]:
        """The runs that count."""
        return tuple(run for run in self.runs if run.valid)

    @property
    def table(self) -> pd.DataFrame:
        """One row per run: seed, run_id, valid, and every measure."""
        import pandas as pd

        rows = [{"seed": r.seed, "run_id": r.run_id, "valid": r.valid, **r.measures} for r in self.runs]
        return pd.DataFrame(rows)

    def mean(self, measure: str) -> float:
        """Mean over valid runs; NaN if none has it."""
        values = [run.measures[measure] for run in self.valid if measure in run.measures]
        return math.fsum(values) / len(values) if values else math.nan


@dataclass(frozen=True)
class Job:
    """One member to run: small enough to send to any worker."""

    city_folder: Path
    scenario: Scenario
    seed: int
    store_root: Path
    forecast_id: str | None = None
    code: str = field(default_factory=code_version)


def run_job(job: Job) -> Run:
    """Run one member (or look it up); what an executor calls.

    Raises:
        EngineFailed: This worker has another version of the twin than whoever sent the job.
    """
    from scenarios.members.member import run_member

    if job.code != code_version():
        raise EngineFailed(
            f"a worker has another version of the twin's code: {code_version()}",
            expected=job.code,
            remedy="install the same version on every node of the cluster",
        )
    return run_member(job.city_folder, job.scenario, job.seed, job.store_root, forecast_id=job.forecast_id)


def run_ensemble(
    city: City,
    scenario: Scenario,
    seeds: Sequence[int],
    store: Store,
    executor: Executor,
    progress: Progress | None = None,
) -> Ensemble:
    """Run a scenario with every seed.

    Args:
        city: Where.
        scenario: What; checked against the city first.
        seeds: Seeds of the members.
        store: Where results are looked up and land.
        executor: Serial or Ray.
        progress: Called with (scenario name, members done, members in all).

    Raises:
        BadScenario: The scenario does not fit the city.
    """
    return run_ensembles(city, [scenario], seeds, store, executor, progress)[0]


def run_ensembles(
    city: City,
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    store: Store,
    executor: Executor,
    progress: Progress | None = None,
) -> list[Ensemble]:
    """Run several scenarios with the same seeds, all members in one queue: no worker waits for the last of a set."""
    jobs = [(scenario, seed) for scenario in scenarios for seed in seeds]
    label = scenarios[0].name if len(scenarios) == 1 else f"{len(scenarios)} scenarios"
    done = 0

    def count(_run: Run) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(label, done, len(jobs))

    if progress:
        progress(label, 0, len(jobs))
    runs = run_members(city, jobs, store, executor, count)
    width = len(seeds)
    return [Ensemble(s, tuple(runs[i * width : (i + 1) * width])) for i, s in enumerate(scenarios)]


def run_members(
    city: City,
    jobs: Sequence[tuple[Scenario, int]],
    store: Store,
    executor: Executor,
    on_done: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Run (scenario, seed) pairs in one parallel map; results in their order, shared runs beforehand.

    Raises:
        BadScenario: A scenario does not fit the city.
    """
    from scenarios.checking import check_scenario

    with suppress(OSError):  # whoever lands the first result tells what is wrong
        store.root.mkdir(parents=True, exist_ok=True)
    with claimed(store.root, shared=True):  # nothing is pruned meanwhile
        shared: dict[str, str | None] = {}
        for scenario, _ in jobs:
            if scenario.digest not in shared:
                check_scenario(scenario, city)
                shared[scenario.digest] = prepare(city, scenario, store, executor)
        city_folder, root = city.folder.resolve(), store.root.resolve()
        ready = [Job(city_folder, scenario, seed, root, shared[scenario.digest]) for scenario, seed in jobs]
        tell = (lambda _, run: on_done(run)) if on_done else None
        runs = executor.map(run_job, ready, tell, lambda index, why: keep_member(ready[index], city, store, why))
    for run in runs:
        if not run.folder.is_dir():
            raise NotThere(
                "a worker wrote its run where this machine does not see it",
                file=run.folder,
                remedy="put --runs on a disk that all nodes of the cluster share, at the same path",
            )
    return runs


def keep_member(job: Job, city: City, store: Store, why: TwinError) -> Run:
    """Keep in the open that a member was stopped."""
    inputs = {
        "city": city.digest,
        "scenario": job.scenario.digest,
        "seed": job.seed,
        "forecast": job.forecast_id,
        "code": job.code,
        "engines": engine_versions(),
    }
    facts = {"seed": job.seed, "scenario": job.scenario.model_dump(mode="json")}
    return keep_stopped(store, inputs, facts, why)


def prepare(city: City, scenario: Scenario, store: Store, executor: Executor) -> str | None:
    """Make what all members share (flood, ways, forecast) or look it up; the forecast's id, if one is needed."""
    from scenarios.interventions import Rainfall
    from scenarios.members.flood_run import flood_of
    from scenarios.travel.assignment import assignment_of

    if not any(rain.by_seed for rain in scenario.of(Rainfall)):
        flood_of(city, scenario, store)
    assignment_of(city, scenario, store)
    return forecast_of(city, scenario, store, executor) if scenario.dispatch.policy == "forecast" else None


def forecast_of(city: City, scenario: Scenario, store: Store, executor: Executor) -> str:
    """Look up or make a scenario's forecast: the mean of FORECAST_SEEDS, which no member uses; returns its id."""
    from scenarios.interventions import EmergencyCall
    from scenarios.members.forecast_run import forecast_from

    others = [item for item in scenario.interventions if not isinstance(item, EmergencyCall)]
    plain = scenario.replacing(
        dispatch=scenario.dispatch.model_copy(update={"policy": "free_flow"}),
        interventions=[item.model_dump(mode="json") for item in others],
    )
    jobs = [(plain, seed) for seed in FORECAST_SEEDS]
    return forecast_from(city, plain, run_members(city, jobs, store, executor), store)
