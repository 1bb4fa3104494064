"""Official warnings of the feeds that hold here, and whether their feeds are well: silence is not "no warning"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from networks.sentence import Sentence, say
from twin.plans import Here, Signal, in_force, signals_of, stored_situations

if TYPE_CHECKING:
    from twin.feeds import Feed, FeedSet
    from twin.store import FeedStore

FORMAT = "cap"


@dataclass
class WarningsNow:
    """Asks the store for warnings, and their recorders how they are.

    Attributes:
        store: Of the feeds.
        here: Where the city is.
        feeds: Those that are recorded; None: nobody can ask how they are.
        signals: In force here, when somebody asked last.
        told: What has to be said of feeds and of warnings without a place, when somebody asked last.
        silent: Feeds that did not work then, and which may hold back a warning.
    """

    store: FeedStore
    here: Here | None = None
    feeds: FeedSet | None = None
    signals: Sequence[Signal] = ()
    told: Sequence[Sentence] = ()
    silent: Sequence[str] = field(default_factory=tuple)

    def look(self, now: datetime) -> Sequence[Signal]:
        """The warnings in force that concern the city.

        Raises:
            StorageFailed: The store did not answer.
        """
        rows = stored_situations(self.store, now)
        unsure = [self.here.unknown(one) for _, one in in_force(rows, now)] if self.here else []
        states = [(feed.id, *_state(self.feeds, feed)) for feed in self._ours()] if self.feeds else []
        away = [(name, why) for name, state, why in states if state != "ok"]
        self.silent = tuple(name for name, _ in away)
        told = [silence(name, why) for name, why in away]
        self.told = tuple({one["en"]: one for one in (*told, *unsure) if one is not None}.values())
        self.signals = signals_of(rows, now, self.here)
        return self.signals

    def row(self) -> dict[str, Any] | None:
        """As a feed of the cockpit; None where no feed tells warnings."""
        if not self._ours():
            return None
        status = "silent" if self.silent else "ok"
        return {"name": "warnings", "last_s_ago": None, "count": len(self.signals), "status": status}

    def _ours(self) -> Sequence[Feed]:
        return [one for one in self.feeds.feeds if one.text.format == FORMAT] if self.feeds else ()


def silence(name: str, why: str) -> Sentence:
    """A feed of warnings does not work."""
    return say(
        f"plans: the feed of warnings {name} is silent ({why}): nobody knows whether a warning is in force",
        f"预案：预警数据源{name}中断（{why}），无法判断是否有预警生效",
    )


def _state(feeds: FeedSet | None, feed: Feed) -> tuple[str, str]:
    from twin.feeds.health import recorded
    from twin.feeds.log import LogReader, folder_of

    assert feeds is not None
    folder = folder_of(feeds.folder, feed.id)
    last = LogReader(folder).last() if folder.is_dir() else None
    silent_s = (datetime.now(UTC) - last[1].received).total_seconds() if last else None
    health = recorded(feed, folder, silent_s)
    return health.state, health.why or {"stopped": "nobody records it", "never": "never recorded"}.get(health.state, "")
