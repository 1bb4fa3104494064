"""Vehicles by sensor and period; a gap is a gap and never a zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Counts:
    """Vehicles that entered the edge of each sensor in each period.

    Attributes:
        sensors: Name of each sensor (S); unique.
        edges: SUMO edge that each sensor watches (S); two sensors may watch one edge.
        begin_s: Begin of the first period, seconds on the simulation's clock.
        period_s: Length of every period (s).
        vehicles: Vehicles (S, T), 0 or more; NaN where the sensor had nothing to say.
    """

    sensors: tuple[str, ...]
    edges: tuple[str, ...]
    begin_s: float
    period_s: float
    vehicles: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse shapes and values that no counter can have.

        Raises:
            ValueError: Shapes disagree, a name comes twice, a period has no length, or a count is negative or infinite.
        """
        if len(set(self.sensors)) != len(self.sensors) or len(self.edges) != len(self.sensors):
            raise ValueError("every sensor needs a name of its own and one edge")
        if self.vehicles.ndim != 2 or self.vehicles.shape[0] != len(self.sensors):
            raise ValueError(f"vehicles has shape {self.vehicles.shape}, expected ({len(self.sensors)}, periods)")
        if not self.period_s > 0:
            raise ValueError(f"a period of {self.period_s} s has no length")
        if bool((self.vehicles < 0).any()) or bool(np.isinf(self.vehicles).any()):
            raise ValueError("a count is negative or infinite")

    @property
    def end_s(self) -> float:
        """End of the last period (s)."""
        return self.begin_s + self.period_s * self.vehicles.shape[1]

    def over(self, period_s: float) -> Counts:
        """The same in longer periods; a long period with a gap in it is a gap.

        Raises:
            ValueError: The longer period is no whole number of the shorter ones, or they do not fill whole ones.
        """
        times = round(period_s / self.period_s)
        if times < 1 or abs(times * self.period_s - period_s) > 1e-6 or self.vehicles.shape[1] % times:
            raise ValueError(f"{self.vehicles.shape[1]} periods of {self.period_s} s do not fill ones of {period_s} s")
        sums = self.vehicles.reshape(len(self.sensors), -1, times).sum(axis=2)
        return Counts(self.sensors, self.edges, self.begin_s, times * self.period_s, sums)
