"""Candidates for signal plans: other cycles, splits and offsets of the plans that a case has, never an unsafe one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from models.streams import stream
from networks import SignalPlan
from networks.signals.plans.stretching import joined_phases, stretches, with_shares
from scenarios.budget.trial import AS_IT_IS

Plans = dict[str, SignalPlan]
Lengths = tuple[float, ...]
Faults = Callable[[SignalPlan], list[str]]
"""What a changed plan does wrong that today's plan of the signal does not."""

CYCLES = (1.0, 0.9, 1.1, 0.8, 1.2)
PULLS = (0.5, 1.0)
"""How far splits are pulled from today's to those in proportion to the flows."""
DRAWN = 0.25
"""Share of the candidates that is drawn at random before the best so far are varied."""
PARENTS = 8
AGAIN = 20


@dataclass
class SearchedPlans:
    """Candidates made from a case's plans: a grid, random draws, then variations of the best so far.

    Attributes:
        today: The case's plans by signal; those not run at fixed times stay as they are.
        faults: The check that every plan must pass.
        flows: Critical flow ratio by stretch of each signal, where flows are known.
        total: How many candidates are wanted.
        seed: Of the streams.
        over: Whether the time to think of more is over.
    """

    today: Mapping[str, SignalPlan]
    faults: Faults
    flows: Mapping[str, np.ndarray] = field(default_factory=dict)
    total: int = 200
    seed: int = 1
    over: Callable[[], bool] = lambda: False
    plans: dict[str, Plans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._own = {tls: joined_phases(plan) for tls, plan in sorted(self.today.items()) if stretches(plan)}
        self._known: dict[str, tuple[list[Lengths], list[Lengths]]] = {}
        self.plans[AS_IT_IS] = {}
        self._grid = [(cycle, pull) for pull in (0.0, *PULLS) for cycle in CYCLES if (cycle, pull) != (1.0, 0.0)]
        if not self.flows:
            self._grid = [(cycle, pull) for cycle, pull in self._grid if not pull]
        self.drawn: list[str] = []

    @property
    def able(self) -> bool:
        """Whether any signal's plan can be changed."""
        return bool(self._own)

    def __call__(self, most: int, ranked: Sequence[str]) -> list[str]:
        """See `schedule.Propose`."""
        if not self._own:
            return []
        names: list[str] = []
        while len(names) < most and len(self.plans) <= self.total and not self.over():
            name, plans = self._next(ranked)
            self.plans[name] = plans
            names.append(name)
        return names

    def at_random(self, count: int) -> list[str]:
        """So many candidates drawn at random: those of the race first, then others from the same kind of draws."""
        for number in range(len(self.drawn), count):
            name = f"r{number + 1}: drawn"
            draw = stream(self.seed, f"budget-random-{number + 1}")
            self.plans[name] = self._new(partial(self._drawn, draw))
            self.drawn.append(name)
        return self.drawn[:count]

    def _next(self, ranked: Sequence[str]) -> tuple[str, Plans]:
        number = len(self.plans)
        if number <= len(self._grid):
            cycle, pull = self._grid[number - 1]
            shares = f", splits {pull:.0%} to the flows" if pull else ""
            return f"{number}: cycles x {cycle:g}{shares}", self._gridded(cycle, pull)
        draw = stream(self.seed, f"budget-candidate-{number}")
        if number <= max(len(self._grid) + 1, DRAWN * self.total) or not ranked:
            name = f"{number}: drawn"
            self.drawn.append(name)
            return name, self._new(partial(self._drawn, draw))
        first, second = (ranked[_low(draw, min(PARENTS, len(ranked)))] for _ in range(2))
        return f"{number}: varied from {first.split(':')[0]}", self._new(partial(self._varied, first, second, draw))

    def _new(self, make: Callable[[], Plans]) -> Plans:
        """Plans that nobody has yet, if a few draws find any."""
        made = make()
        for _ in range(AGAIN):
            if made not in self.plans.values():
                break
            made = make()
        return made

    def _gridded(self, cycle: float, pull: float) -> Plans:
        made = {}
        for tls, plan in self._own.items():
            now = np.array([one.now_s for one in stretches(plan)])
            flows = np.maximum(self.flows.get(tls, now), 1e-3)
            weights = now ** (1 - pull) * (flows / flows.sum() * now.sum()) ** pull
            made[tls] = self._legal(plan, weights, plan.cycle_s * cycle, plan.offset_s * cycle)
        return made

    def _drawn(self, draw: np.random.Generator) -> Plans:
        factor = float(draw.choice(CYCLES))
        return {tls: self._shaken(plan, draw, factor, 0.2, 0.1) for tls, plan in self._own.items()}

    def _varied(self, first: str, second: str, draw: np.random.Generator) -> Plans:
        """Each signal from one of two parents; some of them changed a little, or all cycles together."""
        made = {}
        factor = float(draw.choice((0.95, 1.05))) if draw.random() < 0.2 else 1.0
        share = draw.choice((0.1, 0.3))
        for tls, own in self._own.items():
            parent = first if draw.random() < 0.7 else second
            plan = self.plans[parent].get(tls, own)
            if draw.random() < share:
                plan = self._shaken(plan, draw, factor, 0.15, 0.06)
            elif factor != 1.0:
                plan = self._shaken(plan, draw, factor, 0.0, 0.0)
            made[tls] = plan
        return made

    def _shaken(
        self, plan: SignalPlan, draw: np.random.Generator, factor: float, splits: float, offset: float
    ) -> SignalPlan:
        now = np.array([one.now_s for one in stretches(plan)])
        weights = now * draw.lognormal(0.0, splits, len(now)) if splits else now
        shift = draw.normal(0.0, offset) * plan.cycle_s if offset else 0.0
        return self._legal(plan, weights, plan.cycle_s * factor, plan.offset_s * factor + shift)

    def _legal(self, plan: SignalPlan, weights: np.ndarray, cycle_s: float, offset_s: float) -> SignalPlan:
        """The changed plan, or the one that it was made from where the change is not safe."""
        changed = with_shares(plan, weights.tolist(), cycle_s)
        changed = replace(changed, offset_s=float(round(offset_s % changed.cycle_s)))
        return changed if self._is_safe(changed) else plan

    def _is_safe(self, plan: SignalPlan) -> bool:
        """Whether a plan has no fault; one whose phases are all as long as in a safe one is not checked again.

        With the same phases in the same order, longer ones never make a green, a yellow, an intergreen or the time to
        walk shorter.
        """
        lengths = tuple(phase.duration_s for phase in plan.phases)
        own = tuple(phase.duration_s for phase in self._own[plan.tls_id].phases)
        safe, unsafe = self._known.setdefault(plan.tls_id, ([own], []))
        if any(_as_long(lengths, known) for known in safe):
            return True
        if any(_as_long(known, lengths) for known in unsafe):
            return False
        found = bool(self.faults(plan))
        (unsafe if found else safe).append(lengths)
        return not found


def _as_long(one: Lengths, other: Lengths) -> bool:
    return all(mine >= yours for mine, yours in zip(one, other, strict=True))


def _low(draw: np.random.Generator, count: int) -> int:
    """A rank below `count`, the better ones more often."""
    return min(int(draw.integers(count)), int(draw.integers(count)))


@dataclass
class GivenPlans:
    """Candidates that somebody brought.

    Attributes:
        plans: Plans by signal, by name.
    """

    plans: dict[str, Plans]

    def __post_init__(self) -> None:
        self._waiting = list(self.plans)
        self._drawn = list(self.plans)
        self.plans = {AS_IT_IS: {}, **self.plans}

    def __call__(self, most: int, ranked: Sequence[str]) -> list[str]:  # noqa: ARG002
        """See `schedule.Propose`."""
        names, self._waiting = self._waiting[:most], self._waiting[most:]
        return names

    def at_random(self, count: int) -> list[str]:
        """The first of those that were brought."""
        return self._drawn[:count]
