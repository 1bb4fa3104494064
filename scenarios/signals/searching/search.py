"""The search: many signals change in one run, each is judged by what is lost on its own approaches.

A grid of designs for all signals alike comes first, and the best of it signal by signal. Then, round by round, signals
change (those that lose most, most often) in a few variants; what gained before its own signals is put together, and the
whole is kept only where all vehicles gain, over every seed of the training; movements above their limits count as
losses. At the end the last few that were kept run on seeds of their own, and the best there is the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from models.streams import stream
from networks import SignalPlan
from networks.sentence import Sentence
from scenarios.signals.coordinating.green_waves import GreenWaves
from scenarios.signals.coordinating.starts import further_starts
from scenarios.signals.designing.design import Design, plan_of
from scenarios.signals.designing.seeding import start_grid
from scenarios.signals.searching.variation import Variation
from scenarios.signals.trying.trials import Outcome, Trials
from scenarios.signals.trying.worth import Worth, limited

Designs = Mapping[str, Design]
TRAINING, VALIDATION = 70001, 71001
"""First seeds of both; nobody else uses them."""
PATIENCE = 1.3
"""A run is ended when its vehicles have spent so many times what those of the best so far spend."""
_FIRST_PATIENCE = 2.0
_AT_ONCE = 4
_MOST_WORSE = 1.15
_LAST = (1, 2, 4)
"""Which of those kept are validated, counted from the last: the last two may differ by little."""


@dataclass(frozen=True)
class Rules:
    """How a search is run.

    Attributes:
        simulations: Most of them.
        seeds: Of the training.
        checks: Seeds of the validation.
        variants: Runs of a round on its first seed.
        over: Whether the time is over.
        limit: The 95th percentile of the delay at a movement may be so many times today's; infinite: any.
    """

    simulations: int = 500
    seeds: int = 4
    checks: int = 5
    variants: int = 2
    over: Callable[[], bool] = lambda: False
    limit: float = math.inf


@dataclass(frozen=True)
class Kept:
    """Designs that were the best so far.

    Attributes:
        designs: By signal.
        outcomes: On every seed of the training.
        value: Cost: mean and worst, weighed.
        found_at: Simulations until then.
    """

    designs: Designs
    outcomes: tuple[Outcome, ...]
    value: float
    found_at: int


@dataclass
class Search:
    """A search on one case.

    Attributes:
        trials: Makes the runs.
        variations: By signal: what may change.
        rules: How.
        seed: Of the stream `signal-designs`.
        fewest: Whether stages that are served elsewhere too may be left out.
        waves: Brings fixed times into step, so that the best of them are tried in step as well; None: nobody does.
        tell: Hears of what is kept: simulations so far, the cost.
        worth: How runs are weighed.
        kept: Every best so far.
        grid: (name, cost) of the designs for all signals alike, on the first seed.
        looks: (name, lost at each signal) of the same.
    """

    trials: Trials
    variations: Mapping[str, Variation]
    rules: Rules = field(default_factory=Rules)
    seed: int = 1
    fewest: bool = True
    waves: GreenWaves | None = None
    tell: Callable[[int, float], None] = lambda *_: None
    worth: Worth = field(default_factory=Worth)
    kept: list[Kept] = field(default_factory=list)
    grid: list[tuple[Sentence, float]] = field(default_factory=list)
    looks: list[tuple[Sentence, Mapping[str, float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._draw = stream(self.seed, "signal-designs")
        self._seeds = tuple(TRAINING + number for number in range(self.rules.seeds))

    def run(self) -> Kept:
        """Search until the simulations or the time are used up; gives the answer with its validation's outcomes."""
        self._start()
        reserve = self.rules.checks * len(_LAST)
        while self.trials.count + reserve < self.rules.simulations and not self.rules.over():
            self._round()
        return self._validated()

    @property
    def seeds(self) -> tuple[int, ...]:
        """Those of the training."""
        return self._seeds

    @property
    def best(self) -> Kept:
        """The best so far, by the training."""
        return self.kept[-1]

    def plans(self, designs: Designs) -> dict[str, SignalPlan]:
        """The plans of designs, by signal."""
        return {tls: plan_of(design, self.variations[tls].stages) for tls, design in sorted(designs.items())}

    def _run(self, wanted: Sequence[tuple[Designs, int]]) -> list[Outcome]:
        most = (
            PATIENCE * max((one.vehicle_s for one in self.best.outcomes), default=math.inf) if self.kept else math.inf
        )
        return self.trials.run([(self.plans(designs), seed) for designs, seed in wanted], stop_above=most)

    def _on_all(self, designs: Designs) -> tuple[Outcome, ...]:
        return tuple(self._run([(designs, seed) for seed in self._seeds]))

    def _start(self) -> None:
        if math.isfinite(self.rules.limit):
            self.worth = limited(self.trials.run([({}, seed) for seed in self._seeds]), self.rules.limit)
        controls = tuple(dict.fromkeys(kind for one in self.variations.values() for kind in one.controls))
        stage_sets = {tls: one.stages for tls, one in self.variations.items()}
        ratios = {tls: one.ratios for tls, one in self.variations.items()}
        named = self._allowed(start_grid(stage_sets, ratios, controls, fewest=self.fewest))
        first = self._first_look([designs for _, designs in named])
        costs = [self.worth.of([one]) for one in first]
        further = self._allowed(further_starts(named, costs, self.waves, stage_sets, ratios, controls))
        first += self._first_look([designs for _, designs in further])
        named += further
        ranked = sorted(range(len(named)), key=lambda n: self.worth.of(first[n : n + 1]))
        self.grid = [(named[n][0], first[n].cost) for n in ranked]
        self.looks = [(named[n][0], first[n].lost_s) for n in ranked]
        lost = {n: self._lost(first[n : n + 1]) for n in ranked[:6]}
        mixed = {tls: named[min(lost, key=lambda n: lost[n][tls])][1][tls] for tls in self.variations}
        for designs in (named[ranked[0]][1], named[ranked[min(1, len(ranked) - 1)]][1], mixed):
            self._keep_if_better(designs, self._on_all(designs))

    def _allowed(self, named: Sequence[tuple[Sentence, dict[str, Design]]]) -> list[tuple[Sentence, dict[str, Design]]]:
        """The same with fixed times at signals that allow nothing else."""
        return [
            (name, {tls: self.variations[tls].allowed(one) for tls, one in designs.items()}) for name, designs in named
        ]

    def _first_look(self, designs: Sequence[Designs]) -> list[Outcome]:
        """Each on the first seed; a few at a time, so that the gridlocked ones, which are slow, are ended early."""
        found: list[Outcome] = []
        for begin in range(0, len(designs), _AT_ONCE):
            least = min((one.vehicle_s for one in found if not one.ended_early), default=math.inf)
            wanted = [(self.plans(one), self._seeds[0]) for one in designs[begin : begin + _AT_ONCE]]
            found += self.trials.run(wanted, stop_above=_FIRST_PATIENCE * least)
        return found

    def _keep_if_better(self, designs: Designs, outcomes: Sequence[Outcome]) -> bool:
        value = self.worth.of(outcomes)
        if self.kept and value >= self.best.value:
            return False
        self.kept.append(Kept(dict(designs), tuple(outcomes), value, self.trials.count))
        self.tell(self.trials.count, value)
        return True

    def _round(self) -> None:
        """Variants on the first seed; those that do not lose much on all; then the best of each signal together."""
        base, alone = self.best, len(self.variations) == 1
        tried = [self._variant(base) for _ in range(self.rules.variants)]
        first = self._run([(designs, self._seeds[0]) for _, designs in tried])
        limit = self.worth.of(base.outcomes[:1]) * (1.01 if alone else _MOST_WORSE)
        able = [
            n for n, one in enumerate(first) if self.worth.of([one]) < limit and self._gains(tried[n][0], one, base)
        ]
        rest = self._run([(tried[n][1], seed) for n in able for seed in self._seeds[1:]])
        more = len(self._seeds) - 1
        full = {n: (first[n], *rest[at * more : (at + 1) * more]) for at, n in enumerate(able)}
        options = [(self.worth.of(outcomes), n) for n, outcomes in full.items()]
        together = dict(base.designs) | self._best_of_each(tried, full, base)
        if not alone and together != base.designs:
            self._keep_if_better(together, self._on_all(together))
        if options:
            _, n = min(options)
            self._keep_if_better(tried[n][1], full[n])

    def _variant(self, base: Kept) -> tuple[tuple[str, ...], Designs]:
        """Some signals changed; those that lose most, most often."""
        lost = self._lost(base.outcomes)
        most = max(max(lost.values()), 1.0)
        odds = {tls: 0.15 + 0.5 * value / most for tls, value in lost.items()}
        chosen = [tls for tls in odds if len(odds) == 1 or self._draw.random() < odds[tls]]
        chosen = chosen or [max(lost, key=lambda tls: lost[tls])]
        changed = {tls: self.variations[tls].of(base.designs[tls], self._draw) for tls in chosen}
        return tuple(chosen), {**base.designs, **changed}

    def _gains(self, changed: Sequence[str], outcome: Outcome, base: Kept) -> bool:
        now, before = self._lost([outcome]), self._lost(base.outcomes[:1])
        return any(now[tls] < before[tls] for tls in changed)

    def _lost(self, outcomes: Sequence[Outcome]) -> dict[str, float]:
        return self.worth.by_signal(outcomes, self.trials.approaches, self.variations)

    def _best_of_each(
        self,
        tried: Sequence[tuple[tuple[str, ...], Designs]],
        full: Mapping[int, Sequence[Outcome]],
        base: Kept,
    ) -> dict[str, Design]:
        gains: dict[str, tuple[float, Design]] = {}
        before = self._lost(base.outcomes)
        for n, outcomes in full.items():
            now = self._lost(outcomes)
            for tls in tried[n][0]:
                gain = now[tls] - before[tls]
                if gain < min(0.0, gains[tls][0] if tls in gains else 0.0):
                    gains[tls] = (gain, tried[n][1][tls])
        return {tls: design for tls, (_, design) in gains.items()}

    def _validated(self) -> Kept:
        """The last few that were kept, on seeds that kept none of them."""
        last = [self.kept[-n] for n in reversed(_LAST) if n <= len(self.kept)]
        seeds = [VALIDATION + number for number in range(self.rules.checks)]
        outcomes = self._run([(one.designs, seed) for one in last for seed in seeds])
        judged = [outcomes[at * len(seeds) : (at + 1) * len(seeds)] for at in range(len(last))]
        best = min(range(len(last)), key=lambda n: (self.worth.of((*judged[n], *last[n].outcomes)), -n))
        return Kept(last[best].designs, tuple(judged[best]), self.worth.of(judged[best]), last[best].found_at)
