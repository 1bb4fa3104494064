"""What sensors counted up to now, on the grid of the town's clock, as the store of feeds has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.counting import Counts

if TYPE_CHECKING:
    import pyarrow as pa

    from twin.store import FeedStore

Floats = NDArray[np.float64]
LATE_S = 7200.0
"""Words may be late, or be corrected, by so much (s)."""
WHOLE = 0.999


@dataclass
class CountsNow:
    """Counts and speeds by sensor and period since second 0 of the town's day.

    A period is counted when rows within it cover all of it; else it is a gap. A row that lies across two periods is
    none of ours. Rows that say "missing" are gaps, rows of a feed that tells the same period anew replace it.

    Attributes:
        store: Of the feeds.
        sensors: Names (S).
        edges: The edge that each watches (S).
        origin: Wall-clock time of the town's second 0; with a zone.
        begin_s: First second on the town's clock.
        period_s: Length of a period.
        across: Rows left out in the last reading because they lie across two periods.
    """

    store: FeedStore
    sensors: tuple[str, ...]
    edges: tuple[str, ...]
    origin: datetime
    begin_s: float
    period_s: float = 300.0
    across: int = 0
    _flow: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    _speed: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def up_to(self, now_s: float) -> tuple[Counts, Floats]:
        """Counts (S, T) and harmonic speeds (m/s, NaN gaps) of whole periods up to a second of the town's clock."""
        periods = round((now_s - self.begin_s) / self.period_s)
        known = self._flow.shape[1]
        first = max(min(known, periods) - round(LATE_S / self.period_s), 0)
        gap = np.full((len(self.sensors), max(periods - first, 0)), np.nan)
        flow, speed = (
            np.concatenate([one[:, :first] if known else gap[:, :0], gap], axis=1) for one in (self._flow, self._speed)
        )
        self.across = 0
        begin, end = (self._moment(self.begin_s + at * self.period_s) for at in (first, periods))
        for measure, into in (("vehicle_count", flow), ("speed", speed)):
            rows = self._rows(measure, begin, end)
            into[:, first:] = self._on_grid(measure, rows, begin, periods - first)
        self._flow, self._speed = flow, speed
        return Counts(self.sensors, self.edges, self.begin_s, self.period_s, flow), speed

    def heard_until(self, since: datetime) -> datetime | None:
        """Up to when these sensors have spoken."""
        return heard_until(self.store, self.sensors, since)

    def told(self, end: datetime) -> float:
        """Share of the sensors that have spoken of the period which ends at a moment."""
        begin = end - timedelta(seconds=self.period_s)
        table = self.store.read(
            "observations", begin, end, keys={"sensor_id": list(self.sensors), "measure": ["vehicle_count"]}
        )
        covered: dict[str, float] = {}
        for sensor, period_s in zip(*_columns(table, "sensor_id", "period_s"), strict=True):
            covered[sensor] = covered.get(sensor, 0.0) + period_s
        return sum(one >= WHOLE * self.period_s for one in covered.values()) / max(len(self.sensors), 1)

    def _moment(self, second: float) -> datetime:
        return self.origin.astimezone(UTC) + timedelta(seconds=second)

    def _rows(self, measure: str, begin: datetime, end: datetime) -> pa.Table:
        return self.store.read("observations", begin, end, keys={"measure": [measure], "sensor_id": list(self.sensors)})

    def _on_grid(self, measure: str, table: pa.Table, begin: datetime, periods: int) -> Floats:
        """Sums of counts, harmonic means of speeds (S, periods); NaN where not all of a period was told."""
        row = {name: at for at, name in enumerate(self.sensors)}
        shape = (len(self.sensors), periods)
        total, weight, covered = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        columns = _columns(table, "sensor_id", "begin", "period_s", "result", "quality")
        for sensor, since, period_s, result, quality in zip(*columns, strict=True):
            second = (since - begin).total_seconds()
            at = int(second // self.period_s)
            if second + period_s > (at + 1) * self.period_s + 1.0 or period_s <= 0:
                self.across += 1
            elif result is not None and np.isfinite(result) and result >= 0 and quality != "missing":
                if measure == "vehicle_count":
                    total[row[sensor], at] += result
                    covered[row[sensor], at] += period_s
                elif result > 0:
                    total[row[sensor], at] += period_s / result
                    weight[row[sensor], at] += period_s
        if measure == "vehicle_count":
            return np.where(covered >= WHOLE * self.period_s, total, np.nan)
        return np.where(weight > 0, weight / np.where(total > 0, total, 1.0), np.nan)


def heard_until(store: FeedStore, sensors: Sequence[str], since: datetime) -> datetime | None:
    """Up to when sensors have spoken: the third newest end of a period, so that two wrong clocks move nothing.

    Args:
        store: Of the feeds.
        sensors: Names.
        since: Only what was told of times from here on; UTC.
    """
    table = store.read("observations", since, None, keys={"sensor_id": list(sensors)})
    newest: dict[str, datetime] = {}
    for sensor, begin, period_s in zip(*_columns(table, "sensor_id", "begin", "period_s"), strict=True):
        end = begin + timedelta(seconds=period_s)
        newest[sensor] = max(end, newest.get(sensor, end))
    ends = sorted(newest.values(), reverse=True)
    return ends[min(2, len(ends) - 1)] if ends else None


def _columns(table: pa.Table, *names: str) -> Sequence[list]:  # type: ignore[type-arg]
    return [table[name].to_pylist() for name in names]
