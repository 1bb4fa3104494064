"""A vector of parameters as a point of the unit cube: bounded, and each by the measure that suits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.parameters.catalogue import Kind

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that is fitted.

    Attributes:
        kind: What it is.
        group: Whose: `cars`, `trucks`, or `signals`.
        start: Value before; within the bounds.
        low, high: Bounds: those of its kind, or wider where the case's own value lies beyond.
    """

    kind: Kind
    group: str
    start: float
    low: float
    high: float

    @property
    def name(self) -> str:
        """Whose and what."""
        return f"{self.group} {self.kind.name}"


@dataclass(frozen=True, slots=True)
class Space:
    """The parameters (d) that are searched."""

    parameters: tuple[Parameter, ...]

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def start(self) -> Floats:
        """Where all stand before (d)."""
        return self.point({one.name: one.start for one in self.parameters})

    def values(self, point: Floats) -> dict[str, float]:
        """Values in their units at a point (d) of the unit cube; beyond it, those at its faces."""
        inside = np.clip(point, 0.0, 1.0)
        return {one.name: _value(one, float(at)) for one, at in zip(self.parameters, inside, strict=True)}

    def point(self, values: Mapping[str, float]) -> Floats:
        """The point (d) of some values; those out of bounds are brought to them."""
        return np.array([_place(one, values[one.name]) for one in self.parameters])

    def without(self, names: tuple[str, ...]) -> Space:
        """The space of the others."""
        return Space(tuple(one for one in self.parameters if one.name not in names))


def _value(one: Parameter, at: float) -> float:
    low, high = one.low, one.high
    return float(low * (high / low) ** at if one.kind.log else low + at * (high - low))


def _place(one: Parameter, value: float) -> float:
    low, high = one.low, one.high
    value = min(max(value, low), high)
    return float(np.log(value / low) / np.log(high / low) if one.kind.log else (value - low) / (high - low))
