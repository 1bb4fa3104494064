"""What sensors are forecast to count: kept, scored when its time has come, and served from who was better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from calibration import ObservationTable
from calibration.skill import Forecast, Ledger, Outcome, Seen, Served, Server, measure
from calibration.skill.baselines import Baseline, Past, Persistence

LOOKED_BACK = 4
"""So many periods are read again each time: words may be late."""
_LEAST = 3


class CountSkill:
    """The ledger of a live loop; what was kept in the folder before counts on.

    Its only baseline is persistence, with the quantiles of its errors today: a replay has no days before it.

    Args:
        folder: Of the ledger (`twin skill FOLDER`).

    Raises:
        BadInput: A file in the folder is no part of a ledger.
    """

    def __init__(self, folder: Path) -> None:
        self._ledger, self._server = Ledger(folder), Server()
        self._outcomes: list[Outcome] = list(self._ledger.settled())
        self._server.learn(self._outcomes)
        self.gain = self._gain()
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
        fresh = self._ledger.settle([seen], now.timestamp())
        self._outcomes += fresh
        self._server.learn(fresh)
        self.gain = self._gain()
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
        said = [twin, self._persistence(course, twin)]
        self.served = self._server.serve(said)
        self._ledger.issue([*said, self.served.mixed, self.served.forecast], by={"flow": self.served.by})

    def _gain(self) -> float | None:
        rows = measure(self._outcomes).rows["quantity"]
        return rows[0].error_gain if rows and np.isfinite(rows[0].error_gain) else None

    @property
    def _nothing(self) -> np.ndarray:
        return np.full(len(self.sensors), np.nan)

    def _persistence(self, course: np.ndarray, twin: Forecast) -> Forecast:
        periods = twin.members.shape[2]
        past = Past("flow", self.sensors, 0.0, self._period_s, course[None])
        if course.shape[1] >= _LEAST:
            return Baseline("persistence", Persistence, past, periods).forecast(course, twin.made_s)
        last = Persistence(past)(course, periods)
        return Forecast("persistence", "flow", self.sensors, twin.made_s, twin.made_s, self._period_s, last[None])
