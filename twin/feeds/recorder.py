"""All feeds of a file at work: gathering here, governing in a process beside it."""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from networks.errors import StorageFailed
from twin.feeds.gathering import Gathering
from twin.feeds.governed import NOTHING, Opening, Shared, Standing, govern
from twin.feeds.health import Health, Watch
from twin.feeds.inbox import deliveries_of
from twin.feeds.log import LogWriter, expire, folder_of
from twin.feeds.spec import FeedSet

LOOK_S, HANG_S, DRAIN_S = 0.05, 120.0, 30.0
STATE = "state.json"

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
        self._beside = _Beside(feeds, opening)

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
        shown_s, expired_s = 0.0, time.monotonic()
        states: dict[str, Health] = {}
        while True:
            self._beside.look({name: log.end for name, log in self._logs.items()})
            now = time.monotonic()
            if now - shown_s >= 0.5:
                shown_s = now
                for name, watch in self._watches.items():
                    health = watch.look(now)
                    if states.get(name) != health and (name not in states or states[name].state != health.state):
                        states[name] = health
                        _write_state(self.feeds, name, health)
                self._show(self._states(), self._beside.standing.away)
            if now - expired_s >= 3600.0:
                expired_s = now
                await asyncio.to_thread(self._expire)
            await asyncio.sleep(LOOK_S)

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


class _Beside:
    """The governing process, begun again when it dies."""

    def __init__(self, feeds: FeedSet, opening: Opening) -> None:
        self.standing = Standing({}, {})
        self._feeds, self._opening = feeds, opening
        self._context: Any = multiprocessing.get_context("spawn")
        names = [feed.id for feed in feeds.feeds]
        self._ends = {name: self._context.Value("Q", 0, lock=False) for name in names}
        self._reading = {name: self._context.Value("Q", NOTHING, lock=False) for name in names}
        self._stop = self._context.Event()
        self._ended_at: Counter[tuple[str, int]] = Counter()
        self._process: Any = None
        self._told: Connection | None = None
        self._heard_s = 0.0
        self._before = Standing({}, {})

    def look(self, ends: dict[str, int]) -> None:
        """Tell it how far the logs are; hear it; begin it again where it died or hangs."""
        for name, end in ends.items():
            self._ends[name].value = end
        if self._process is None:
            self._begin()
        self._hear()
        if time.monotonic() - self._heard_s > HANG_S and self._process.is_alive():
            _log.error("governing has hung for %.0f s and is begun again", HANG_S)
            self._process.kill()
            self._process.join()
        if not self._process.is_alive():
            self._hear()
            self._died()
            self._begin()

    def drain(self, ends: dict[str, int]) -> None:
        """Let it take in what is there, for half a minute at most; the rest waits in the log."""
        self._stop.set()
        until = time.monotonic() + DRAIN_S
        while self._process is not None and time.monotonic() < until:
            for name, end in ends.items():
                self._ends[name].value = end
            self._hear()
            if not self._process.is_alive():
                break
            time.sleep(LOOK_S)
        self._hear()

    def end(self) -> None:
        """No process is left behind."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5.0)
            self._process.kill()
            self._process.join()

    def _begin(self) -> None:
        ours, theirs = self._context.Pipe(duplex=False)
        skip = frozenset(at for at, times in self._ended_at.items() if times >= 2)
        shared = Shared(self._ends, self._reading, self._stop, skip)
        self._process = self._context.Process(
            target=govern, args=(self._feeds, self._opening, shared, theirs, os.getpid()), daemon=True
        )
        self._process.start()
        theirs.close()
        self._told, self._heard_s = ours, time.monotonic()

    def _died(self) -> None:
        reading = {name: value.value for name, value in self._reading.items() if value.value != NOTHING}
        _log.error(
            "governing ended by itself (status %s)%s and is begun again; nothing is lost", self._process.exitcode,
            "".join(f", reading message {number} of {name}" for name, number in reading.items()),
        )  # fmt: skip
        self._ended_at.update(reading.items())
        for value in self._reading.values():
            value.value = NOTHING
        time.sleep(0.2)

    def _hear(self) -> None:
        try:
            while self._told is not None and self._told.poll():
                heard = self._told.recv()
                self._heard_s = time.monotonic()
                if isinstance(heard, Standing):
                    self.standing = heard
                else:
                    _log.log(*heard)
        except (EOFError, OSError):
            self._told = None


def _write_state(feeds: FeedSet, name: str, health: Health) -> None:
    """For `twin feeds list` in another process."""
    path = folder_of(feeds.folder, name) / STATE
    beside = path.with_suffix(".part")
    with suppress(OSError):
        beside.write_text(json.dumps({"state": health.state, "why": health.why}), encoding="utf-8")
        beside.replace(path)
