"""A rain field as a sum of scales, each of which lives as long as it does: the cascade of S-PROG and STEPS.

Source: Seed 2003 (doi:10.1175/1520-0450(2003)042<0381:ADASSA>2.0.CO;2); Bowler, Pierce & Seed 2006
(doi:10.1256/qj.04.100).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEVELS = 6


@dataclass(frozen=True)
class Scales:
    """Filters that part a field into levels, from coarse to fine, whose sum is the field again.

    Attributes:
        shape: Rows and columns of the field.
        filters: (levels, rows, cols / 2 + 1) weights of each wave number; they sum to 1.
    """

    shape: tuple[int, int]
    filters: np.ndarray

    @classmethod
    def of(cls, shape: tuple[int, int], levels: int = LEVELS) -> Scales:
        """Gaussians of equal width in the logarithm of the wave number, from the whole field to two pixels."""
        long = max(shape)
        waves = long * np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :])
        place = np.log(np.maximum(waves, 1.0)) / np.log(long / 2) * (levels - 1)
        weights = np.exp(-((place[None] - np.arange(levels)[:, None, None]) ** 2) / (2 * 0.5**2))
        return cls(shape, weights / weights.sum(axis=0))

    def parts(self, field: np.ndarray) -> np.ndarray:
        """(levels, rows, cols) what each level holds of a field."""
        return np.fft.irfft2(np.fft.rfft2(field)[None] * self.filters, s=self.shape)

    def noise(self, spectrum: np.ndarray, draws: np.random.Generator) -> np.ndarray:
        """(levels, rows, cols) random parts with the spatial likeness of `spectrum`, each of mean 0 and variance 1."""
        white = np.fft.rfft2(draws.standard_normal(self.shape))
        white[0, 0] = 0
        parts = np.fft.irfft2((white * spectrum)[None] * self.filters, s=self.shape)
        return np.asarray(parts / np.maximum(parts.std(axis=(1, 2), keepdims=True), 1e-12))


@dataclass(frozen=True)
class Memory:
    """How each level follows from its last two states: an autoregression of second order.

    Attributes:
        first, second: (levels,) weights of the last state and the one before.
        fresh: (levels,) weight of new noise, so that the variance stays 1.
        likeness: (levels,) correlation after one step.
        likeness_2: (levels,) after two.
    """

    first: np.ndarray
    second: np.ndarray
    fresh: np.ndarray
    likeness: np.ndarray
    likeness_2: np.ndarray

    @classmethod
    def of(cls, parts: np.ndarray) -> Memory:
        """From (times, levels, rows, cols) parts of frames carried to where the last one is; two or three times.

        NaN, where a part came from beyond the map, does not count.
        With two frames, or where two steps give no stationary process, of first order.
        """
        one = np.clip([_alike(parts[-2, k], parts[-1, k]) for k in range(parts.shape[1])], 0.01, 0.9995)
        two = one**2
        if len(parts) > 2:
            seen = np.array([_alike(parts[-3, k], parts[-1, k]) for k in range(parts.shape[1])])
            two = np.where((seen > 2 * one**2 - 1) & (seen < one), seen, two)
        first = one * (1 - two) / (1 - one**2)
        second = (two - one**2) / (1 - one**2)
        fresh = np.sqrt(np.maximum(1 - first * one - second * two, 0))
        return cls(first, second, fresh, one, two)

    def likeness_after(self, steps: int) -> np.ndarray:
        """(levels,) correlation with now after so many steps."""
        before, now = np.ones_like(self.likeness), self.likeness.copy()
        for _ in range(steps - 1):
            before, now = now, self.first * now + self.second * before
        return now if steps else before


def _alike(first: np.ndarray, second: np.ndarray) -> float:
    seen = np.isfinite(first) & np.isfinite(second)
    first, second = first[seen], second[seen]
    both = float(np.sqrt(np.sum(first**2) * np.sum(second**2)))
    return float(np.sum(first * second)) / both if both > 0 else 0.0
