"""Counts under examination, with what was found about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.counting.repair import Repair
from calibration.counting.watched_streets import WatchedNet
from networks.sentence import Sentence

FloatRows = NDArray[np.float64]
LANE_PER_HOUR = 2400.0
"""Vehicles that one lane can pass in an hour, at headways of 1.5 s: above it a count is impossible (the HCM's basic
capacity of a motorway lane, 7th edition, exhibit 12-4)."""


@dataclass
class Seen:
    """Counts under examination; what is found is repaired in place and noted.

    Attributes:
        names: Sensors (S).
        edges: Their edges.
        values: Vehicles (S, T), NaN gaps.
        speeds_mps: Mean speeds (S, T), NaN gaps.
        period_s: Length of a period.
        net: The network.
        repairs: What was done.
        told_kmh: Sensors whose rows state km/h.
    """

    names: list[str]
    edges: list[str]
    values: FloatRows
    speeds_mps: FloatRows
    period_s: float
    net: WatchedNet
    repairs: list[Repair]
    told_kmh: frozenset[str] = frozenset()

    def note(self, row: int, what: str, action: str, rows: int, before: str, after: str, reason: Sentence) -> None:
        """Keep what was found about a sensor."""
        self.repairs.append(Repair(self.names[row], what, action, "", 0, rows, before, after, reason))

    def carries(self, row: int) -> float:
        """Vehicles that its lanes can pass in a period, with room for platoons at its ends."""
        most = self.net.car_lanes(self.edges[row]) * LANE_PER_HOUR * self.period_s / 3600.0
        return float(most + 3.0 * np.sqrt(most))
