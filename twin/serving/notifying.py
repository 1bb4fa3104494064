"""What a service manager hears: ready, alive, ending; datagrams to NOTIFY_SOCKET, as `man sd_notify` has it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

PACE_S = 15.0
"""How often the state is told where nobody watches; a watchdog is told twice in its time."""


@dataclass(frozen=True, slots=True)
class Manager:
    """The service manager that started this process, if one did.

    Attributes:
        address: Its socket: a path, or a name of Linux' abstract sockets after an @; empty where nobody listens.
        pace_s: Seconds between two signs of life.
    """

    address: str = ""
    pace_s: float = PACE_S

    @classmethod
    def around(cls, environment: Mapping[str, str] = os.environ) -> Manager:
        """What systemd says in the environment; its watchdog may be meant for another process."""
        address, microseconds = environment.get("NOTIFY_SOCKET", ""), environment.get("WATCHDOG_USEC", "")
        ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watched = ours and microseconds.isdigit() and int(microseconds) > 0
        return cls(address, int(microseconds) / 2e6 if watched else PACE_S)

    def tell(self, **said: str) -> None:
        """Say it, one line each; nobody who listens is no fault of the service."""
        if not self.address:
            return
        lines = "\n".join(f"{name}={' '.join(words.split())}" for name, words in said.items())
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
            wire.setblocking(False)
            wire.sendto(lines.encode(), self.address.replace("@", "\0", 1))


async def keep_telling(manager: Manager, server: uvicorn.Server, why_not: Callable[[], str]) -> None:
    """Ready as soon as the server listens; then signs of life for as long as the server's own loop turns.

    Args:
        manager: Who is told.
        server: The cockpit's.
        why_not: Why the twin cannot be relied on now, in words; empty when it can. It does not end the signs of life:
            a feed that is away is not mended by another start.
    """
    while not server.started and not server.should_exit:
        await asyncio.sleep(0.1)
    manager.tell(READY="1")
    while not server.should_exit:
        why = await asyncio.to_thread(why_not)
        manager.tell(WATCHDOG="1", STATUS=why or "in step")
        await asyncio.sleep(manager.pace_s)
