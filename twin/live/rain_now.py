"""Rain of the last hours at the gauges of the feeds, held against a service's levels: signals of our own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from networks.sentence import Sentence, say
from twin.live.rows import rows_of
from twin.plans import Signal, rain_signals

if TYPE_CHECKING:
    from calibration import Observation
    from models.flood.rain import Gauge, Multiples, SignalTable
    from twin.store import FeedStore

Floats = NDArray[np.float64]
MEASURE = "rain_intensity"
RECENT = timedelta(minutes=10)
"""A gauge that tells longer periods is taken at their mean."""
SILENT = 3.0
"""Periods after which a gauge is silent."""


@dataclass
class RainNow:
    """Holds what fell, and what may fall within half an hour, against levels.

    What may fall is what a gauge says alone (`models.flood.rain.Multiples`); a level counts from half of them on.

    Attributes:
        store: Of the feeds.
        table: A service's levels.
        goes_on: How rain at a point goes on; None: what may fall is not asked.
        silent: Gauges that spoke within the longest window, yet not of the last periods, when somebody asked last.
        unheard: Those of them at which a level held when they fell silent: it may hold still.
    """

    store: FeedStore
    table: SignalTable
    goes_on: Multiples | None = None
    silent: Sequence[str] = ()
    unheard: Sequence[str] = ()

    def look(self, now: datetime) -> list[Signal]:
        """The gravest level that holds at each gauge; a gap counts as dry, as everywhere (`hold_signals`).

        Raises:
            StorageFailed: The store did not answer.
        """
        gauges = self.gauges(now)
        mute = [one for one in gauges if (now - one.ends[-1]).total_seconds() > SILENT * one.period_s]
        self.silent = tuple(one.name for one in mute)
        self.unheard = tuple(one.name for one in mute if self._held(one, one.ends[-1]))
        ahead = {one.name: None if one.name in self.silent else self._ahead(one, now) for one in gauges}
        return [signal for gauge in gauges for signal in self._held(gauge, now, ahead[gauge.name])]

    def _ahead(self, gauge: Gauge, now: datetime) -> Floats | None:
        """What may fall there (members, steps), mm; None where the last ten minutes were not measured."""
        mm, share = gauge.fell(now - RECENT, now)
        if self.goes_on is None or share < 0.5:
            return None
        return self.goes_on.ahead(mm / share * 3600.0 / RECENT.total_seconds())

    def _held(self, gauge: Gauge, now: datetime, ahead_mm: Floats | None = None) -> list[Signal]:
        from models.flood.rain import hold_signals
        from models.flood.rain.forecast.at_gauge import STEP_S

        ahead_s = None if ahead_mm is None else STEP_S * (np.arange(ahead_mm.shape[1]) + 1.0)
        held = hold_signals(gauge, self.table, now=now, ahead_s=ahead_s, ahead_mm=ahead_mm)
        return rain_signals(gauge.name, held, now)

    def told(self) -> list[Sentence]:
        """What has to be said of silent gauges."""
        if not self.silent:
            return []
        names = ", ".join(self.silent[:3])
        return [
            say(
                f"plans: {len(self.silent)} rain gauges are silent ({names}): their rain counts as none",
                f"预案：{len(self.silent)}个雨量计无数据（{names}），其雨量按零计",
            )
        ]

    def gauges(self, now: datetime) -> list[Gauge]:
        """What each gauge measured within the longest window, by name."""
        longest = timedelta(hours=max(level.hours for level in self.table.levels))
        rows = defaultdict[str, list["Observation"]](list)
        for row in rows_of(self.store, now.astimezone(UTC) - longest, now, measures=(MEASURE,)):
            if row.period_s > 0 and row.end <= now:
                rows[row.sensor_id].append(row)
        return [_gauge(name, of) for name, of in sorted(rows.items())]


def _gauge(name: str, rows: Sequence[Observation]) -> Gauge:
    """Intervals of the commonest length; those of another would be counted twice."""
    from models.flood.rain.gauging.gauges import Gauge

    period_s = Counter(row.period_s for row in rows).most_common(1)[0][0]
    kept = sorted((row for row in rows if row.period_s == period_s), key=lambda row: row.end)
    depth = [_mm_h(row) * period_s / 3600.0 for row in kept]
    return Gauge(name, 0.0, 0.0, tuple(row.end for row in kept), np.array(depth), period_s)


def _mm_h(row: Observation) -> float:
    known = row.result is not None and np.isfinite(row.result) and row.result >= 0 and row.quality != "missing"
    return float(row.result) if known and row.result is not None else float("nan")
