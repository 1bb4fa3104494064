"""Driver, signal and capacity parameters of a case from what its streets say, judged before they are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.parameters.catalogue import USUAL, kinds_of
from calibration.parameters.experiment import Experiment, space_of
from calibration.parameters.informing import TRADES, Knowledge
from calibration.parameters.judging import Judgement, judged
from calibration.parameters.searching import (
    SEARCHES,
    Diary,
    chosen_point,
    draw_seeds,
    known_at,
    left_informed,
    spsa_search,
    surrogate_search,
)
from calibration.parameters.signal_plans import read_plans
from calibration.parameters.space import Parameter
from calibration.parameters.street import Street, edge_facts
from calibration.parameters.vehicle_types import taken_out
from models.sumo import SumoCase
from networks.errors import BadInput
from scenarios import Executor, SerialExecutor

Floats = NDArray[np.float64]
Tell = Callable[[str], None]
NINETY = 1.645
FEWEST_SIMULATIONS = 15
CANDIDATES = 3
"""Best points that a search is given simulations to choose among."""


@dataclass(frozen=True, slots=True)
class Found:
    """One parameter.

    Attributes:
        parameter: It, with its bounds and value before.
        value: Found; the value before where the data do not inform it.
        low, high: 90 % interval within its bounds.
        informed: Whether the data narrow it.
        trades: Others that it trades against: only together are they known better.
    """

    parameter: Parameter
    value: float
    low: float
    high: float
    informed: bool
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FittedParameters:
    """What was found.

    Attributes:
        found: All parameters.
        judgement: Before and after on fresh seeds; says whether what was found is kept.
        experiment: The case, which can be simulated with any parameters.
        point: Of what is kept: of what was found, or of the values before.
        misfits: Of every simulation of the search, at used sensors, in order (M).
        search: Which.
    """

    found: tuple[Found, ...]
    judgement: Judgement
    experiment: Experiment
    point: Floats
    misfits: Floats
    search: str

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write the additional files of what is kept, the case's own last; SUMO takes them with `experiment.case`."""
        return self.experiment.written(self.experiment.space.values(self.point), folder)


