"""Racing candidates over seeds: many start, the worse are dropped early; fresh seeds judge the winner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Score = Callable[[Sequence[tuple[str, int]]], list[float]]
"""Scores (lower is better, NaN for an invalid run) of (candidate, seed) pairs, in their order."""


@dataclass(frozen=True)
class Raced:
    """How one candidate did.

    Attributes:
        name: The candidate.
        scores: Score by raced seed.
    """

    name: str
    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean score; infinite when any run was invalid, so that such a candidate cannot win."""
        return float("inf") if any(np.isnan(self.scores)) else float(np.mean(self.scores))


def race(names: Sequence[str], seeds: Sequence[int], score: Score, *, keep: float = 0.4) -> list[Raced]:
    """Successive halving (Jamieson & Talwalkar 2016): a share `keep` of the candidates goes on to each further seed.

    The first of `names` is the state of things; it runs on every seed, so that the winner can be compared with it.

    Returns:
        Every candidate, best first: more seeds before fewer, then the lower mean.
    """
    scores: dict[str, list[float]] = {name: [] for name in names}
    alive = list(names)
    for number, seed in enumerate(seeds):
        for name, value in zip(alive, score([(name, seed) for name in alive]), strict=True):
            scores[name].append(value)
        if number + 1 < len(seeds):
            ranked = sorted(alive, key=lambda name: (Raced(name, tuple(scores[name])).mean, names.index(name)))
            going_on = ranked[: max(2, round(keep * len(ranked)))]
            alive = [name for name in names if name in going_on or name == names[0]]
    raced = [Raced(name, tuple(scores[name])) for name in names]
    return sorted(raced, key=lambda one: (-len(one.scores), one.mean, names.index(one.name)))
