"""One radar picture, whatever file it came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from models.flood.rain.radar.radar_grid import RadarGrid
from models.flood.rain.radar.reflectivity import PowerLaw

Quantity = Literal["dBZ", "mm/h"]


@dataclass(frozen=True)
class Composite:
    """One picture: when, where, what.

    Attributes:
        time: When it was measured, with its zone.
        grid: Where its pixels lie.
        values: (rows, cols) reflectivity (dBZ; minus infinity without echo) or rain (mm/h); NaN unseen.
        quantity: Which of the two.
    """

    time: datetime
    grid: RadarGrid
    values: np.ndarray
    quantity: Quantity = "dBZ"

    def rain_mm_h(self, law: PowerLaw, window: tuple[slice, slice]) -> np.ndarray:
        """Rain (mm/h) within rows and columns: by the law, or as given."""
        part = self.values[window]
        return law.rain_mm_h(part) if self.quantity == "dBZ" else part
