"""From a transport into the log: pulled no faster than the disk takes it, acknowledged when the disk has it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from models.streams import stream
from twin.feeds.format import Concealing
from twin.feeds.health import Watch, spoken_s
from twin.feeds.log import LARGEST_PAYLOAD, LogWriter
from twin.feeds.message import Message
from twin.feeds.source import Delivery, Source
from twin.feeds.understanding import TOO_LARGE

GROUP_S, GROUP_BYTES = 0.02, 1 << 20
"""Messages of so long, or of so many bytes, are written together."""
MOST_WAITING, MOST_BYTES = 5_000, 8 * 2**20
FIRST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_END_S = 0.5, 60.0, 10.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pauses:
    """How long to wait before the next try: twice as long each time, with jitter, at most a minute."""

    draw: np.random.Generator
    tries: int = 0

    def next_s(self) -> float:
        """The next pause (s), between half and the whole of its length."""
        whole = min(FIRST_PAUSE_S * 2.0**self.tries, LONGEST_PAUSE_S)
        self.tries = min(self.tries + 1, 20)
        return whole * float(self.draw.uniform(0.5, 1.0))


class Gathering:
    """One feed on its way in.

    Args:
        feed: Its id.
        source: Its transport.
        log: Open.
        watch: Its health.
        conceal: The format, where it takes out persons' names.
        clock: Seconds that never jump.
    """

    def __init__(
        self, feed: str, source: Source, log: LogWriter, watch: Watch, conceal: Concealing | None = None,
        *, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.feed, self.watch, self.log = feed, watch, log
        self.messages = self.bytes = 0
        self._source, self._conceal, self._clock = source, conceal, clock
        self._waiting: list[Delivery] = []
        self._size, self._under_way = 0, 0
        self._news, self._room = asyncio.Event(), asyncio.Event()
        self._full = self._closing = False

    async def run(self) -> None:
        """Gather until the transport ends or the task is cancelled; what was pulled by then is written first."""
        tasks = [asyncio.create_task(self._pull()), asyncio.create_task(self._write_all())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            while self._waiting or self._under_way:  # the transport ended; the disk may be full for long
                await asyncio.sleep(GROUP_S)
        finally:  # the transport stays open until what it gave is written and acknowledged
            self._closing = True
            until = self._clock() + LONGEST_END_S
            while (self._waiting or self._under_way) and not self._full and self._clock() < until:
                await asyncio.sleep(GROUP_S)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pull(self) -> None:
        pauses = Pauses(stream(0, f"pauses of feed {self.feed}"))
        answered = getattr(self._source, "when_answered", None)
        if answered is not None:
            answered(lambda: self.watch.heard(self._clock()))
        while True:
            try:
                async for delivery in self._source.deliveries():
                    pauses.tries = 0
                    self.watch.heard(self._clock())
                    await self.put(delivery)
                return
            except Exception as error:  # a transport stops nobody but itself, and only for a while
                why = str(error) if isinstance(error, OSError) and str(error) else f"{type(error).__name__}: {error}"
                pause_s = pauses.next_s()
                self.watch.away(why.splitlines()[0], self._clock())
                _log.debug("feed %s: %s; again in %s", self.feed, why, spoken_s(pause_s))
                await asyncio.sleep(pause_s)

    def hurry(self, urgent: bool) -> None:
        """Ask more often, or as usual, where the transport is one that asks."""
        change = getattr(self._source, "hurry", None)
        if change is not None:
            change(urgent)

    async def put(self, delivery: Delivery) -> None:
        """Hand over one delivery; waits while too much is on its way to the disk."""
        while self._closing or len(self._waiting) >= MOST_WAITING or self._size >= MOST_BYTES:
            self._room.clear()
            await self._room.wait()
        self._waiting.append(delivery)
        self._size += len(delivery.message.payload)
        self._news.set()

    async def _write_all(self) -> None:
        while True:
            await self._news.wait()
            if self._size < GROUP_BYTES:
                await asyncio.sleep(GROUP_S)
            group, self._waiting, self._size = self._waiting, [], 0
            self._under_way = len(group)
            self._news.clear()
            self._room.set()
            await self._write([self._safe(one.message) for one in group])
            for one in group:
                await self._done(one)
            self._under_way = 0

    async def _write(self, messages: list[Message]) -> None:
        """Append them, as often as it takes: while the disk is full nothing is acknowledged."""
        while True:
            try:
                await asyncio.to_thread(self.log.append, messages)
                break
            except OSError as error:
                if not self._full:
                    _log.error("feed %s: nothing can be written: %s; nothing is acknowledged until it can",
                               self.feed, error.strerror or error)  # fmt: skip
                self._full = True
                await asyncio.sleep(1.0)
        if self._full:
            _log.warning("feed %s: the disk takes messages again", self.feed)
        self._full = False
        self.messages += len(messages)
        self.bytes += sum(len(one.payload) for one in messages)

    async def _done(self, delivery: Delivery) -> None:
        try:
            await delivery.done()
        except Exception as error:  # it is on the disk; the other side may send it again
            _log.warning("feed %s: a message is kept, but could not be acknowledged: %s", self.feed, error)

    def _safe(self, message: Message) -> Message:
        """As it may be written: without persons' names, and not larger than anything ever is."""
        if len(message.payload) > LARGEST_PAYLOAD:
            _log.warning("feed %s: a message of %d bytes is too large to keep", self.feed, len(message.payload))
            headers = {**message.headers, TOO_LARGE: str(len(message.payload))}
            return replace(message, payload=b"", headers=headers)
        if self._conceal is None:
            return message
        try:
            return replace(message, payload=self._conceal.conceal(message.payload))
        except Exception as error:  # it may name somebody: nothing of it is written
            _log.warning("feed %s: a message could not be concealed: %s", self.feed, type(error).__name__)
            return replace(message, payload=f"not concealed: {len(message.payload)} bytes".encode())
