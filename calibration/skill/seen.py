"""What came, beside which forecasts are judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAME_S = 1e-3
"""Moments nearer than this are one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One quantity as it was observed at some places, period after period.

    Attributes:
        quantity: As in `Forecast`.
        places: As in `Forecast` (N), each once.
        begin_s: Begin of the first period, on the clock of the forecasts (s).
        period_s: Length of each period (s).
        values: What came (N, T); NaN where nobody said.
    """

    quantity: str
    places: tuple[str, ...]
    begin_s: float
    period_s: float
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse shapes that disagree.

        Raises:
            ValueError: Values do not fit the places, a place comes twice, a period has no length.
        """
        if self.values.ndim != 2 or len(self.values) != len(self.places) or len(set(self.places)) != len(self.places):
            raise ValueError(f"values have shape {self.values.shape}, expected ({len(self.places)} places, periods)")
        if not self.period_s > 0:
            raise ValueError(f"a period of {self.period_s} s has no length")

    def at(self, places: tuple[str, ...], begin_s: float, period_s: float) -> NDArray[np.float64]:
        """What came at places in one period (len(places)); NaN where this says nothing of it."""
        out = np.full(len(places), np.nan)
        column = round((begin_s - self.begin_s) / self.period_s)
        same = abs(self.period_s - period_s) < SAME_S
        if same and 0 <= column < self.values.shape[1] and abs(self._begin(column) - begin_s) < SAME_S:
            row_of = {place: row for row, place in enumerate(self.places)}
            known = [(at, row_of[place]) for at, place in enumerate(places) if place in row_of]
            for at, row in known:
                out[at] = self.values[row, column]
        return out

    def _begin(self, column: int) -> float:
        return self.begin_s + column * self.period_s
