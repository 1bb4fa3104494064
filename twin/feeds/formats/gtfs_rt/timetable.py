"""Which runs a timetable knows, for feeds that speak of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from networks import GtfsFeed
from networks.sentence import say

log = logging.getLogger(__name__)


@lru_cache(maxsize=4)
def trip_ids(place: str) -> frozenset[str]:
    """Ids of a static feed's runs.

    Raises:
        BadInput: It is no static GTFS feed.
    """
    feed = GtfsFeed(Path(place))
    try:
        return frozenset(feed.table("trips.txt", ("trip_id",))["trip_id"])
    finally:
        feed.close()


class KnownRuns:
    """Holds the runs of a feed against its timetable; what does not fit is said once, not with every message.

    Args:
        place: The static feed, a .zip or a folder.

    Raises:
        BadInput: It is none.
    """

    def __init__(self, place: str) -> None:
        self._place, self._ids, self._said = place, trip_ids(place), False

    def unknown(self, runs: Sequence[str]) -> int:
        """How many of these the timetable does not have."""
        count = sum(run not in self._ids for run in runs)
        if count and not self._said:
            self._said = True
            log.warning("%s", self.sentence(count, len(runs)))
        return count

    def sentence(self, count: int, of: int) -> str:
        """What is wrong, in English."""
        name, share = Path(self._place).name, 100 * count / of
        return say(
            f"{count} of {of} runs ({share:.0f} %) are not in the timetable {name}: it is of another day or city, or "
            "these ids are others; give the static feed of the same publisher and date",
            f"{of}个车次中有{count}个（{share:.0f}%）不在时刻表{name}中：可能是其他日期或城市的时刻表，或编号不同；请使用同一发布者、同一日期的静态数据",
        )["en"]