def fit_parameters(
    case: SumoCase,
    street: Street,
    held: Sequence[str],
    folder: Path,
    *,
    fit: tuple[str, ...] = USUAL,
    search: str = "surrogate",
    simulations: int = 120,
    fresh: int = 4,
    seed: int = 0,
    ahead_s: float = 0.0,
    car_following: str = "",
    executor: Executor | None = None,
    tell: Tell = lambda _: None,
) -> FittedParameters:
    """Search the parameters with which a case agrees best with its street.

    Args:
        case: With its demand, vehicle types and signal plans.
        street: What was seen.
        held: Sensors and paths that only judge.
        folder: For copies of files of the case without vehicle types; they have to stay as long as the answer is used.
        fit: Names of kinds of parameters (KINDS).
        search: Of SEARCHES.
        simulations: That the search may make, those that measure chance included; judging comes on top.
        fresh: Seeds that judge.
        seed: Of all draws.
        ahead_s: Time simulated before the first count; rounded up to whole periods.
        car_following: SUMO's model for all cars and trucks instead of each type's own, judged beside their own.
        executor: Where simulations run; here, one after another, by default.
        tell: Called with what has been done.

    Raises:
        BadInput: A name is unknown, too few simulations are asked for, or nothing is left to fit by.
        EngineFailed: SUMO stopped.
    """
    if search not in SEARCHES or simulations < FEWEST_SIMULATIONS:
        raise BadInput(f"{simulations} simulations by {search!r}", place="--simulations",
                       expected=f"{FEWEST_SIMULATIONS} at least, by {' or '.join(SEARCHES)}")  # fmt: skip
    experiment = experiment_of(case, street, folder, fit, ahead_s, car_following)
    every = street.target
    aside = np.isin(np.array(every.places), list(held))
    if aside.all() or not aside.size:
        raise BadInput("nothing was seen that a fit may use", expected="counts at sensors that are not held out")
    at = executor or SerialExecutor()
    diary = Diary(lambda items: [one[~aside] for one in at.map(experiment, items)], every.at(~aside))
    start, chance = experiment.space.start, max(3, simulations // 15)
    first = at.map(experiment, [(tuple(start.tolist()), one) for one in draw_seeds(seed, "chance", chance)])
    every = every.with_noise(np.array(first))
    diary.target = every.at(~aside)
    diary.points += [start] * chance
    diary.said += [one[~aside] for one in first]
    tell(f"misfit of the values before: {diary.target.misfit(np.mean(diary.said, axis=0)):.2f} (1 is noise alone)")
    look = surrogate_search if search == "surrogate" else spsa_search
    choices = max(1, simulations // 20)
    points = look(diary, start, simulations - chance - CANDIDATES * choices, seed)
    known, free = left_informed(diary.emulator(points[-1]), diary.target, start)
    points = [np.where(free, one, start) for one in points[-CANDIDATES:]]
    best = chosen_point(diary, points, draw_seeds(seed, "choice", choices)) if len(points) > 1 else points[0]
    tell(f"searched with {len(diary.points)} simulations")
    seeds = draw_seeds(seed, "fresh", fresh)
    own = replace(experiment, types=replace(experiment.types, car_following=""))
    before, after = (
        np.array(at.map(one, [(tuple(point.tolist()), number) for number in seeds]))
        for one, point in ((own, start), (experiment, best))
    )
    verdict = judged(every, aside, before, after)
    every_free = known_at(diary.emulator(points[-1]), diary.target, start, np.ones(len(start), dtype=bool))
    found = _found(experiment, best, known, every_free, free)
    kept, point = (experiment, best) if verdict.kept else (own, start)
    return FittedParameters(found, verdict, kept, point, diary.misfits, search)


def experiment_of(
    case: SumoCase, street: Street, folder: Path, fit: tuple[str, ...] = USUAL, ahead_s: float = 0.0,
    car_following: str = "",
) -> Experiment:  # fmt: skip
    """A case made ready to be simulated with any parameters."""
    kinds = kinds_of(fit)
    bare, types = taken_out(case, folder)
    if car_following:
        types = replace(types, car_following=car_following)
    plans = read_plans(case.net, case.additionals) if "cycle" in fit else None
    counts = street.counts
    begin_s = counts.begin_s - float(np.ceil(ahead_s / counts.period_s)) * counts.period_s
    space = space_of(types, kinds, case.step_s)
    if not len(space):
        raise BadInput("no cars or trucks set out, whose parameters could be fitted", file=case.file)
    return Experiment(bare, types, plans, space, street, begin_s, edge_facts(case.net))


def _found(
    experiment: Experiment, best: Floats, known: Knowledge, every_free: Knowledge, free: NDArray[np.bool_]
) -> tuple[Found, ...]:
    """Values and intervals; what is not informed stands where it stood, anywhere within its bounds.

    An interval holds what is known while others stand, and what is known while all may move: whichever reaches further.
    """
    space = experiment.space
    deviation = np.full(len(space), np.inf)
    deviation[free] = known.deviation
    apart = np.where(free, every_free.point - best, 0.0)
    low, high = (
        space.values(best + way * np.maximum(NINETY * deviation, NINETY * every_free.deviation + way * apart))
        for way in (-1, 1)
    )
    values = space.values(best)
    names = [one.name for one, is_free in zip(space.parameters, free, strict=True) if is_free]
    trades = {
        name: tuple(
            other for other, value in zip(names, row, strict=True) if other != name and abs(value) > TRADES
        )
        for name, row in zip(names, known.correlation, strict=True)
    }  # fmt: skip
    return tuple(
        Found(one, values[one.name], low[one.name], high[one.name], bool(known_here), trades.get(one.name, ()))
        for one, known_here in zip(space.parameters, free, strict=True)
    )
