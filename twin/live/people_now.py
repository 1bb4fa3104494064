"""The stage of people: who is in which zone, and who will be, where counters say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.skill import Forecast
from networks.errors import EngineFailed
from twin.cycle import Picture, Turn
from twin.live.rows import rows_of
from twin.live.site_watch import SiteWatch

if TYPE_CHECKING:
    from calibration.occupancy import Layout, Shown
    from models.crowd.sites import Sites
    from twin.store import FeedStore

LATE_S = 1800.0
MEMBERS = 20


@dataclass
class People:
    """Follows zones; each day begins at midnight, or when counting began, with nobody there.

    Attributes:
        store: Of the feeds.
        layout: Zones, doors and counters.
        sites: What they hold.
        zone: Of the city's clock.
        period_s: Of a period.
        begin: When counting began, on a day of which less is told; None: midnight.
    """

    store: FeedStore
    layout: Layout
    sites: Sites
    zone: tzinfo
    period_s: float = 300.0
    begin: datetime | None = None
    name: str = "people"
    watch: SiteWatch | None = None
    _opened: datetime | None = None
    _read_to: datetime | None = field(default=None)

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """People in every zone through the next hour.

        Raises:
            EngineFailed: They could not be followed.
        """
        watch = self._watch_of(turn.now)
        since = (self._read_to or self._opening(turn.now)) - timedelta(seconds=LATE_S)
        for row in rows_of(self.store, since, turn.now, sensors=tuple(self.layout.counters)):
            watch.hear(row)
        self._read_to = turn.now
        watch.look(turn.now)
        if watch.error is not None:
            raise EngineFailed(watch.error["en"])
        soon = watch.foreseen
        if soon is None:
            return picture
        now_s = (turn.now - picture.origin).total_seconds()
        zones = tuple(soon.people)
        shares = (np.arange(MEMBERS) + 0.5) / MEMBERS
        members = np.stack([_drawn(soon.people[zone], shares) for zone in zones], axis=1)
        told = Forecast("counters carried on", "people", zones, now_s, now_s, self.period_s, members)
        return replace(picture, forecasts=(*picture.forecasts, told))

    def _watch_of(self, now: datetime) -> SiteWatch:
        opened = self._opening(now)
        if self.watch is None or opened != self._opened:
            self.watch, self._opened, self._read_to = SiteWatch(self.layout, self.sites, opened), opened, None
        return self.watch

    def _opening(self, now: datetime) -> datetime:
        midnight = watch_begin(now, self.zone)
        return midnight if self.begin is None else max(midnight, self.begin)


def _drawn(ahead: Sequence[Shown], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantiles of a zone's people (shares, periods), straight between its low, middle and high."""
    return np.stack([np.interp(shares, (0.05, 0.5, 0.95), (one.low, one.mean, one.high)) for one in ahead], axis=1)


def watch_begin(now: datetime, zone: tzinfo) -> datetime:
    """Midnight of the day by the city's clock."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
