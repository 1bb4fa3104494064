"""The demand of a usual day: which paths are driven, and how many vehicles set out on each in every period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.flows import PathSet
from networks.errors import BadInput

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is expected of this kind of day before anything of it was counted.

    Attributes:
        paths: Paths (P).
        flows: Vehicles that set out on each path in each period (P, T), fractions allowed.
        begin_s: Begin of the first period, on the simulation's clock.
        period_s: Length of a period.
        vehicle_type: Type or distribution of the case's files that all of them have.
    """

    paths: PathSet
    flows: Floats
    begin_s: float
    period_s: float = 300.0
    vehicle_type: str = "DEFAULT_VEHTYPE"

    def __post_init__(self) -> None:
        """Refuse what is no demand.

        Raises:
            BadInput: Flows of other paths, below zero or not a number, or a period without length.
        """
        if self.flows.ndim != 2 or len(self.flows) != len(self.paths) or not self.flows.shape[1]:
            raise BadInput(f"flows of shape {self.flows.shape}", expected=f"({len(self.paths)}, periods)")
        if not np.isfinite(self.flows).all() or (self.flows < 0).any():
            raise BadInput("a usual flow is below zero or not a number", expected="vehicles per period, 0 or more")
        if not self.period_s > 0:
            raise BadInput(f"a period of {self.period_s:g} s has no length")

    def between(self, begin_s: float, periods: int) -> Floats:
        """Flows in periods from `begin_s` on (P, periods); before and after the day its first and last period go on."""
        first = round((begin_s - self.begin_s) / self.period_s)
        return self.flows[:, np.clip(first + np.arange(periods), 0, self.flows.shape[1] - 1)]
