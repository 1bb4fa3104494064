"""One scenario under several responses of its drivers: the surprise day, the informed one, the settled state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from networks.errors import BadScenario
from networks.sentence import Sentence, say
from scenarios.comparison import Comparison, Row, compare
from scenarios.ensembles.ensemble import Ensemble, Progress, run_ensembles
from scenarios.response.repeated_days import settled_before
from scenarios.response.response import Equilibrium, Response, in_short, repeated

if TYPE_CHECKING:
    from networks import City
    from scenarios.ensembles.executor import Executor
    from scenarios.results.store import Store
    from scenarios.schema import Scenario

BEFORE = "before"


@dataclass(frozen=True)
class Column:
    """One response.

    Attributes:
        label: The response in short, such as `informed(0.3)`.
        ensemble: Its members.
        against: Compared with the days before the interventions, seed by seed.
    """

    label: str
    ensemble: Ensemble
    against: Comparison

    def row(self, measure: str) -> Row | None:
        """The row of a measure, if both sides have it."""
        return next((row for row in self.against.rows if row.measure == measure), None)

    @property
    def gaps(self) -> tuple[float, ...]:
        """Relative gap that each member's repeated days ended with; empty where no days are repeated."""
        return tuple(one["gap"] for one in days_of(self.ensemble).values())

    @property
    def days(self) -> tuple[int, ...]:
        """Days that each member took."""
        return tuple(one["days"] for one in days_of(self.ensemble).values())


def days_of(ensemble: Ensemble) -> dict[int, dict[str, Any]]:
    """What the manifest says of repeated days (reached, days, gap, ...) by seed; members without them are left out."""
    told = {run.seed: run.manifest.get("response") for run in ensemble.runs}
    return {seed: one for seed, one in told.items() if one}


def days_in_words(ensemble: Ensemble) -> tuple[Sentence, ...]:
    """One sentence for each member that repeated days: whether it settled, and at which gap."""
    aims = isinstance(ensemble.scenario.response, Equilibrium)
    told = []
    for seed, one in days_of(ensemble).items():
        done = "after" if not aims else "settled after" if one["reached"] else "NOT settled after"
        outcome = "" if not aims else "稳定" if one["reached"] else "仍未稳定"
        told.append(
            say(
                f"seed {seed}: {done} {one['days']} days, relative gap {one['gap']:.2%}",
                f"种子{seed}：{one['days']}天后{outcome}，相对差距{one['gap']:.2%}",
            )
        )
    return tuple(told)


@dataclass(frozen=True)
class SideBySide:
    """The days before the interventions, and the interventions under each response.

    Attributes:
        before: Without the interventions.
        columns: One for each response.
        known: The members that settled the ways known from before; None where these are not settled.
    """

    before: Ensemble
    columns: tuple[Column, ...]
    known: Ensemble | None = None


def read_responses(text: str) -> tuple[Response, ...]:
    """`none,informed(0.3),equilibrium` as responses.

    Raises:
        BadScenario: A word is none of the responses, or a number in it cannot be.
    """
    adapter: TypeAdapter[Response] = TypeAdapter(Response)
    found: list[Response] = []
    for word in re.split(r",(?![^(]*\))", text):
        try:
            found.append(adapter.validate_python(word.strip()))
        except ValidationError as error:
            first = error.errors()[0]
            raise BadScenario(
                f"the response {word.strip()!r} cannot be: {first['msg'].removeprefix('Value error, ')}",
                place="--responses",
                expected="such as none,informed(0.3),day_to_day(10),equilibrium(0.01)",
            ) from error
    return tuple(found)


def scenarios_of(scenario: Scenario, responses: Sequence[Response]) -> list[Scenario]:
    """The scenario before its interventions, then under each response.

    Where a response repeats days, everybody's ways known from before are settled ones: otherwise the settled state
    would also mend what the guessed assignment got wrong, and that is no effect of the interventions.
    """
    known = {"known_ways": "settled"} if any(repeated(one) for one in responses) else {}
    before = scenario.replacing(name=f"{scenario.name}.{BEFORE}", interventions=[], response={"kind": "none", **known})
    named = []
    for one in responses:
        suffix = re.sub(r"[^a-z0-9.]+", "-", in_short(one).lower()).strip("-")
        text = {**one.model_dump(mode="json"), **known}
        named.append(scenario.replacing(name=f"{scenario.name}.{suffix}", response=text))
    return [before, *named]


def run_side_by_side(
    city: City,
    scenario: Scenario,
    responses: Sequence[Response],
    seeds: Sequence[int],
    store: Store,
    executor: Executor,
    progress: Progress | None = None,
) -> SideBySide:
    """Run a scenario under several responses, and without its interventions, all members in one queue.

    Where known ways are settled, the members that settle them are run first.

    Raises:
        BadScenario: The scenario does not fit the city.
    """
    asked = scenarios_of(scenario, responses)
    base = settled_before(asked[0])  # all members begin on its ways: made first, so that no two make them at once
    known = run_ensembles(city, [base], seeds, store, executor, progress)[0] if base else None
    before, *after = run_ensembles(city, asked, seeds, store, executor, progress)
    return SideBySide(
        before,
        tuple(Column(in_short(one), done, compare(before, done)) for one, done in zip(responses, after, strict=True)),
        known,
    )
