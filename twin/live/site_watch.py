"""Who is in every site and zone of the live city, from its counters; alarms by what each holds."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from calibration import Observation, ObservationTable
from calibration.occupancy import Followed, Foreseen, Layout, LiveOccupancy, foresee
from networks.errors import TwinError
from networks.sentence import Sentence, say
from twin.zones_now import ZoneNow, facts_of, trusted_facts, zones_now

if TYPE_CHECKING:
    from models.crowd.sites import Sites
    from twin.cycle.clock import LiveClock

log = logging.getLogger(__name__)

KEEP_S = 36 * 3600.0
PATIENCE_S = 60.0
AHEAD_S = 3600.0
LATE, SILENT = 2.0, 6.0
"""Periods without a count after which a zone is late, and after which it is silent."""


class SiteWatch:
    """Follows the zones of a layout while observations come in.

    Args:
        layout: Zones, doors and counters.
        sites: What zones named as sites hold, and from which shares on there is an alarm.
        opened: When the day began, by the local clock: nobody was there.
        period_s: Length of a period (s).
    """

    def __init__(self, layout: Layout, sites: Sites, opened: datetime, *, period_s: float = 300.0) -> None:
        self.layout, self.sites, self.period_s = layout, sites, period_s
        self._facts = facts_of(sites, layout.zones)
        self._table = ObservationTable(keep_s=KEEP_S)
        self._living = LiveOccupancy(
            layout, self._table, opened, period_s=period_s, patience_s=PATIENCE_S, facts=self._facts
        )
        self._heard = self._looked = 0
        self._newest: dict[str, datetime] = {}
        self._until = datetime.min.replace(tzinfo=UTC)
        self._levels = dict.fromkeys(layout.zones, 0)
        self._synthetic = False
        self._rows: list[ZoneNow] = []
        self._found: Followed | None = None
        self.foreseen: Foreseen | None = None
        """What is foreseen of every zone; None before the first period is whole."""
        self._error: Sentence | None = None

    def hear(self, seen: Observation) -> None:
        """Take an observation of one of the counters; others are none of ours."""
        counter = self.layout.counters.get(seen.sensor_id)
        if counter is None or not self._table.add(seen):
            return
        self._heard += 1
        self._synthetic |= seen.synthetic
        for zone in {counter.begins, counter.ends}:
            self._newest[zone] = max(seen.end, self._newest.get(zone, seen.end))

    def due(self, now: datetime) -> bool:
        """Whether anything was heard, or a period ended, since the last look."""
        return self._heard > 0 and (self._heard != self._looked or now >= self._until)

    def look(self, now: datetime) -> list[Sentence]:
        """Follow everybody up to now; what there is to say about alarms. What fails is told, never raised."""
        self._looked = self._heard
        period, first = timedelta(seconds=self.period_s), self._living.opened + timedelta(seconds=PATIENCE_S)
        whole = max((now - first) // period, 0)
        self._until = first + (whole + 1) * period
        if whole < 1:
            return []
        try:
            self._found, self._rows = self._followed(now)
            self._error = None
        except Exception as error:  # a look that fails must not end the watch; the screen says what happened
            log.exception("occupancy at %s failed", now)
            what = error.what if isinstance(error, TwinError) else f"{type(error).__name__}: {error}"
            self._error = say(f"the figures before stand: {what}", f"沿用上一结果：{what}")
            return []
        told = [_alarm(one) for one in self._rows if one.level != self._levels[one.zone]]
        self._levels = {one.zone: one.level for one in self._rows}
        return told

    def _followed(self, now: datetime) -> tuple[Followed, list[ZoneNow]]:
        found = self._living.now(now)
        soon = foresee(
            found.filter, found.times[-1], math.ceil(AHEAD_S / self.period_s), period_s=self.period_s,
            facts=trusted_facts(self._facts, found),
        )  # fmt: skip
        self.foreseen = soon
        return found, zones_now(found, soon, self.sites)

    @property
    def error(self) -> Sentence | None:
        """Why the last look failed, if it did."""
        return self._error

    @property
    def alarms(self) -> int:
        """Zones with an alarm."""
        return sum(level > 0 for level in self._levels.values())

    def state(self, now: datetime) -> dict[str, Any]:
        """As the cockpit reads it; `at` is null before the first period is complete."""
        found = self._found
        return {
            "at": found.times[-1].isoformat() if found else None,
            "soon_min": round(AHEAD_S / 60.0),
            "synthetic": self._synthetic,
            "counters": len(self.layout.counters),
            "zones": [self._zone(one, now) for one in self._rows],
            "notes": [dict(one.told) for one in found.contradictions] if found else [],
            "error": dict(self._error) if self._error else None,
        }

    def _zone(self, one: ZoneNow, now: datetime) -> dict[str, Any]:
        holds = one.capacity.instant if one.capacity else None
        newest = self._newest.get(one.zone)
        ago = None if newest is None else max((now - newest).total_seconds(), 0.0)
        coming = one.foretold
        return {
            "zone": one.zone,
            "name": one.name or one.zone,
            "people": round(one.people.mean),
            "low": round(one.people.low),
            "high": round(one.people.high),
            "soon": round(one.soon.mean),
            "holds": None if holds is None else round(holds),
            "basis": one.capacity.instant_basis if one.capacity and holds else None,
            "share": None if not holds else round(one.people.mean / holds, 3),
            "level": one.level,
            "next": None if coming is None else {
                "level": coming.level,
                "earliest": coming.earliest.isoformat(),
                "expected": coming.expected.isoformat() if coming.expected else None,
            },
            "last_s_ago": None if ago is None else round(ago, 1),
            "status": self._status(ago),
        }  # fmt: skip

    def _status(self, ago: float | None) -> str:
        if ago is None:
            return "silent"
        patience = self.period_s + PATIENCE_S
        return "ok" if ago <= LATE * patience else "late" if ago <= SILENT * patience else "silent"


async def keep_watch(
    watch: SiteWatch, clock: LiveClock, tell: Callable[[datetime, str, str], None], *, pause_s: float = 1.0
) -> None:
    """Look whenever there is something new, until cancelled; never more than a fifth of the time."""
    while True:
        began, now = time.monotonic(), clock.now()
        if watch.due(now):
            for told in await asyncio.to_thread(watch.look, now):
                tell(now, told["en"], told["zh"])
        await asyncio.sleep(max(pause_s, 4.0 * (time.monotonic() - began)))


def _alarm(one: ZoneNow) -> Sentence:
    name = one.name or one.zone
    holds = one.capacity.instant if one.capacity and one.capacity.instant else math.nan
    basis = ("approved", "核定") if one.capacity and one.capacity.instant_basis == "approved" else ("formula", "公式")
    share, people = 100.0 * one.people.mean / holds, one.people.mean
    if not one.level:
        return say(
            f"{name}: alarm over, {share:.0f} % of the {holds:,.0f} that it holds",
            f"{name}：预警解除，为承载量的{share:.0f}%",
        )
    return say(
        f"{name}: alarm {one.level}: {people:,.0f} people, {share:.0f} % of what it holds ({holds:,.0f}, {basis[0]})",
        f"{name}：{one.level}级预警：{people:,.0f}人，为承载量{holds:,.0f}人（{basis[1]}）的{share:.0f}%",
    )
