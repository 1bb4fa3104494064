"""Towns whose drivers are hidden: what sensors on a fifth of the streets say, and what is true everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.towns import town
from calibration.counting import Counts
from calibration.flows import SimulatedCounts, find_paths, read_roads, simulated
from calibration.parameters import Journeys, Street, experiment_of, path_seconds, taken_out
from calibration.parameters.street import edge_facts
from models.streams import stream
from models.sumo import SumoCase

Floats = NDArray[np.float64]
SHARE, COUNT_NOISE, SPEED_NOISE, PERIOD_S, PATHS, SEED = 0.2, 0.05, 0.03, 300.0, 20, 987
FEWEST_EDGES = 5
COLOGNE = {"cars tau": 1.5, "cars minGap": 2.3, "cars sigma": 0.75, "cars speedFactor": 0.88, "cars speedDev": 0.15}
"""What the hidden drivers of cologne8 are like; its own have 1, 1.5, .5, 1 and .1."""
BOLOGNA = {"cars minGap": 1.45, "cars tau": 1.0, "cars sigma": 0.5, "cars accel": 2.65, "cars speedFactor": 1.0}
"""Bologna's own vehicle types, mean by their probabilities; the case that is given has SUMO's defaults instead."""
_PLAIN = (
    '<additional><vType id="private" vClass="passenger"/><vType id="ignoring" vClass="ignoring"/>'
    '<vType id="bus" vClass="bus" length="12" minGap="3" lcCooperative="0.0"/></additional>'
)


@dataclass(frozen=True)
class Hidden:
    """A town with hidden drivers.

    Attributes:
        case: As it is given to a fit.
        truth: What truly drove.
        street: Everything of it that is judged: every driven edge and 20 paths; where sensors stand, with their noise.
        held: Edges and paths without sensor.
        values: Of the hidden drivers.
    """

    case: SumoCase
    truth: SimulatedCounts
    street: Street
    held: tuple[str, ...]
    values: Mapping[str, float]


def hidden(name: str, folder: Path, minutes: float, draw: int) -> Hidden:
    """A town with hidden drivers, simulated; sensors are drawn on a fifth of its driven edges."""
    case = town(name, folder).case
    case = case.between(case.begin_s, case.begin_s + 60 * minutes)
    if name == "bologna":
        truth = _run(case, case.additionals)
        bare, _ = taken_out(case, folder / "plain")
        plain = folder / "plain.add.xml"
        plain.write_text(_PLAIN, encoding="utf-8")
        given, values = replace(bare, additionals=(plain, *bare.additionals)), BOLOGNA
    else:
        given, values = case, COLOGNE
        nothing = Street(Counts((), (), case.begin_s, PERIOD_S, np.zeros((0, 1))))
        kinds = tuple(one.split()[1] for one in values)
        other = experiment_of(case, nothing, folder / "hidden", kinds)
        truth = _run(other.case, other.written(values, folder / "hidden"))
    street, held = _seen(given, truth, draw)
    return Hidden(given, truth, street, held, values)


def _run(case: SumoCase, additional: tuple[Path, ...]) -> SimulatedCounts:
    assert case.end_s is not None
    return simulated(
        case.net, case.routes, additional=additional, begin_s=case.begin_s, end_s=case.end_s, period_s=PERIOD_S,
        seed=SEED, options={"step-length": f"{case.step_s:g}", **case.options},
    )  # fmt: skip


def _seen(case: SumoCase, truth: SimulatedCounts, draw: int) -> tuple[Street, tuple[str, ...]]:
    driven = np.flatnonzero(truth.counts.vehicles.sum(axis=1) > 0)
    edges = tuple(truth.counts.edges[at] for at in driven)
    draws = stream(draw, "parameters sensors")
    used = draws.random(len(edges)).argsort() < round(SHARE * len(edges))
    vehicles, speeds = truth.counts.vehicles[driven], truth.speed_mps[driven].copy()
    wrong = 1 + COUNT_NOISE * draws.standard_normal(len(edges)) * used
    vehicles = np.round(vehicles * wrong[:, None])
    speeds *= 1 + SPEED_NOISE * draws.standard_normal(speeds.shape) * used[:, None]
    journeys = _paths(case, truth, set(edges), draw)
    held = (*(edge for edge, is_used in zip(edges, used, strict=True) if not is_used), *journeys.names)
    counts = Counts(edges, edges, truth.counts.begin_s, PERIOD_S, vehicles)
    return Street(counts, speeds, journeys), held


def _paths(case: SumoCase, truth: SimulatedCounts, driven: set[str], draw: int) -> Journeys:
    paths = find_paths(read_roads(case.net), seed=draw)
    ways = [tuple(paths.path(at)) for at in range(len(paths))]
    long = [way for way in ways if len(way) >= FEWEST_EDGES and set(way) <= driven]
    chosen = stream(draw, "parameters paths").choice(len(long), min(PATHS, len(long)), replace=False)
    kept = tuple(long[at] for at in chosen)
    seconds = path_seconds(truth, kept, edge_facts(case.net))
    seconds[:, -1] = np.nan  # who sets out last is still on the way
    return Journeys(tuple(f"path {at}" for at in range(len(kept))), kept, seconds)
