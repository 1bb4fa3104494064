"""The demand of the last half hour and of the next one, corrected by what was counted.

With usual flows q, parts z of `belief`, and B which says how many of the vehicles that set out on a path in a period
pass a sensor in a period (at the travel times that were last simulated), counts are y = B (q exp(F z)) plus noise.
The mode is found by Gauss-Newton in the space of the counts (few) instead of the parts (many), with counts that
lie far from all others losing their say (Huber); draws from the posterior at the mode by Matheron's rule.
Sources: Rasmussen & Williams 2006, 2.2; Huber 1964, doi:10.1214/aoms/1177703732; Wilson et
al. 2021, Pathwise conditioning of Gaussian processes, JMLR 22 (known from citations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from calibration.live.belief import Groups
from calibration.live.usual import Floats
from models import stream

ENOUGH = 20
"""Counts from which it is learned how much wider than Poisson they scatter (platoons)."""
CHI2 = 0.455
"""Median of the square of a standard normal draw."""
FAR = 3.0
"""Standard deviations beyond which a count loses its say: the further, the more. Nearer ones keep all of it: platoons
make counts lie far above their mean more often than below, and whoever doubts these believes in too little demand."""
ROUNDS = 5
FURTHEST = 3.0
"""No flow is believed to be more than exp(3), twenty times, above its usual one, or as far below."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Flows of a window of periods.

    Attributes:
        begin_s: Begin of the window.
        period_s: Length of a period.
        usual: Usual flows (P, T).
        flows: Corrected flows, the posterior's mode (P, T).
        draws: Flows of each member, drawn from the posterior (M, P, T).
        expected: What the corrected flows should make each sensor count in each counted period (S, C).
        doubted: Share of its say that each count kept (S, C); NaN at gaps.
    """

    begin_s: float
    period_s: float
    usual: Floats
    flows: Floats
    draws: Floats
    expected: Floats
    doubted: Floats

    def factor(self, begin_s: float, end_s: float) -> tuple[float, float, float]:
        """All vehicles that set out in a time as a multiple of the usual: lowest member, mode, highest member."""
        span = slice(round((begin_s - self.begin_s) / self.period_s), round((end_s - self.begin_s) / self.period_s))
        usual = max(float(self.usual[:, span].sum()), 1e-9)
        members = self.draws[:, :, span].sum(axis=(1, 2)) / usual
        return float(members.min()), float(self.flows[:, span].sum()) / usual, float(members.max())


def correct(
    usual: Floats, groups: Groups, passed: csr_matrix, counted: Floats, *, noise: float = 0.08,
    begin_s: float, period_s: float, level: Floats | None = None, members: int = 8, seed: int = 0,
) -> Correction:  # fmt: skip
    """Correct usual flows by counts.

    Args:
        usual: Usual flows of a window, past and future (P, T).
        groups: How they may stray.
        passed: Vehicles of path and period of departure that pass sensor and counted period: (S * C, P * D), D the
            periods of the window up to now.
        counted: Counts (S, C); NaN gaps.
        noise: Standard deviation of a count beside Poisson's, as a share of what is expected: a share of what was
            counted would let high counts say less than low ones.
        begin_s: Begin of the window.
        period_s: Length of a period.
        level: What each sensor counts on a usual day as a multiple of what the usual flows say (S, C).
        members: Draws.
        seed: Of the draws.
    """
    periods, paths = usual.shape[1], len(usual)
    past = passed.shape[1] // paths
    there = np.flatnonzero(np.isfinite(counted).ravel())
    y = counted.ravel()[there]
    at = passed[there]
    if level is not None:
        at = csr_matrix(at.multiply(level.ravel()[there][:, None]))
    covariance = groups.covariance(period_s * np.arange(periods, dtype=np.float64))
    parts = np.zeros((groups.of.shape[1], periods))
    say = np.ones(len(y))
    fitted = _Fitted(usual[:, :past], groups, at, covariance, past)
    for _ in range(ROUNDS if len(y) else 0):
        seen, slope = fitted.around(parts)
        off = y - seen + np.einsum("ngt,gt->n", slope, parts[:, :past])
        gain, solved = fitted.gain(slope, _variance(seen, noise) / say)
        parts = np.einsum("ngt,n->gt", gain, cho_solve(solved, off))
        seen, _ = fitted.around(parts)
        off = (y - seen) ** 2 / _variance(seen, noise)
        wide = max(1.0, float(np.median(off)) / CHI2) if len(y) >= ENOUGH else 1.0
        say = np.minimum(FAR**2 * wide / np.maximum(off, 1e-9), 1.0) / wide
    flows = usual * _times(groups, parts)
    draws = _flows_of(flows, groups, _strayed(fitted, parts, say, noise, members, seed), members)
    expected = np.full(counted.size, np.nan)
    kept = np.full(counted.size, np.nan)
    everywhere = passed @ flows[:, :past].ravel()
    expected[:] = everywhere * (level.ravel() if level is not None else 1.0)
    kept[there] = say / max(say.max(initial=0.0), 1e-9)
    return Correction(
        begin_s, period_s, usual, flows, draws, expected.reshape(counted.shape), kept.reshape(counted.shape)
    )


def _times(groups: Groups, parts: Floats) -> Floats:
    return np.exp(np.clip(groups.of @ parts, -FURTHEST, FURTHEST))


def _variance(expected: Floats, noise: float) -> Floats:
    """Of counts, whole vehicles and their platoons."""
    return np.asarray(np.maximum(expected, 1.0) + (noise * expected) ** 2)


class _Fitted:
    """Counts as a function of the parts, and its slope."""

    def __init__(self, usual: Floats, groups: Groups, at: csr_matrix, covariance: Floats, past: int) -> None:
        self.usual, self.groups, self.at, self.covariance, self.past = usual, groups, at, covariance, past

    def around(self, parts: Floats) -> tuple[Floats, Floats]:
        """Counts expected of parts (N), and their slope by each part and period of the past (N, G, D)."""
        flows = self.usual * _times(self.groups, parts[:, : self.past])
        seen = np.asarray(self.at @ flows.ravel())
        weighed = self.at.multiply(flows.ravel()[None, :]).tocsr()
        slope = np.empty((len(seen), self.groups.of.shape[1], self.past))
        for period in range(self.past):
            columns = np.arange(len(self.usual)) * self.past + period
            slope[:, :, period] = (weighed[:, columns] @ self.groups.of).toarray()
        return seen, slope

    def gain(self, slope: Floats, noise: Floats) -> tuple[Floats, tuple[Floats, bool]]:
        """Covariance of the counts with each part at every period (N, G, T), and of the counts themselves, factored."""
        gain = np.einsum("ngd,gdt->ngt", slope, self.covariance[:, : self.past], optimize=True)
        own = np.einsum("ngd,mgd->nm", gain[:, :, : self.past], slope, optimize=True)
        return gain, cho_factor(own + np.diag(noise), lower=True)


def _strayed(fitted: _Fitted, parts: Floats, say: Floats, noise: float, members: int, seed: int) -> list[Floats]:
    """How far the parts lie from the mode (G, T) in as many draws from the posterior as there are pairs of members."""
    rng = stream(seed, "live demand")
    factor = np.linalg.cholesky(fitted.covariance + 1e-9 * np.eye(parts.shape[1]))
    if len(say):
        seen, slope = fitted.around(parts)
        variance = _variance(seen, noise) / say
        gain, solved = fitted.gain(slope, variance)
    found: list[Floats] = []
    for _ in range((members + 1) // 2):
        one = np.einsum("gts,gs->gt", factor, rng.standard_normal(parts.shape))
        if len(say):
            told = np.einsum("ngt,gt->n", slope, one[:, : fitted.past])
            told = told + np.sqrt(variance) * rng.standard_normal(len(say))
            one = one - np.einsum("ngt,n->gt", gain, cho_solve(solved, told))
        found.append(one)
    return found


def _flows_of(mode: Floats, groups: Groups, strayed: Sequence[Floats], members: int) -> Floats:
    """Flows of members (M, P, T): two for each draw, opposite each other, whose mean is the mode's flow."""
    flows = []
    for one in strayed:
        log = np.clip(groups.of @ one, -FURTHEST, FURTHEST)
        flows += [mode * np.exp(log) / np.cosh(log), mode * np.exp(-log) / np.cosh(log)]
    return np.array(flows[:members])
