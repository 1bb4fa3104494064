"""Seven ways in which a sensor lies, injected into counts that are true."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Lie = Callable[[Floats, np.random.Generator, float], Floats]


def stuck(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """From some time in the working day on it repeats what it said last, for six hours."""
    begin = _some_time(own, rng)
    out = own.copy()
    out[begin : begin + len(own) // 4] = own[begin]
    return out


def silent(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """From some time in the working day on it says 0, for six hours."""
    begin = _some_time(own, rng)
    out = own.copy()
    out[begin : begin + len(own) // 4] = 0.0
    return out


def drifting(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """Its share falls from 1 to a half over the day."""
    return np.floor(own * np.linspace(1.0, 0.5, len(own)) + 0.5)


def impossible(own: Floats, rng: np.random.Generator, most: float) -> Floats:
    """One period in twenty says twice what the lanes can carry."""
    return np.where(rng.random(len(own)) < 0.05, np.round(2.0 * most), own)


def half(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """It sees every other vehicle."""
    return rng.binomial(own.astype(int), 0.5).astype(float)


def jumping(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """Each count is multiplied by a lognormal factor of .6."""
    return np.floor(own * np.exp(rng.normal(0.0, 0.6, len(own))) + 0.5)


def two_hours_late(own: Floats, rng: np.random.Generator, most: float) -> Floats:  # noqa: ARG001
    """Its day lies two hours late."""
    return np.roll(own, len(own) // 12)


LIES: dict[str, tuple[Lie, str]] = {
    "stuck": (stuck, "stuck"),
    "silent": (silent, "silent"),
    "drifting": (drifting, "drifting"),
    "impossible": (impossible, "impossible"),
    "half": (half, "level"),
    "jumping": (jumping, "noise"),
    "two hours late": (two_hours_late, "clock"),
}
"""Lie -> (how, what a review should call it)."""


def _some_time(own: Floats, rng: np.random.Generator) -> int:
    """A period between 6:00 and 16:00 in which something was counted."""
    day = np.arange(len(own) // 4, len(own) * 2 // 3)
    busy = day[own[day] > 0]
    return int(rng.choice(busy if len(busy) else day))
