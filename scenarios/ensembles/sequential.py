"""Seeds are added until an interval is narrow enough, or there are too many: sequential stopping."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from networks.errors import BadInput
from networks.sentence import Sentence, say
from scenarios.comparison import CONFIDENCE

if TYPE_CHECKING:
    from networks import City
    from scenarios.ensembles.ensemble import Ensemble, Progress
    from scenarios.ensembles.executor import Executor
    from scenarios.results.run import Run
    from scenarios.results.store import Store
    from scenarios.schema import Scenario

LEAST = 10
"""Members before the first look: with fewer, a spread that happens to look small stops too early (Law 2015, 9.4.1)."""


@dataclass(frozen=True)
class Goal:
    """How well a mean is to be known.

    Attributes:
        measure: Its name.
        half_width: Of the 90 % interval: in the measure's unit, or as a share of the mean.
        relative: Whether it is a share.
    """

    measure: str
    half_width: float
    relative: bool

    def __str__(self) -> str:
        return f"{self.half_width:.4g}" if not self.relative else f"{self.half_width * 100:.4g} %"


@dataclass(frozen=True)
class Standing:
    """How well it is known now: mean and half-width of its 90 % interval over `n` valid members."""

    goal: Goal
    n: int
    mean: float
    half_width: float

    @property
    def allowed(self) -> float:
        """The half-width that may be left: for a share g, g / (1 + g) of the mean as it is seen (Law 2015, 9.4.1)."""
        if not self.goal.relative:
            return self.goal.half_width
        return self.goal.half_width / (1 + self.goal.half_width) * abs(self.mean)

    @property
    def met(self) -> bool:
        """Whether it is narrow enough."""
        return self.n >= 2 and self.half_width <= self.allowed

    @property
    def words(self) -> Sentence:
        """What was reached, in words."""
        name, told = self.goal.measure, f"{self.mean:.4g} ± {self.half_width:.2g}"
        reached = "reached" if self.met else "NOT reached"
        return say(
            f"{name}: {told} (90 % interval, {self.n} members): the half-width asked for, {self.goal}, is {reached}",
            f"{name}：{told}（90%区间，{self.n}个成员）：要求的半宽{self.goal}{'已达到' if self.met else '未达到'}",
        )


def parse_goal(text: str) -> Goal:
    """A goal from `mean_delay_s=5%` or `mean_delay_s=2.5`.

    Raises:
        BadInput: It is neither, the half-width is not positive, or no measure has that name.
    """
    from scenarios.measures import MEASURES

    match = re.fullmatch(r"\s*(\w+)\s*=\s*([0-9.eE+-]+)\s*(%?)\s*", text)
    expected = "MEASURE=5% or MEASURE=2.5"
    if match is None:
        raise BadInput(f"{text!r} is no half-width", place="--half-width", expected=expected)
    if match[1] not in MEASURES:
        raise BadInput(f"no measure is called {match[1]!r}", place="--half-width", expected=", ".join(MEASURES))
    try:
        value = float(match[2])
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise BadInput(f"a half-width of {match[2]}", place="--half-width", expected=f"{expected}, above 0")
    return Goal(match[1], value / 100 if match[3] else value, bool(match[3]))


def standing(goal: Goal, values: Sequence[float]) -> Standing:
    """What values say of a goal: the t interval of their mean (Student 1908, doi:10.2307/2331554)."""
    n = len(values)
    mean = math.fsum(values) / n if n else math.nan
    if n < 2:
        return Standing(goal, n, mean, math.inf)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    return Standing(goal, n, mean, _quantile(n - 1) * spread / math.sqrt(n))


def until(
    goals: Sequence[Goal],
    extend: Callable[[int], Mapping[str, Sequence[float]]],
    *,
    least: int = LEAST,
    most: int,
) -> tuple[Standing, ...]:
    """Add members until every goal is met or there are `most`; says how it stands then.

    The rule of Chow and Robbins 1965 (doi:10.1214/aoms/1177700156) with the relative form of Law 2015 (Simulation
    Modeling and Analysis, 5th ed., 9.4.1). Members come in rounds: as many as the spread so far asks for, at most
    doubling them; fewer looks leave fewer chances to stop on a spread that happens to look small. In draws of
    known mean (normal and lognormal, spread 10 to 80 % of it; tests/scenarios/test_sequential.py) the interval at the
    stop covered the truth in 88 to 90 % of cases, and the mean was within the share asked for in 91 to 94 %.

    Args:
        goals: Each is held on its own at 90 %.
        extend: Given a number of members, runs what is missing of them; returns valid values by measure.
        least: Members before the first look.
        most: Members at the end at the latest.
    """
    count = min(least, most)
    while True:
        values = extend(count)
        told = tuple(standing(goal, values.get(goal.measure, ())) for goal in goals)
        if all(one.met for one in told) or count >= most:
            return told
        count = min(most, count + max(_missing(one, count) for one in told if not one.met))


def run_until(
    city: City,
    scenario: Scenario,
    goals: Sequence[Goal],
    store: Store,
    executor: Executor,
    *,
    most: int,
    least: int = LEAST,
    progress: Progress | None = None,
) -> tuple[Ensemble, tuple[Standing, ...]]:
    """Run a scenario with its seeds, from the first on, until every goal is met; invalid members do not count.

    Raises:
        BadScenario: It does not fit the city.
        BadInput: No member has one of the measures.
    """
    from scenarios.ensembles.ensemble import Ensemble, run_ensemble

    runs: list[Run] = []

    def extend(count: int) -> dict[str, list[float]]:
        first = scenario.seeds.first
        seeds = range(first + len(runs), first + count)
        runs.extend(run_ensemble(city, scenario, seeds, store, executor, progress).runs)
        valid = [run.measures for run in runs if run.valid]
        found = {goal.measure: [of[goal.measure] for of in valid if goal.measure in of] for goal in goals}
        lacking = [name for name, values in found.items() if not values]
        if lacking and valid:
            raise BadInput(f"this scenario has no {lacking[0]}", place="--half-width", expected=", ".join(valid[0]))
        return found

    told = until(goals, extend, least=least, most=most)
    return Ensemble(scenario, tuple(runs)), told


def _missing(one: Standing, count: int) -> int:
    """Members that the spread so far asks for, from 1 to as many as there are."""
    if not math.isfinite(one.half_width) or one.allowed <= 0:
        return count
    return max(1, min(count, math.ceil(one.n * (one.half_width / one.allowed) ** 2) - one.n))


def _quantile(freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.5 + CONFIDENCE / 2, freedom))
