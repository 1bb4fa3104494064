"""What a model is judged by: observed and simulated, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from networks.sentence import Sentence

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The same things observed and simulated; none of them NaN.

    Attributes:
        observed: As measured (N).
        simulated: As the model has it (N), same unit.
    """

    observed: Floats
    simulated: Floats

    def __post_init__(self) -> None:
        """Refuse pairs that are none."""
        if self.observed.shape != self.simulated.shape or self.observed.ndim != 1:
            raise ValueError(f"{self.observed.shape} observed and {self.simulated.shape} simulated are no pairs")

    def __len__(self) -> int:
        """How many."""
        return len(self.observed)


@dataclass(frozen=True, slots=True)
class LineFlow:
    """One direction over one screenline.

    Attributes:
        name: Of the screenline and direction.
        links: Counted edges that cross it.
        observed_vph: Their counts together, vehicles per hour.
        simulated_vph: The same edges in the model.
    """

    name: str
    links: int
    observed_vph: float
    simulated_vph: float


@dataclass(frozen=True, slots=True)
class DayMeasure:
    """One measure on many days, as observed and as simulated.

    Attributes:
        name: What it is, with its unit.
        observed: By day and interval (D, T); none of them NaN.
        simulated: By interval (T).
    """

    name: Sentence
    observed: Floats
    simulated: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the criteria ask for; what nobody measured is None or empty.

    Attributes:
        held: Hourly flows at held-out sensors (veh/h), a pair for each sensor and hour.
        used: The same at the sensors that the calibration saw.
        lines: Screenlines.
        journeys_s: Travel times along routes (s).
        trips: Vehicles that set out: in the reference demand, in the estimate.
        lengths_m: Trip lengths of the reference demand (N), and of the estimate (M).
        speeds_mps: Mean speeds by place (P) as measured, and by seed and place (seeds, P) as simulated.
        seeds_vph: Flows at the held-out sensors by seed (seeds, N).
        days: Measures by day and interval, for criteria that need many days.
    """

    held: Pairs
    used: Pairs
    lines: tuple[LineFlow, ...] = ()
    journeys_s: Pairs | None = None
    trips: tuple[float, float] | None = None
    lengths_m: tuple[Floats, Floats] | None = None
    speeds_mps: tuple[Floats, Floats] | None = None
    seeds_vph: Floats | None = None
    days: tuple[DayMeasure, ...] = ()
