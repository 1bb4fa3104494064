"""Served until somebody says so: Ctrl-C, or the service manager."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again before the workers are given back."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def until_told(server: uvicorn.Server, listening: socket.socket) -> None:
    """Serve until Ctrl-C or SIGTERM; a second one does not wait for open connections.

    Raises:
        KeyboardInterrupt: It was Ctrl-C.
        SystemExit: It was SIGTERM (status 143).
    """
    told: list[signal.Signals] = []

    def end(number: signal.Signals) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        told.append(number)

    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, end, number)
    try:
        await server.serve(sockets=[listening])
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            running.remove_signal_handler(number)
    if told:
        raise KeyboardInterrupt if told[0] is signal.SIGINT else SystemExit(143)
