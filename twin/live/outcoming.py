"""The stage of outcomes: what was carried out is held against the same half hour without it, in copies of the town."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import EngineFailed
from networks.sentence import Sentence, say
from twin.cycle import Picture, Turn
from twin.outcome.measuring import by_street, by_twin

if TYPE_CHECKING:
    from calibration.live import BothWays, LiveTown
    from models.sumo.change import Change
    from twin.live.carried import Carried
    from twin.live.counts_now import CountsNow
    from twin.outcome import Outcome, OutcomeBook

HALF_HOUR_S = 1800.0
PAIRS = 4
LEAST_S = 60.0
"""Wall seconds that must be left of a cycle: copies of half an hour, twice, for each pair."""


@dataclass
class Outcoming:
    """Looks back once at each action, when the town has come half an hour past it.

    Attributes:
        town: The town.
        carried: What was carried out.
        kept: Where it is kept.
        lock: Held while the town is used.
        counts: What sensors say: whether the street looks as if it was done; None: nobody asks.
        found: The last outcome.
    """

    town: LiveTown
    carried: Carried
    kept: OutcomeBook
    lock: threading.Lock = field(default_factory=threading.Lock)
    counts: CountsNow | None = None
    found: Outcome | None = None
    _over: set[str] = field(default_factory=set)
    name: str = "outcome"

    def run(self, turn: Turn, picture: Picture) -> Picture:
        """The picture, with a "done" that does not show; outcomes in the book, where some were due.

        Raises:
            EngineFailed: The town is in use, or SUMO stopped.
            BadInput: The town does not know of the action any more.
        """
        due = self._due() if turn.left_s >= LEAST_S else None
        if due is None:
            return picture
        rec_id, (done_s, changes) = due
        self._over.add(rec_id)  # whatever comes of it: it is tried once
        since_s = done_s - (done_s - self.town.begin_s) % self.town.usual.period_s
        if not self.lock.acquire(timeout=1.0):
            self._over.discard(rec_id)
            raise EngineFailed("the town is in use")
        try:
            both = self.town.both_ways(changes, since_s=since_s, until_s=since_s + HALF_HOUR_S, pairs=PAIRS)
        finally:
            self.lock.release()
        since = picture.origin + timedelta(seconds=since_s)
        told = self._street(rec_id, both, picture.origin)
        self.found = by_twin(self.kept, rec_id, both, since, since + timedelta(seconds=HALF_HOUR_S))
        return replace(picture, left_out=(*picture.left_out, *told))

    def _street(self, rec_id: str, both: BothWays, origin: datetime) -> list[Sentence]:
        """What has to be said where a receiver's "done" does not show."""
        if self.counts is None:
            return []
        until_s = both.begin_s + HALF_HOUR_S
        counted, speeds = self.counts.up_to(until_s)
        first = round((both.begin_s - counted.begin_s) / counted.period_s)
        last = first + round(HALF_HOUR_S / counted.period_s)
        rows = np.array([self.town.ground.row[edge] for edge in counted.edges], dtype=np.int64)
        ends = [origin + timedelta(seconds=one) for one in (both.begin_s, until_s)]
        told = by_street(self.kept, rec_id, both, rows, counted.vehicles[:, first:last], speeds[:, first:last], *ends)
        if not told.undone:
            return []
        return [say(f"outcome: {rec_id}: {told.text['en']}", f"效果：{rec_id}：{told.text['zh']}")]

    def _due(self) -> tuple[str, tuple[float, tuple[Change, ...]]] | None:
        """The oldest action that the town has come past and nobody has looked back at."""
        for rec_id, (done_s, changes) in self.carried.by_recommendation().items():
            past = self.town.begin_s <= done_s and done_s + HALF_HOUR_S <= self.town.anchor_s
            if changes and past and rec_id not in self._over:
                if not any(one.method == "not done" for one in self.kept.all(rec_id)):
                    return rec_id, (done_s, changes)
                self._over.add(rec_id)
        return None
