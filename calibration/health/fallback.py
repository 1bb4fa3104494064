"""What stands in for a sensor that is out: a neighbour in series, the usual day, the model; in this order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts, WatchedNet, in_series
from calibration.counting.series import middle
from calibration.health.reviewing import Health

Floats = NDArray[np.float64]
SOURCES = ("sensor", "series", "history", "others", "none")
"""Where a value is from: the sensor itself, sensors in series, its own earlier day scaled by what others count now, the
others alone, or nowhere (a gap)."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Counts without the word of sensors that are out.

    Attributes:
        counts: The counts, filled where something stands in; else gaps.
        source: Number in SOURCES for each count (S, T).
    """

    counts: Counts
    source: NDArray[np.int8]

    def used(self, sensor: str) -> str:
        """Where most of the values that stand in for a sensor's own are from; its own where none do."""
        row = self.counts.sensors.index(sensor)
        others = [number for number in self.source[row].tolist() if number]
        return SOURCES[Counter(others).most_common(1)[0][0]] if others else SOURCES[0]


def fill(health: Health, net: WatchedNet, *, history: bool, gaps: bool = False) -> Filled:
    """Leave out what must not be believed, and put in what stands in for it.

    A sensor that was stuck or silent for a while is believed before and after.

    Args:
        health: The review.
        net: The streets.
        history: Whether `health.expected` rests on an earlier day.
        gaps: Also fill gaps of sensors that are sound.
    """
    counts = health.counts
    wrong = health.wrong
    values = np.where(wrong, np.nan, counts.vehicles)
    source = np.where(np.isnan(values), len(SOURCES) - 1, 0).astype(np.int8)
    filled = values.copy()
    for row, others in enumerate(in_series(counts.edges, net)):
        if not (wrong[row].any() or gaps):
            continue
        for told, name in (
            (middle(values, others), "series"),
            (health.expected[row], "history" if history else "others"),
        ):
            free = np.isnan(filled[row]) & ~np.isnan(told) & (wrong[row] | gaps)
            filled[row, free] = told[free]
            source[row, free] = SOURCES.index(name)
    kept = Counts(counts.sensors, counts.edges, counts.begin_s, counts.period_s, filled)
    return Filled(kept, source)
