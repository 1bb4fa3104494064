"""How far a simulation is from the street, in units of the noise of what was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FAR = 3.0
"""Residuals beyond so many units of noise count by their size, no longer by their square: some sensors lie."""
FARTHEST = 20.0


@dataclass(frozen=True, slots=True)
class Target:
    """Everything that was seen, as one vector.

    Attributes:
        seen: What the street said (N).
        noise: Its noise, in the same units (N).
        kinds: Sort of each: `flow`, `speed`, `travel_time` (N).
        places: Sensor or path of each (N).
        weights: Of each (N); each sort counts alike, and they sum to 1.
    """

    seen: Floats
    noise: Floats
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    weights: Floats

    def residuals(self, said: Floats) -> Floats:
        """Residuals (..., N) of what simulations said, in units of noise, cut at FARTHEST."""
        return np.clip((said - self.seen) / self.noise, -FARTHEST, FARTHEST)

    def misfit(self, said: Floats) -> float:
        """Mean squared residual, robust: 1 is what noise alone would give."""
        return float(self.weights @ robust(self.residuals(said)))

    def by_place(self, said: Floats) -> dict[str, float]:
        """The same by sensor or path: the parts of which `misfit` is the sum."""
        parts: dict[str, float] = {}
        for place, part in zip(self.places, self.weights * robust(self.residuals(said)), strict=True):
            parts[place] = parts.get(place, 0.0) + float(part)
        return parts

    def error(self, said: Floats, kind: str) -> float:
        """Mean absolute error of one sort in its own unit; NaN where none was seen."""
        of = np.array([one == kind for one in self.kinds], dtype=bool)
        return float(np.abs(said[of] - self.seen[of]).mean()) if of.any() else float("nan")

    def at(self, rows: NDArray[np.bool_]) -> Target:
        """Only some of it, weighed anew."""
        kinds = tuple(np.array(self.kinds)[rows].tolist())
        places = tuple(np.array(self.places)[rows].tolist())
        return Target(self.seen[rows], self.noise[rows], kinds, places, weights_of(kinds))

    def with_noise(self, runs: Floats) -> Target:
        """The same with what chance does between seeds (R, N) added: the street is one draw, the mean of R another."""
        if len(runs) < 2:
            return self
        chance = runs.var(axis=0, ddof=1)
        pooled = dict[tuple[str, str], list[float]]()
        for key, one in zip(zip(self.places, self.kinds, strict=True), chance, strict=True):
            pooled.setdefault(key, []).append(float(one))
        mean = np.array([np.mean(pooled[key]) for key in zip(self.places, self.kinds, strict=True)])
        return replace(self, noise=np.sqrt(self.noise**2 + mean * (1 + 1 / len(runs))))


def robust(residuals: Floats) -> Floats:
    """Squares near nought, twice FAR times the size far out (Charbonnier's pseudo-Huber loss)."""
    return np.asarray(2.0 * FAR**2 * (np.sqrt(1.0 + (residuals / FAR) ** 2) - 1.0))


def weights_of(kinds: tuple[str, ...]) -> Floats:
    """Each sort of observation counts alike, however many there are of it."""
    sorts = sorted(set(kinds))
    many = {sort: kinds.count(sort) for sort in sorts}
    return np.array([1.0 / (many[kind] * len(sorts)) for kind in kinds])
