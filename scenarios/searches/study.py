"""A study: the state of things, what the searches propose, and how each proposal does on seeds they never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from networks import City
from scenarios.comparison import Comparison, compare
from scenarios.ensembles.ensemble import Ensemble, Progress, run_ensembles
from scenarios.ensembles.executor import Executor
from scenarios.results.store import Store
from scenarios.schema import Scenario
from scenarios.searches.bench import Bench
from scenarios.searches.proposal import SEARCHES, Proposal
from scenarios.searches.recommendation import Recommendation, recommend

VALID = timedelta(hours=24)


@dataclass(frozen=True)
class Judged:
    """A proposal on fresh seeds.

    Attributes:
        proposal: What was proposed.
        ensemble: Its members.
        comparison: Against the state of things.
        recommendation: What operators are shown; None when the search found nothing better than the state of things.
    """

    proposal: Proposal
    ensemble: Ensemble
    comparison: Comparison
    recommendation: Recommendation | None


@dataclass(frozen=True)
class Study:
    """Everything that a study found.

    Attributes:
        base: The state of things.
        judged: Each proposal, judged.
    """

    base: Ensemble
    judged: tuple[Judged, ...]

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """What goes to the operators."""
        return tuple(one.recommendation for one in self.judged if one.recommendation)


def search(bench: Bench) -> list[Proposal]:
    """Every search's proposal, where a search has something to say about the scenario."""
    proposals = [one(bench) for one in SEARCHES]
    return [proposal for proposal in proposals if proposal]


def judge(
    city: City,
    scenario: Scenario,
    proposals: Sequence[Proposal],
    seeds: Sequence[int],
    store: Store,
    executor: Executor,
    *,
    created: datetime,
    progress: Progress | None = None,
    valid: timedelta = VALID,
) -> Study:
    """Run the state of things and every proposal on `seeds`, all in one queue, and compare them pair by pair.

    Args:
        city: Where.
        scenario: The state of things.
        proposals: From `search`.
        seeds: Fresh seeds.
        store: Where runs land.
        executor: Workers.
        created: When the recommendations are made (with a UTC offset).
        progress: Told how far it is.
        valid: How long operators may approve them.
    """
    scenarios = [scenario, *(proposal.scenario for proposal in proposals)]
    base, *ensembles = run_ensembles(city, scenarios, seeds, store, executor, progress)
    judged = []
    for proposal, ensemble in zip(proposals, ensembles, strict=True):
        asked = tuple(dict.fromkeys((*scenario.measures, proposal.goal))) if scenario.measures else ()
        comparison = compare(base, ensemble, measures=asked)
        advice = (
            _recommendation(city, proposal, base, ensemble, comparison, created, valid) if proposal.action else None
        )
        judged.append(Judged(proposal, ensemble, comparison, advice))
    return Study(base, tuple(judged))


def _recommendation(
    city: City,
    proposal: Proposal,
    base: Ensemble,
    ensemble: Ensemble,
    comparison: Comparison,
    created: datetime,
    valid: timedelta,
) -> Recommendation | None:
    if not any(row.measure == proposal.goal for row in comparison.rows):
        return None
    return recommend(
        proposal.kind,
        title=proposal.title,
        action=proposal.action,
        comparison=comparison,
        goal=proposal.goal,
        evidence=[run.run_id for one in (base, ensemble) for run in one.runs],
        created=created,
        valid_until=created + valid,
        alternatives=proposal.tried,
        rests_on=[*proposal.rests_on, *city.guesses],
        risks=proposal.risks,
    )
