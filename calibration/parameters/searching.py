"""Two searches for the parameters with the least misfit, at the same number of simulations: SPSA and a surrogate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from calibration.parameters.emulator import Emulator, emulated
from calibration.parameters.informing import Knowledge, best_point, knowledge
from calibration.parameters.misfit import Target
from calibration.parameters.spsa import spsa
from models.streams import stream

Floats = NDArray[np.float64]
Simulate = Callable[[Sequence[tuple[tuple[float, ...], int]]], Sequence[Floats]]
"""What simulations at (point, seed) say (each N)."""
SHARES = (0.55, 0.25, 0.2)
"""Of the simulations: over all bounds, then around the best point, then closer."""
NEAR = 0.3
"""Distance in each coordinate at which a simulation counts e^-1/2 for what is learned about the best point."""
SEARCHES = ("surrogate", "spsa")


@dataclass(slots=True)
class Diary:
    """Every simulation of a search, in order.

    Attributes:
        simulate: Makes them.
        target: What they are held against.
        points, said: Where they were made and what they said.
    """

    simulate: Simulate
    target: Target
    points: list[Floats] = field(default_factory=list)
    said: list[Floats] = field(default_factory=list)

    def ask(self, points: Sequence[Floats], seeds: Sequence[int]) -> list[Floats]:
        """Simulate all and keep them."""
        found = list(self.simulate([(tuple(one.tolist()), seed) for one, seed in zip(points, seeds, strict=True)]))
        self.points += list(points)
        self.said += found
        return found

    @property
    def misfits(self) -> Floats:
        """Of each simulation (M)."""
        return np.array([self.target.misfit(one) for one in self.said])

    def emulator(self, around: Floats | None = None) -> Emulator:
        """What they teach; nearer ones count more around a point."""
        points = np.array(self.points)
        closeness = None
        if around is not None:
            away = ((points - around) ** 2).mean(axis=1)
            closeness = np.exp(-away / (2 * NEAR**2)) + 1e-3
        return emulated(points, self.target.residuals(np.array(self.said)), closeness)


def surrogate_search(diary: Diary, start: Floats, simulations: int, seed: int) -> list[Floats]:
    """Simulate a Latin hypercube, learn all outputs from it, look closer around the best point, and again.

    Gives the best points, the last one last.
    """
    point, half = np.full(len(start), 0.5), np.full(len(start), 0.5)
    best, every = list[Floats](), np.ones(len(start), dtype=bool)
    for number, share in enumerate(_parts(SHARES, simulations)):
        draws = qmc.LatinHypercube(len(start), rng=stream(seed, f"hypercube {number}"))
        low, high = np.clip(point - half, 0, 1), np.clip(point + half, 0, 1)
        points = low + (high - low) * draws.random(share)
        diary.ask(list(points), draw_seeds(seed, f"surrogate {number}", share))
        known = known_at(diary.emulator(point if number else None), diary.target, start, every)
        point, half = known.point, np.clip(2.5 * known.deviation, 0.08 + 0.12 / (1 + number), 0.5)
        best.append(point)
    return [*best, left_informed(diary.emulator(point), diary.target, start)[0].point]


def spsa_search(diary: Diary, start: Floats, simulations: int, seed: int) -> list[Floats]:
    """Walk by simultaneous perturbation, both points of a step under the same seed; gives the mean of its end."""

    def measure(points: Sequence[Floats], number: int) -> list[float]:
        seeds = draw_seeds(seed, f"spsa {number}", 1) * len(points)
        return [diary.target.misfit(one) for one in diary.ask(points, seeds)]

    return [spsa(measure, start, max(1, simulations // 2), seed=seed).point]


def chosen_point(diary: Diary, points: Sequence[Floats], seeds: Sequence[int]) -> Floats:
    """The point with the least misfit of the mean over some seeds."""
    said = diary.ask([one for one in points for _ in seeds], list(seeds) * len(points))
    means = np.array(said).reshape(len(points), len(seeds), -1).mean(axis=1)
    return points[int(np.argmin([diary.target.misfit(one) for one in means]))]


def known_at(emulator: Emulator, target: Target, start: Floats, free: NDArray[np.bool_]) -> Knowledge:
    """The best point of an emulator with what is known there; the belief is weighed by the evidence found."""
    first = best_point(emulator, target, start, free)
    worth = knowledge(emulator, target, first, free).pieces
    return knowledge(emulator, target, best_point(emulator, target, start, free, worth), free)


def left_informed(emulator: Emulator, target: Target, start: Floats) -> tuple[Knowledge, NDArray[np.bool_]]:
    """The best point once every parameter that the data do not inform stands where it stood, and which are free.

    One after another is left, the least known first: of two that trade against each other one may stay.
    """
    free = np.ones(len(start), dtype=bool)
    while True:
        known = known_at(emulator, target, start, free)
        if known.informed.all():
            return known, free
        places = np.flatnonzero(free)
        free[places[int(np.argmax(known.deviation))]] = False
        if not free.any():
            return Knowledge(start, np.zeros(0), np.zeros((0, 0)), known.pieces), free


def _parts(shares: Sequence[float], simulations: int) -> list[int]:
    """Whole numbers by shares, three at least."""
    return [max(3, round(share * simulations)) for share in shares]


def draw_seeds(seed: int, purpose: str, many: int) -> list[int]:
    """Seeds for SUMO, drawn for a purpose."""
    return [int(one) for one in stream(seed, f"parameters {purpose}").integers(1, 2**31 - 1, many)]
