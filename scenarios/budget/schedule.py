"""What is run next in a race within a budget: a function of what has been run, never of the clock.

First all candidates on the mesoscopic model with one seed, where whoever lies behind at a checkpoint is stopped; then
the best on further seeds; the best one in micro beside the state of things, then a few others, among which one is
chosen; then fresh seeds, without end. The clock only cuts the list off: what a longer budget adds comes after what a
shorter one ran.
Sources: asynchronous successive halving with stopping (Li et al. 2020, arXiv:1810.05934).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from scenarios.budget.trial import AS_IT_IS, Fidelity, Member, Trial

Propose = Callable[[int, Sequence[str]], list[str]]
"""The next candidates, at most so many, given the names of those screened so far, best first; none when it is out."""


@dataclass(frozen=True)
class Rules:
    """How a race is run.

    Attributes:
        candidates: How many are screened, the state of things not counted.
        batch: Runs of the screening that are made before the next are thought of.
        opening: The first runs end when the state of things has spent this share of its time.
        checkpoints: Shares of a first run at which it may be stopped.
        among: At each of them, who is not among so many best so far is stopped.
        again: Candidates that are screened on further seeds.
        seeds: Seeds of the screening; the first is everybody's.
        finalists: Candidates that are run in micro, beside the state of things.
        choosing: Seeds on which the finalists are compared.
        fresh: First of the seeds, numbered on, on which the chosen one is estimated again.
        pairs: Fresh seeds after which the other finalists run on them, too.
    """

    candidates: int = 200
    batch: int = 20
    opening: float = 0.4
    checkpoints: tuple[float, ...] = (1 / 2, 3 / 4)
    among: tuple[int, ...] = (32, 24)
    again: int = 8
    seeds: tuple[int, ...] = (1, 2, 3)
    finalists: int = 2
    choosing: tuple[int, ...] = (1001,)
    fresh: int = 2001
    pairs: int = 4


@dataclass(frozen=True)
class Batch:
    """Members that may run at the same time.

    Attributes:
        part: What they are for.
        opening: Whether they end with the opening, or at the horizon.
        members: In the order in which they count.
        limits: Time spent, s per vehicle, above which a run is stopped at each checkpoint.
        stop_above: The same at any time.
    """

    part: str
    members: tuple[Member, ...]
    opening: bool = False
    limits: tuple[float, ...] = ()
    stop_above: float = math.inf


@dataclass
class Schedule:
    """The order of a race.

    Attributes:
        rules: How it is run.
        propose: Where candidates come from.
        done: Every trial, in the order of the schedule.
        unscreened: Candidates that the clock left no time for.
    """

    rules: Rules
    propose: Propose
    done: list[Trial] = field(default_factory=list)
    names: list[str] = field(default_factory=lambda: [AS_IT_IS])
    screening: bool = True

    def batches(self) -> Iterator[Batch]:
        """The batches in their order; tell the trials of each before asking for the next.

        Once somebody is chosen, there is always another.
        """
        yield from self._screen()
        yield from self._screen_again()
        if not self.finalists:
            return
        best, others = self.finalists[:1], self.finalists[1:]
        yield Batch("confirming", tuple(self._micro((AS_IT_IS, *best), self.rules.choosing)))
        if others:
            yield Batch("choosing", tuple(self._micro(others, self.rules.choosing)))
        number = 0
        while True:
            names = (AS_IT_IS, self.chosen) if number < self.rules.pairs else (AS_IT_IS, *self.finalists)
            yield Batch("fresh seeds", tuple(self._micro(names, [self.rules.fresh + number])))
            number += 1

    def tell(self, trials: Sequence[Trial]) -> None:
        """Add trials, in the order of their batch's members; the clock may have cut the last ones off."""
        self.done.extend(trials)

    def end_screening(self) -> None:
        """Screen no more: what has been screened is compared."""
        self.screening = False

    def _screen(self) -> Iterator[Batch]:
        waiting = self._think(self.rules.batch - 1)
        yield Batch("screening", tuple(self._meso([AS_IT_IS, *waiting], self.rules.seeds[0])), opening=True)
        while self.screening and (waiting := self._think(self.rules.batch)):
            members = tuple(self._meso(waiting, self.rules.seeds[0]))
            yield Batch("screening", members, opening=True, limits=self._limits())

    def _think(self, most: int) -> list[str]:
        wanted = min(most, self.rules.candidates + 1 - len(self.names))
        new = self.propose(wanted, self.screened) if wanted > 0 else []
        self.names.extend(new)
        return new

    def _screen_again(self) -> Iterator[Batch]:
        best = self.screened[: self.rules.again]
        for seed in self.rules.seeds[1:]:
            if self.screening and len(best) > 1:
                yield Batch("screening again", tuple(self._meso(best, seed)))

    def _meso(self, names: Sequence[str], seed: int) -> list[Member]:
        return [Member(name, seed, "meso") for name in names]

    def _micro(self, names: Sequence[str], seeds: Sequence[int]) -> list[Member]:
        return [Member(name, seed, "micro") for seed in seeds for name in dict.fromkeys(names)]

    def _limits(self) -> tuple[float, ...]:
        """Where the worse ones are stopped: what the last of the best so far had cost at each checkpoint."""
        first = self._of("meso", self.rules.seeds[:1])
        limits = []
        for number, among in enumerate(self.rules.among):
            passed = sorted(trial.passed[number] for trial in first if len(trial.passed) > number)
            limits.append(passed[among - 1] if len(passed) >= among else math.inf)
        return tuple(limits)

    @property
    def screened(self) -> list[str]:
        """Candidates by what the mesoscopic model told, best first; the state of things among them where it lies.

        Those with more runs to the horizon come before those with fewer, then the lower mean; the others by how far
        they came in the opening and what they had cost by then.
        """
        first, again = self.rules.seeds[:1], self.rules.seeds[1:]
        found = []
        for number, name in enumerate(self.names):
            opening = [one for one in self._of("meso", first) if one.member.name == name]
            costs = self.costs(name, again, "meso").values()
            if costs:
                found.append((-len(costs), 0, float(np.mean(list(costs))), number, name))
            elif opening and not opening[0].invalid:
                far = (*opening[0].passed, opening[0].cost) if opening[0].complete else opening[0].passed
                found.append((0, -len(far), far[-1] if far else math.inf, number, name))
        return [entry[-1] for entry in sorted(found)]

    @property
    def finalists(self) -> tuple[str, ...]:
        """The best of the screening, without the state of things."""
        return tuple(name for name in self.screened if name != AS_IT_IS)[: self.rules.finalists]

    @property
    def chosen(self) -> str:
        """The finalist with the least cost in micro on the seeds of the choice, or in the screening before that."""
        costs = {name: self.costs(name, self.rules.choosing) for name in self.finalists}
        means = {name: float(np.mean(list(by.values()))) for name, by in costs.items() if by}
        return min(means or self.finalists, key=lambda name: means.get(name, math.inf), default=AS_IT_IS)

    def costs(self, name: str, seeds: Sequence[int] | None = None, fidelity: Fidelity = "micro") -> dict[int, float]:
        """Cost by seed of a candidate's complete runs, of these seeds or all of them."""
        return {
            one.member.seed: one.cost
            for one in self.done
            if one.member.fidelity == fidelity and one.member.name == name and one.complete
            if seeds is None or one.member.seed in seeds
        }

    @property
    def fresh_seeds(self) -> list[int]:
        """Seeds run in micro that had no part in the choice: while one candidate alone was run, all of them."""
        micro = [one.member for one in self.done if one.member.fidelity == "micro"]
        alone = len({member.name for member in micro} - {AS_IT_IS}) < 2
        return sorted({member.seed for member in micro if alone or member.seed >= self.rules.fresh})

    def _of(self, fidelity: Fidelity, seeds: Sequence[int]) -> list[Trial]:
        return [one for one in self.done if one.member.fidelity == fidelity and one.member.seed in seeds]
