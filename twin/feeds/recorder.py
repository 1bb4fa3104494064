"""All feeds of a file at work: gathering here, governing in a process beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from networks.errors import StorageFailed
from twin.feeds.beside import Beside
from twin.feeds.gathering import Gathering
from twin.feeds.governed import Opening
from twin.feeds.health import STATE, Health, Watch
from twin.feeds.inbox import deliveries_of
from twin.feeds.log import LogWriter, expire, folder_of
from twin.feeds.merging import MERGE_S, Merging
from twin.feeds.pace import is_urgent
from twin.feeds.spec import FeedSet

LOOK_S = 0.05

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """How one feed is.

    Attributes:
        feed: Its id.
        health: ok, late or down.
        messages: In the log since the recorder began.
        log_end: Number of its next message.
        position: Number of the first message that is not in the store; None: nothing was heard of the store yet.
        rows: Taken in since the recorder began.
        dead: Dead letters since the recorder began.
    """

    feed: str
    health: Health
    messages: int
    log_end: int
    position: int | None
    rows: int
    dead: int


Show = Callable[[list[State], str], None]
"""Shows all states, and why the store is away ("" where it is not)."""


class Recorder:
    """Runs all feeds of a file.

    Args:
        feeds: Which.
        opening: How the store is opened; must be a name in a module.
        show: Called about twice a second.
        for_s: Ends by itself after so long; None: by Ctrl-C, or when every transport ended.
    """

    def __init__(self, feeds: FeedSet, opening: Opening, show: Show, for_s: float | None = None) -> None:
        self.feeds, self._opening, self._show, self._for_s = feeds, opening, show, for_s
        self._logs: dict[str, LogWriter] = {}
        self._watches: dict[str, Watch] = {}
        self._gatherings: dict[str, Gathering] = {}
        self._urgent = False
        self._beside = Beside(feeds, opening)
        self._merging = Merging(opening, feeds.folder, feeds.database)

    def run(self) -> list[State]:
        """Gather and govern until the end.

        Raises:
            Refused: One of the feeds is being recorded by another process.
            BadInput: The database is none, or newer than this program.
        """
        with ExitStack() as stack:
            known = self._known()
            for feed in self.feeds.feeds:
                folder = folder_of(self.feeds.folder, feed.id)
                self._logs[feed.id] = stack.enter_context(LogWriter(folder, at_least=known.get(feed.id, 0)))
                watch = self._watches[feed.id] = Watch(feed.id, feed.text.every_s, time.monotonic())
                source, log = feed.source(), self._logs[feed.id]
                self._gatherings[feed.id] = Gathering(feed.id, source, log, watch, feed.concealing())
            stack.callback(self._beside.end)
            stack.callback(self._merging.end)
            asyncio.run(self._run())
            self._beside.drain({name: log.end for name, log in self._logs.items()})
            states = self._states()
            self._show(states, self._beside.standing.away)
            return states

    def _known(self) -> dict[str, int]:
        """Where the store stands; where it is away, the log alone decides."""
        try:
            with self._opening(self.feeds.folder, self.feeds.database) as store:
                return {feed.id: store.position(feed.id) for feed in self.feeds.feeds}
        except (StorageFailed, OSError) as error:
            _log.error("the store is away: %s; the log keeps everything until it is back", str(error).splitlines()[0])
            return {}

    async def _run(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError, ValueError):  # Windows; not the main thread
                loop.add_signal_handler(number, stop.set)
        tasks = [asyncio.create_task(one.run()) for one in self._gatherings.values()]
        inbox = [asyncio.create_task(self._inbox(one)) for one in self._gatherings.values()]
        looking = asyncio.create_task(self._look())
        ended = asyncio.gather(*tasks)
        waiting = asyncio.create_task(stop.wait())
        ends: set[asyncio.Future[Any]] = {waiting, ended}
        await asyncio.wait(ends, timeout=self._for_s, return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, *inbox, looking, waiting):
            task.cancel()
        await asyncio.gather(ended, *inbox, looking, waiting, return_exceptions=True)

    async def _inbox(self, gathering: Gathering) -> None:
        known: set[str] = set()
        while True:
            for delivery in deliveries_of(folder_of(self.feeds.folder, gathering.feed), known):
                await gathering.put(delivery)
            await asyncio.sleep(1.0)

    async def _look(self) -> None:
        """Tell governing how far the logs are, and people how everything is."""
        shown_s, expired_s, merged_s = 0.0, time.monotonic(), time.monotonic()
        states: dict[str, Health] = {}
        while True:
            self._beside.look({name: log.end for name, log in self._logs.items()})
            now = time.monotonic()
            if now - shown_s >= 0.5:
                shown_s = now
                self._keep_pace()
                for name, watch in self._watches.items():
                    health = watch.look(now)
                    if states.get(name) != health and (name not in states or states[name].state != health.state):
                        states[name] = health
                        _write_state(self.feeds, name, health)
                self._show(self._states(), self._beside.standing.away)
            if now - merged_s >= MERGE_S:
                merged_s = now
                self._merging.begin()
            if now - expired_s >= 3600.0:
                expired_s = now
                await asyncio.to_thread(self._expire)
            await asyncio.sleep(LOOK_S)

    def _keep_pace(self) -> None:
        """Ask more often in an emergency, where a feed says how often."""
        urgent = is_urgent(self.feeds.folder)
        if urgent != self._urgent:
            self._urgent = urgent
            _log.warning("feeds are asked %s from now on", "as in an emergency" if urgent else "as usual")
            for gathering in self._gatherings.values():
                gathering.hurry(urgent)

    def _expire(self) -> None:
        for feed in self.feeds.feeds:
            position = self._beside.standing.positions.get(feed.id)
            if feed.text.keep_days is not None and position is not None:
                before = datetime.now(UTC) - timedelta(days=feed.text.keep_days)
                gone = expire(folder_of(self.feeds.folder, feed.id), before, position)
                if gone:
                    _log.info("feed %s: messages %d to %d were too old and are gone", feed.id, gone[0], gone[-1])

    def _states(self) -> list[State]:
        found, standing = [], self._beside.standing
        for name, gathering in self._gatherings.items():
            tally = standing.tallies.get(name)
            rows, dead = (sum(tally.rows.values()), tally.dead) if tally else (0, 0)
            health, log = self._watches[name].health, self._logs[name]
            found.append(State(name, health, gathering.messages, log.end, standing.positions.get(name), rows, dead))
        return found


def _write_state(feeds: FeedSet, name: str, health: Health) -> None:
    """For `twin feeds list` in another process."""
    path = folder_of(feeds.folder, name) / STATE
    beside = path.with_suffix(".part")
    with suppress(OSError):
        beside.write_text(json.dumps({"state": health.state, "why": health.why}), encoding="utf-8")
        beside.replace(path)
