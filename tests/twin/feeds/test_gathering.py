"""Gathering: acknowledged only what the disk has, no faster than it takes it, and no transport stops for good."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.streams import stream
from twin.feeds import Delivery, Message
from twin.feeds import gathering as room
from twin.feeds.gathering import Gathering, Pauses
from twin.feeds.health import Watch
from twin.feeds.log import LogReader, LogWriter

NOW = datetime(2026, 7, 17, 15, tzinfo=UTC)


class Sender:
    """Gives numbered messages; remembers which were pulled and acknowledged; `breaks` are raised one a connection."""

    def __init__(self, count: int, *, breaks: list[Exception] | None = None, ends: bool = True) -> None:
        self.count, self.breaks, self.ends = count, breaks or [], ends
        self.pulled, self.done, self.open = 0, list[int](), False
        self.on_done: Callable[[int], None] = lambda _: None

    async def deliveries(self) -> AsyncIterator[Delivery]:
        self.open = True
        try:
            if self.breaks:
                raise self.breaks.pop(0)
            while self.pulled < self.count:
                self.pulled += 1
                yield Delivery(Message(b"%d" % (self.pulled - 1), "t", NOW), self._done(self.pulled - 1))
            if not self.ends:
                await asyncio.Event().wait()
        finally:
            self.open = False

    def _done(self, number: int) -> Callable[[], Awaitable[None]]:
        async def done() -> None:
            assert self.open or self.ends
            self.on_done(number)
            self.done.append(number)

        return done


def gathered(tmp_path: Path, sender: Sender, *, until: Callable[[], bool] | None = None, conceal: Any = None) -> Watch:
    """Gather until the sender ends, or until something is so; then as if Ctrl-C was pressed."""
    watch = Watch("f", None, 0.0)

    async def whole() -> None:
        with LogWriter(tmp_path) as log:
            task = asyncio.ensure_future(Gathering("f", sender, log, watch, conceal).run())
            while not task.done() and (until is None or not until()):
                await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(asyncio.wait_for(whole(), 60.0))
    return watch


def kept(tmp_path: Path) -> list[bytes]:
    return [message.payload for _, message in LogReader(tmp_path).read() if isinstance(message, Message)]


def test_what_is_acknowledged_is_in_the_log_in_its_order(tmp_path: Path) -> None:
    sender = Sender(500)

    def look(number: int) -> None:
        if number % 100 == 0:
            assert b"%d" % number in kept(tmp_path)

    sender.on_done = look
    gathered(tmp_path, sender)
    assert sender.done == list(range(500)) and kept(tmp_path) == [b"%d" % n for n in range(500)]


def test_ctrl_c_writes_and_acknowledges_what_was_pulled_before_the_transport_closes(tmp_path: Path) -> None:
    sender = Sender(50, ends=False)
    gathered(tmp_path, sender, until=lambda: sender.pulled == 50)
    assert sender.done == list(range(50)) and len(kept(tmp_path)) == 50 and not sender.open


def test_a_full_disk_acknowledges_nothing_is_told_once_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sender, tries = Sender(30), 0
    true_sleep = asyncio.sleep

    def sync(_: int) -> None:
        nonlocal tries
        tries += 1
        if 1 <= tries <= 3:
            assert sender.done == []
            raise OSError(errno.ENOSPC, "No space left on device")

    async def quick(seconds: float) -> None:
        await true_sleep(min(seconds, 0.01))

    monkeypatch.setattr("twin.feeds.log.writing.sync", sync)
    monkeypatch.setattr(room.asyncio, "sleep", quick)
    gathered(tmp_path, sender)
    assert sender.done == list(range(30)) and kept(tmp_path) == [b"%d" % n for n in range(30)]
    said = [one.message for one in caplog.records]
    assert sum("nothing can be written" in line for line in said) == 1 and sum("again" in line for line in said) == 1


def test_a_slow_disk_holds_the_transport_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sender, most = Sender(100, ends=False), 0
    monkeypatch.setattr(room, "MOST_WAITING", 10)

    def look(number: int) -> None:
        nonlocal most
        most = max(most, sender.pulled - number)

    sender.on_done = look
    gathered(tmp_path, sender, until=lambda: len(sender.done) == 100)
    assert most <= 21  # a group that is being written, one that waits, and one in the hand


def test_whatever_a_transport_raises_it_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FIRST_PAUSE_S", 0.001)
    sender = Sender(3, breaks=[ConnectionError("no route"), OSError(), ZeroDivisionError("x"), ValueError("y")])
    watch = gathered(tmp_path, sender)
    assert sender.done == [0, 1, 2] and watch.health.state == "ok"


def test_pauses_double_have_jitter_and_an_end() -> None:
    pauses = Pauses(stream(0, "test"))
    found = [pauses.next_s() for _ in range(12)]
    whole = [min(0.5 * 2**k, 60.0) for k in range(12)]
    assert all(0.5 * most <= one <= most for one, most in zip(found, whole, strict=True))
    assert found == [Pauses(stream(0, "test"), 0).next_s(), *found[1:]]


def test_nothing_is_written_of_what_could_not_be_concealed(tmp_path: Path) -> None:
    class Careless:
        def conceal(self, payload: bytes) -> bytes:
            if payload == b"1":
                raise KeyError("name")
            return b"someone"

    gathered(tmp_path, Sender(3), conceal=Careless())
    assert kept(tmp_path) == [b"someone", b"not concealed: 1 bytes", b"someone"]


def test_a_payload_that_is_too_large_is_told_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST_PAYLOAD", 0)
    sender = Sender(1)
    gathered(tmp_path, sender)
    [(_, message)] = list(LogReader(tmp_path).read())
    assert isinstance(message, Message) and message.payload == b"" and message.headers == {"too-large": "1"}
    assert sender.done == [0]
