"""A server on this machine's loopback that holds a conversation with whoever connects."""

from __future__ import annotations

import socketserver
from collections.abc import Callable
from typing import Protocol

LOOPBACK = "127.0.0.1"
_CHUNK = 1 << 16
_SILENCE_S = 300.0


class Conversation(Protocol):
    """One connection's side of a protocol."""

    done: bool

    def feed(self, data: bytes) -> bytes:
        """What to answer to bytes that came in; perhaps nothing yet."""


class LoopbackServer(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1 alone.

    Args:
        port: 0 lets the system choose; `port` tells which.
        converse: Makes the conversation of a new connection.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, converse: Callable[[], Conversation]) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.converse = converse

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, LoopbackServer)
        talk = self.server.converse()
        self.request.settimeout(_SILENCE_S)
        try:
            while not talk.done and (data := self.request.recv(_CHUNK)):
                if answer := talk.feed(data):
                    self.request.sendall(answer)
        except OSError:
            return
