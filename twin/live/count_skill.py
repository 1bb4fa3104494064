"""What sensors are forecast to count: kept, scored when its time has come, and served from who was better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from calibration import ObservationTable
from calibration.skill import Forecast, Seen, Served, Service
from calibration.skill.baselines import Past, persistence

LOOKED_BACK = 4
"""So many periods are read again each time: words may be late."""


class CountSkill:
    """The ledger of a live loop; what was kept in the folder before counts on.

    Its only baseline is persistence, with the quantiles of its errors today: a replay has no days before it.

    Args:
        folder: Of the ledger (`twin skill FOLDER`).

    Raises:
        BadInput: A file in the folder is no part of a ledger.
    """

    def __init__(self, folder: Path) -> None:
        self._service = Service(folder)
        self.gain = self._service.gain
        """1 - mean absolute error of what was served over that of persistence; None before anything was scored."""
        self.sensors: tuple[str, ...] = ()
        self.served: Served | None = None
        self._period_s = 300.0
        self._today: dict[datetime, np.ndarray] = {}

    def watch(self, sensors: Sequence[str], period_s: float) -> None:
        """Say whose counts are forecast, and in periods of which length (s)."""
        self.sensors, self._period_s = tuple(sensors), period_s

    def settle(self, table: ObservationTable, now: datetime) -> np.ndarray:
        """Score what is due; gives the counts of today so far (sensors, periods), NaN where nobody said.

        Raises:
            StorageFailed: The ledger cannot be written.
        """
        step = timedelta(seconds=self._period_s)
        for back in range(1, LOOKED_BACK + 1):
            begin = now - back * step
            totals = table.totals("vehicle_count", begin, begin + step)
            whole = [s in totals and totals[s].covered_s >= self._period_s for s in self.sensors]
            self._today[begin] = np.array(
                [totals[s].total if known else np.nan for s, known in zip(self.sensors, whole, strict=True)]
            )
        first = min(self._today)
        course = np.array([self._today.get(first + at * step, self._nothing) for at in range((now - first) // step)]).T
        seen = Seen("flow", self.sensors, first.timestamp(), self._period_s, course)
        self._service.settle([seen], now.timestamp())
        self.gain = self._service.gain
        return course

    def keep(self, table: ObservationTable, now: datetime, members: np.ndarray) -> None:
        """Settle what is due and issue what comes next.

        Args:
            table: What was observed.
            now: The clock, UTC.
            members: What each member of the twin's forecast says (M, sensors, periods).

        Raises:
            StorageFailed: The ledger cannot be written.
        """
        if not self.sensors:
            return
        course = self.settle(table, now)
        twin = Forecast("twin", "flow", self.sensors, now.timestamp(), now.timestamp(), self._period_s, members)
        today = Past("flow", self.sensors, 0.0, self._period_s, course[None])
        self.served = self._service.serve([twin, persistence(today, course, twin)])

    @property
    def _nothing(self) -> np.ndarray:
        return np.full(len(self.sensors), np.nan)
