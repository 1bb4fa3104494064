"""Searching measures for a visitor day: singles are raced, those that helped are bundled, and bundles are raced."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from models.crowd.city.controls import Controls
from scenarios.ensembles.executor import Executor
from scenarios.searches.candidate import Candidate
from scenarios.searches.race import Raced, race
from scenarios.visits.advising.case import Case
from scenarios.visits.advising.lived import Lived, live_one, live_with_model
from scenarios.visits.advising.proposals import AS_IT_IS, Measures, bundles, single_measures
from scenarios.visits.advising.trouble import Trouble, trouble_of

TRAINING_SEEDS = (70001, 70002, 70003)
"""Draws that the search learns on; advice is judged on others."""
VISITS_KEPT = 0.97
SHORT_WEIGHT = 10.0
"""Hours of trouble that an hour of visits below VISITS_KEPT counts as in the search; an assumption."""
KEPT = 5
"""Singles that are bundled."""

Tell = Callable[[str, int, int], None]


@dataclass
class Bench:
    """Where days are lived, each once.

    Attributes:
        case: The day.
        executor: Workers.
        compliance: Share of groups who follow advice.
        tell: Told (what, done, in all).
        found: Days by (candidate, seed, compliance).
    """

    case: Case
    executor: Executor
    compliance: float
    tell: Tell | None = None
    found: dict[tuple[str, int, float], Lived] = field(default_factory=dict)
    what: dict[str, Measures] = field(default_factory=dict)

    def live(
        self,
        what: str,
        candidates: Sequence[Candidate[Measures]],
        seeds: Sequence[int],
        compliance: float | None = None,
    ) -> None:
        """Live every candidate on every draw, where that was not done before."""
        share = self.compliance if compliance is None else compliance
        jobs = {(one.name, seed, share): one.what or () for one in candidates for seed in seeds}
        todo = [(key, measures) for key, measures in jobs.items() if key not in self.found]
        done = 0

        def count(_index: int, _lived: Lived) -> None:
            nonlocal done
            done += 1
            if self.tell:
                self.tell(what, done, len(todo))

        asked = [(self.case, key[1], Controls(measures, share)) for key, measures in todo]
        for (key, _), lived in zip(todo, self.executor.map(live_one, asked, count), strict=True):
            self.found[key] = lived

    def of(self, name: str, seed: int, compliance: float | None = None) -> Lived:
        """A day that was lived."""
        return self.found[name, seed, self.compliance if compliance is None else compliance]

    def cost(self, name: str, seed: int) -> float:
        """What the search lowers (person-hours): trouble, and visits lost beyond what may be lost."""
        one, base = self.of(name, seed).outcome, self.of(AS_IT_IS.name, seed).outcome
        return one.trouble_h + SHORT_WEIGHT * max(0.0, VISITS_KEPT * base.visit_h - one.visit_h)


@dataclass(frozen=True)
class Searched:
    """What a search found on its own draws.

    Attributes:
        trouble: What is wrong; None: nothing.
        ranked: Candidates that do better than things as they are, the best first.
        tried: Every candidate that was lived, with its cost by seed.
        left_out: Candidates for which there was no time.
    """

    trouble: Trouble | None
    ranked: tuple[Candidate[Measures], ...]
    tried: tuple[tuple[Candidate[Measures], Raced], ...]
    left_out: int


def search(bench: Bench, *, budget_s: float | None = None, seeds: Sequence[int] = TRAINING_SEEDS) -> Searched:
    """Race measures for a day by successive halving on paired draws.

    Args:
        bench: Where.
        budget_s: Time; what it has no room for is left out, the last first. None: all is tried.
        seeds: Draws to learn on, two at least.
    """
    if budget_s is not None:
        bench.case.day(seeds[0], Controls()).live(600.0)  # compiles: that is not what a day takes
    began = time.monotonic()
    found = None
    for seed in seeds:
        lived, model = live_with_model(bench.case, seed, Controls((), bench.compliance))
        bench.found[AS_IT_IS.name, seed, bench.compliance] = lived
        found = trouble_of(lived, model)
        if found is not None:
            break
    each_s = (time.monotonic() - began) / len(bench.found) / getattr(bench.executor, "workers", 1)
    if found is None:
        return Searched(None, (), (), 0)
    trouble = found
    every = single_measures(trouble, model)
    room = len(every) if budget_s is None else max(4, int(0.5 * budget_s / each_s / 1.8))
    singles, left_out = every[:room], max(0, len(every) - room)
    raced = _race(bench, "single measures", [AS_IT_IS, *singles], seeds[:2])
    better = _better(singles, raced)
    several = bundles(better[:KEPT])
    if budget_s is not None:
        room = max(0, int((budget_s - (time.monotonic() - began)) / each_s / 2.2))
        several, left_out = several[:room], left_out + max(0, len(several) - room)
    second = _race(bench, "bundles", [AS_IT_IS, *better[:2], *several], seeds) if several else []
    everybody = [AS_IT_IS, *singles, *several]
    rows = {one.name: one for one in (*raced, *second)}
    ranked = _better(everybody[1:], second or raced)
    return Searched(trouble, tuple(ranked), tuple((one, rows[one.name]) for one in everybody), left_out)


def _race(bench: Bench, what: str, candidates: Sequence[Candidate[Measures]], seeds: Sequence[int]) -> list[Raced]:
    by_name = {one.name: one for one in candidates}

    def score(pairs: Sequence[tuple[str, int]]) -> list[float]:
        bench.live(what, [by_name[name] for name, _ in pairs], sorted({seed for _, seed in pairs}))
        return [bench.cost(name, seed) for name, seed in pairs]

    return race(list(by_name), seeds, score)


def _better(
    candidates: Sequence[Candidate[Measures]], raced: Sequence[Raced]
) -> list[Candidate[Measures]]:  # fmt: skip
    """Those of a race that cost less than things as they are over the draws that they were lived on, best first."""
    by_name = {one.name: one for one in candidates}
    base = next(one for one in raced if one.name == AS_IT_IS.name)
    return [
        by_name[one.name]
        for one in raced
        if one.name in by_name and one.mean < sum(base.scores[: len(one.scores)]) / len(one.scores)
    ]
