"""Demand and drivers both hidden: each estimated in turn from the same sensors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calibration.parameters.hidden import Hidden
from calibration.counting import Counts
from calibration.flows import calibrate_demand
from calibration.parameters import FittedParameters, fit_parameters
from models.sumo import SumoCase
from scenarios import Executor

TYPE = "pkw"
"""Type of all vehicles of cologne8."""


def alternated(
    where: Hidden, folder: Path, simulations: int, seed: int, executor: Executor, fit: tuple[str, ...], turns: int = 2
) -> None:
    """Print how far speeds and travel times are off after each step: demand, drivers, demand, drivers."""
    sensors = _sensors(where)
    types = folder / "start.add.xml"
    types.write_text(
        f'<additional><vType id="{TYPE}" vClass="passenger" length="4.3" minGap="1.5" speedDev="0.1"/></additional>',
        encoding="utf-8",
    )
    rounds = tuple[Path, ...]()
    for turn in range(1, turns + 1):
        additional = rounds or (types,)
        demand = calibrate_demand(
            where.case.net, sensors, additional=additional, rounds=4, micro_rounds=2, seed=seed, vehicle_type=TYPE
        )
        route = demand.write(folder / f"demand-{turn}.rou.xml", vehicle_type=TYPE)
        case: SumoCase = replace(where.case, routes=(route,), additionals=additional)
        found = fit_parameters(
            case, where.street, where.held, folder / f"bare-{turn}", fit=fit, simulations=simulations, seed=seed + turn,
            executor=executor,
        )  # fmt: skip
        _told(turn, len(demand.leaving), where, found)
        rounds = found.write(folder / f"drivers-{turn}")


def _told(turn: int, vehicles: int, where: Hidden, found: FittedParameters) -> None:
    verdict = found.judgement
    assert verdict.held_before is not None and verdict.held_after is not None
    for step, side in (("demand", verdict.held_before), ("drivers", verdict.held_after)):
        told = ", ".join(f"{kind} {value:.2f}" for kind, value in side.errors.items())
        print(f"turn {turn}, after {step} ({vehicles} vehicles): held-out errors {told}; misfit {side.misfit:.2f}")
    values = {one.parameter.name: one for one in found.found}
    for name, one in values.items():
        truth = where.values.get(name, one.parameter.start)
        print(f"  {name}: {one.value:.2f}, truth {truth:.2f}{'' if one.informed else ', not informed'}")
    print(f"  kept: {verdict.kept}", flush=True)


def _sensors(where: Hidden) -> Counts:
    counts = where.street.counts
    used = np.array([edge not in set(where.held) for edge in counts.edges])
    names = tuple(np.array(counts.edges)[used].tolist())
    return Counts(names, names, counts.begin_s, counts.period_s, counts.vehicles[used])
