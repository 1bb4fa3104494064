"""A cause taken away: the same case with more green at the head of a queue, seed by seed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from calibration.bottlenecks.jams import Jam, Traffic
from calibration.flows import Roads, SimulatedCounts, simulated
from models.sumo import SumoCase
from networks import SignalPlan, read_signal_links
from networks.signals.plans.plan import LEAST_GREEN_S
from networks.signals.plans.plan_file import write_signal_plans

GIVEN = 0.3
"""Share of the others' green that is given to the head of the queue."""
PROGRAM = "more-green"


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of a queue without its cause.

    Attributes:
        with_h: Vehicle-hours lost on its streets, mean over seeds.
        without_h: The same without the cause.
        saved_h: Mean of the differences, seed by seed.
        half_width_h: Half of their 95 % interval (Student); NaN of one seed.
        town_h: What the whole network saved, mean of the differences.
        seeds: How many.
    """

    with_h: float
    without_h: float
    saved_h: float
    half_width_h: float
    town_h: float
    seeds: int

    @property
    def holds(self) -> bool:
        """Whether the queue is surely shorter without the cause."""
        return self.saved_h - self.half_width_h > 0


def more_green(plan: SignalPlan, links: Sequence[int]) -> SignalPlan | None:
    """The plan with GIVEN of every other phase's green given to the phases that serve these links, in proportion.

    The cycle stays, and so do yellows and intergreens; no green falls below LEAST_GREEN_S. None where nothing can be
    given or taken.
    """
    serve = [not one.changing and any(one.state[at] in "Gg" for at in links) for one in plan.phases]
    takes = [
        0.0 if served or phase.changing or not any(light in "Gg" for light in phase.state)
        else max(0.0, min(GIVEN * phase.duration_s, phase.duration_s - LEAST_GREEN_S))
        for served, phase in zip(serve, plan.phases, strict=True)
    ]  # fmt: skip
    takes = [float(math.floor(seconds)) for seconds in takes]
    own = sum(phase.duration_s for served, phase in zip(serve, plan.phases, strict=True) if served)
    if not own or not sum(takes):
        return None
    phases = []
    for served, taken, phase in zip(serve, takes, plan.phases, strict=True):
        seconds = phase.duration_s - taken + (sum(takes) * phase.duration_s / own if served else 0.0)
        least, most = min(phase.min_s, seconds), max(phase.max_s, seconds) if served else phase.max_s
        phases.append(replace(phase, duration_s=seconds, min_s=least, max_s=most))
    return replace(plan, program_id=PROGRAM, phases=tuple(phases))


def green_file(case: SumoCase, plans: Mapping[str, SignalPlan], head: str, signal: str, file: Path) -> Path | None:
    """An additional file with more green for the end of a street; None where its plan has none to give."""
    links = [link.index for link in read_signal_links(case.net).get(signal, ()) if link.from_edge == head]
    plan = more_green(plans[signal], links) if signal in plans and links else None
    if plan is None:
        return None
    write_signal_plans({signal: plan}, file)
    return file


def proved(jam: Jam, roads: Roads, usual: Sequence[SimulatedCounts], without: Sequence[SimulatedCounts]) -> Proof:
    """Compare runs with the cause and without it, seed by seed.

    Raises:
        ValueError: Not as many of the one as of the other, or none.
    """
    if not usual or len(usual) != len(without):
        raise ValueError("as many runs without the cause as with it are needed, one at least")
    streets = set(jam.streets)
    own = np.array([_lost_h(run, roads, streets) for run in usual])
    other = np.array([_lost_h(run, roads, streets) for run in without])
    town = np.array([_lost_h(a, roads) - _lost_h(b, roads) for a, b in zip(usual, without, strict=True)])
    saved, count = own - other, len(own)
    width = float("nan")
    if count > 1:
        width = float(student.ppf(0.975, count - 1) * saved.std(ddof=1) / math.sqrt(count))
    return Proof(float(own.mean()), float(other.mean()), float(saved.mean()), width, float(town.mean()), count)


def runs_of(case: SumoCase, seeds: int, period_s: float, more: Sequence[Path] = ()) -> list[SimulatedCounts]:
    """The case once for each seed (1, 2, ...).

    Raises:
        BadInput: The case has no end.
        EngineFailed: SUMO stopped.
    """
    options = {name: value for name, value in case.options.items() if name not in ("net-file", "route-files")}
    return [
        simulated(
            case.net,
            case.routes,
            additional=(*case.additionals, *more),
            begin_s=case.begin_s,
            end_s=case.end_s or case.begin_s,
            period_s=period_s,
            seed=seed,
            options=options,
        )
        for seed in range(1, seeds + 1)
    ]


def mean_traffic(runs: Sequence[SimulatedCounts]) -> Traffic:
    """The mean of runs; speeds by way driven over time spent."""
    counts = runs[0].counts
    spent = np.mean([run.vehicle_s for run in runs], axis=0)
    driven = np.mean([np.nan_to_num(run.speed_mps) * run.vehicle_s for run in runs], axis=0)
    speed = np.where(spent > 0, driven / np.maximum(spent, 1e-9), np.nan)
    vehicles = np.mean([run.counts.vehicles for run in runs], axis=0)
    return Traffic(counts.edges, counts.begin_s, counts.period_s, vehicles, spent, speed)


def _lost_h(run: SimulatedCounts, roads: Roads, streets: set[str] | None = None) -> float:
    free = dict(zip(roads.edges, roads.free_s, strict=True))
    lost = 0.0
    for row, edge in enumerate(run.counts.edges):
        if edge in free and (streets is None or edge in streets):
            lost += float(np.maximum(0.0, run.vehicle_s[row] - run.counts.vehicles[row] * free[edge]).sum())
    return lost / 3600.0
