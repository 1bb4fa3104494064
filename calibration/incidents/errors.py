"""How far sensors stray from what is expected on days without incidents: fitted on those days."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from calibration.incidents.expected import Expected, Floats, log_speeds

TAILS = (2.5, 3.0, 4.0, 6.0, 10.0, 30.0)
"""Degrees of freedom among which the likeliest is chosen."""
SIZES = tuple(0.4 * 1.1**step for step in range(20))
"""Scales, likewise: from .4 to 2.4 in steps of a tenth."""
LEAST = 0.02
"""Standard deviation of the whole town's level, at least: few days may be alike by chance."""
FEW = 30
"""Of so few periods nothing is fitted."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Errors of one period at one sensor, in the unit of what `Expected` says of its spread; Student's.

    Attributes:
        flow_size: Scale of roots of counts.
        flow_tails: Degrees of freedom.
        flow_kept: Correlation of the errors of two periods of a day at one sensor.
        speed_size: Scale of logarithms of mean speeds.
        speed_tails: Degrees of freedom.
        speed_kept: Correlation, as of flows.
        level_sd: Standard deviation of the logarithm of a day's traffic in the whole town.
    """

    flow_size: float = 1.0
    flow_tails: float = 4.0
    flow_kept: float = 0.1
    speed_size: float = 1.0
    speed_tails: float = 4.0
    speed_kept: float = 0.1
    level_sd: float = 0.1


@dataclass(frozen=True, slots=True)
class Away:
    """How far one day lies from the others (S, T), NaN gaps.

    Attributes:
        flow: Roots of counts, in standard deviations (Anscombe).
        speed: Logarithms of mean speeds, in standard deviations.
        level: Logarithm of the day's vehicles against the others'.
    """

    flow: Floats
    speed: Floats
    level: float


def away_of(expected: Expected, vehicles: Floats, speed_mps: Floats) -> Away:
    """One day against what the others let expect, both (S, T)."""
    there = ~np.isnan(vehicles) & ~np.isnan(expected.flow)
    level = np.log(max(1.0, vehicles[there].sum()) / max(1.0, expected.flow[there].sum()))
    flow = roots(vehicles, expected.flow * np.exp(level)) / flow_size(expected)
    speed = (log_speeds(vehicles, speed_mps) - expected.log_speed) / speed_size(expected, vehicles)
    return Away(flow, speed, float(level))


def fitted(days: list[Away]) -> Errors:
    """The likeliest sizes, tails and correlations of days that were each held against all others.

    Correlation is that of an error that stays all day, by day and sensor: see `weight_of` for what it is used for.
    """
    flows, speeds = np.array([day.flow for day in days]), np.array([day.speed for day in days])
    size, tails = _scale_and_tails(flows)
    speed_scale, speed_tails = _scale_and_tails(speeds)
    level_sd = float(np.sqrt(np.mean([day.level**2 for day in days])))
    return Errors(size, tails, _kept(flows), speed_scale, speed_tails, _kept(speeds), max(level_sd, LEAST))


def weight_of(kept: float, periods: int) -> float:
    """What one of so many periods is worth whose errors are correlated: 1 over Kish's design effect.

    Source: Pauli, Racugno & Ventura 2011, Bayesian composite marginal likelihoods, Statistica Sinica 21, 149-164 (a
    likelihood that takes correlated parts as independent is put right by a power); Kish 1965, Survey Sampling.
    """
    return 1.0 / (1.0 + (periods - 1) * max(0.0, kept))


def roots(vehicles: Floats, flow: Floats) -> Floats:
    """Twice the difference of roots: standard normal of Poisson counts (Anscombe 1948)."""
    return np.asarray(2.0 * (np.sqrt(vehicles + 0.375) - np.sqrt(flow + 0.375)))


def flow_size(expected: Expected) -> Floats:
    """Standard deviation of roots (S, T), that of Poisson counts at least."""
    return np.sqrt(np.maximum(expected.flow_sd**2 / np.maximum(expected.flow, 0.5), 1.0))


def speed_size(expected: Expected, vehicles: Floats) -> Floats:
    """Standard deviation of logarithms of mean speeds (S, T): of few vehicles they say less."""
    few = np.maximum(1.0, expected.flow / np.maximum(np.nan_to_num(vehicles), 1.0))
    return np.asarray(expected.log_speed_sd * np.sqrt(few))


def student(away: Floats, tails: float) -> Floats:
    """Logarithm of Student's density."""
    peak = math.lgamma((tails + 1.0) / 2.0) - math.lgamma(tails / 2.0) - 0.5 * math.log(tails * math.pi)
    return np.asarray(peak - (tails + 1.0) / 2.0 * np.log1p(away**2 / tails))


def _scale_and_tails(away: Floats) -> tuple[float, float]:
    """Likeliest scale and degrees of freedom; Errors' own where hardly anything was seen."""
    told = away[~np.isnan(away)]
    if len(told) < FEW:
        return Errors().flow_size, Errors().flow_tails
    pairs = [(size, tails) for tails in TAILS for size in SIZES]
    return max(pairs, key=lambda one: float(student(told / one[0], one[1]).sum()) - len(told) * math.log(one[0]))


def _kept(away: Floats) -> float:
    """Correlation between periods of one day and sensor (N, S, T), pooled over all pairs; 0 at least."""
    there = ~np.isnan(away)
    known, count = np.where(there, np.clip(away, -4.0, 4.0), 0.0), there.sum(axis=2)
    total, squares = known.sum(axis=2), (known**2).sum(axis=2)
    pairs = float((count * (count - 1)).sum())
    variance = float(squares.sum() / max(1, count.sum()))
    return max(0.0, float((total**2 - squares).sum()) / max(pairs * variance, 1e-9))
