"""What a service manager hears of a served town: ready when it listens, alive while its loop turns."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from twin.serving.notifying import PACE_S, Manager, keep_telling


@pytest.fixture
def hearing(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(str(tmp_path / "notify"))
        wire.setblocking(False)
        yield wire


def test_the_environment_says_who_listens_and_how_often() -> None:
    assert Manager.around({}) == Manager("", PACE_S)
    mine = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}
    assert Manager.around(mine) == Manager("/run/x", 30.0)
    assert Manager.around(mine | {"WATCHDOG_PID": "1"}) == Manager("/run/x", PACE_S), "another process is watched"
    assert Manager.around(mine | {"WATCHDOG_USEC": "soon"}) == Manager("/run/x", PACE_S)


def test_it_is_ready_when_it_listens_and_alive_until_it_ends(hearing: socket.socket) -> None:
    server: Any = SimpleNamespace(started=False, should_exit=False)
    reasons = iter(["no cycle\nyet", ""])

    def why_not() -> str:
        why = next(reasons)
        server.should_exit = not why
        return why

    async def served() -> None:
        telling = asyncio.create_task(keep_telling(Manager(hearing.getsockname(), 0.01), server, why_not))
        await asyncio.sleep(0.2)
        with pytest.raises(BlockingIOError):
            hearing.recv(1000)
        server.started = True
        await telling

    asyncio.run(served())
    said = [hearing.recv(1000).decode() for _ in range(3)]
    assert said == ["READY=1", "WATCHDOG=1\nSTATUS=no cycle yet", "WATCHDOG=1\nSTATUS=in step"]


def test_a_name_without_a_file_is_heard_and_nobody_there_is_no_fault(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as wire:
        wire.bind(f"\0citytwin-test-{os.getpid()}")
        Manager(f"@citytwin-test-{os.getpid()}").tell(STOPPING="1")
        assert wire.recv(100) == b"STOPPING=1"
    Manager(str(tmp_path / "nobody")).tell(READY="1")
    Manager().tell(READY="1")
