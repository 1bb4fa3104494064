"""What sensors would say on a usual day, with spread: from runs of the twin, or from earlier days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SENSOR_ERROR = 0.05
"""Relative error of a counter's count (its stated accuracy; guess where nobody stated one)."""
SPEED_ERROR = 0.08
"""Least standard deviation of a logarithm of a mean speed (guess)."""
SLOWEST_MPS = 0.3
"""Who is slower stands; how long, is another matter."""
ENOUGH = 5
"""Members from which on each period's mean stands for itself; of fewer, neighbours in time are heard too."""
CLIP = 4.0
"""A score beyond this counts as this: one period alone proves nothing."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A usual day at the sensors.

    Attributes:
        flow: Vehicles in each period (S, T).
        flow_sd: Their standard deviation, Poisson's, the counter's and the days' together (S, T).
        log_speed: Logarithm of the mean speed, m/s (S, T); NaN where hardly anybody drives.
        log_speed_sd: Its standard deviation (S, T).
    """

    flow: Floats
    flow_sd: Floats
    log_speed: Floats
    log_speed_sd: Floats


@dataclass(frozen=True, slots=True)
class Scores:
    """How far what was seen lies from what was expected, in standard deviations (S, T); NaN for gaps."""

    flow: Floats
    speed: Floats


def expected_of(flow: Floats, speed_mps: Floats) -> Expected:
    """A usual day out of several: runs of the twin that differ by seed and demand, or earlier days.

    Args:
        flow: Vehicles of each member at each sensor in each period (M, S, T); NaN gaps.
        speed_mps: Mean speeds, the same shape; NaN gaps.

    Raises:
        ValueError: Less than two members.
    """
    if len(flow) < 2:
        raise ValueError("a spread needs two days or runs at least")
    mean = _mean(flow) if len(flow) >= ENOUGH else smooth(_mean(flow))
    between = smooth(_mean((flow - mean) ** 2)) - mean
    day = np.maximum(0.0, _rows(between / np.maximum(mean, 1.0) ** 2))
    variance = np.maximum(mean, 0.5) + (SENSOR_ERROR**2 + day[:, None]) * mean**2
    logs = log_speeds(flow, speed_mps)
    usual = smooth(_mean(logs))  # speeds of few vehicles: neighbours in time lend their word
    own = _mean((logs - usual) ** 2) * len(flow) / (len(flow) - 1)
    both = (own + _rows(own)[:, None]) / 2
    spread = np.sqrt(np.maximum(both, SPEED_ERROR**2))
    return Expected(mean, np.sqrt(variance), usual, spread)


def scores_of(expected: Expected, vehicles: Floats, speed_mps: Floats) -> Scores:
    """Scores of what was seen (S, T), clipped to +-CLIP.

    Roots of counts are compared (Anscombe 1948), since small counts are skew. Mean speeds of few vehicles are worth
    less: their variance grows as 1/n.
    """
    root = 2.0 * (np.sqrt(vehicles + 0.375) - np.sqrt(expected.flow + 0.375))
    size = expected.flow_sd / np.sqrt(np.maximum(expected.flow, 0.5))
    few = np.sqrt(np.maximum(1.0, expected.flow / np.maximum(vehicles, 1.0)))
    speed = (log_speeds(vehicles, speed_mps) - expected.log_speed) / (expected.log_speed_sd * few)
    return Scores(np.clip(root / size, -CLIP, CLIP), np.clip(speed, -CLIP, CLIP))


def log_speeds(vehicles: Floats, speed_mps: Floats) -> Floats:
    """Logarithms of mean speeds, SLOWEST_MPS at least; NaN where nobody was counted or no speed is known."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(np.where(vehicles > 0, np.maximum(speed_mps, SLOWEST_MPS), np.nan)))


def smooth(values: Floats) -> Floats:
    """Mean of each period and its two neighbours (S, T), gaps left out."""
    padded = np.pad(values, ((0, 0), (1, 1)), constant_values=np.nan)
    near = np.stack([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]])
    return _mean(near)


def _mean(values: Floats) -> Floats:
    """Mean over the first axis, gaps left out; NaN where all are gaps."""
    there = ~np.isnan(values)
    counted = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    return np.where(counted > 0, total / np.maximum(counted, 1), np.nan)


def _rows(values: Floats) -> Floats:
    """Mean of each row, gaps left out; 0 of nothing."""
    return np.nan_to_num(_mean(values.T))
