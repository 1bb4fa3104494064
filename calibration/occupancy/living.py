"""Occupancy from the table of a live feed, which forgets what is older than some hours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from calibration.observation import ObservationTable
from calibration.occupancy.counters import Layout
from calibration.occupancy.facts import ZoneFacts
from calibration.occupancy.following import Followed, follow

KEEP_S = 36 * 3600.0


class LiveOccupancy:
    """Who is where, asked again and again while observations come in.

    What the counters of the layout told is copied out of the live table whenever somebody asks, so it must be asked
    more often than that table forgets. Late messages and corrections count from the next time on.

    Args:
        layout: Zones, doors and counters.
        table: The live table; others go on to write into it.
        opened: When the day began: nobody was there.
        period_s: Length of a period (s).
        patience_s: A period is believed to be complete so long after its end (s).
        leave_out: Counters that are only judged.
        facts: What is known of zones.
    """

    def __init__(
        self, layout: Layout, table: ObservationTable, opened: datetime, *, period_s: float = 300.0,
        patience_s: float = 60.0, leave_out: Collection[str] = (), facts: Mapping[str, ZoneFacts] | None = None,
    ) -> None:  # fmt: skip
        self.layout, self.opened, self.period_s = layout, opened, period_s
        self._table, self._patience_s, self._leave_out = table, patience_s, leave_out
        self._facts = facts
        self._kept = ObservationTable(keep_s=KEEP_S)

    def now(self, at: datetime) -> Followed:
        """Everything followed from the day's beginning to the last period that is complete.

        Raises:
            BadInput: No period is complete yet.
        """
        for seen in self._table:
            if seen.sensor_id in self.layout.counters:
                self._kept.add(seen)
        end = at - timedelta(seconds=self._patience_s)
        return follow(
            self.layout, self._kept, self.opened, end, period_s=self.period_s, leave_out=self._leave_out,
            facts=self._facts,
        )  # fmt: skip
