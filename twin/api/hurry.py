"""`Hurry`: HTTP/1.1 over which a request's head must come in time (uvicorn alone waits for it for ever)."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_S = 10.0


class Hurry(H11Protocol):
    """Closes a connection on which no request was complete in HEAD_S seconds since it opened."""

    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to count."""
        super().connection_made(transport)
        self._hurry = self.loop.call_later(HEAD_S, self._give_up)

    def _give_up(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to count any more."""
        if self._hurry is not None:
            self._hurry.cancel()
        super().connection_lost(exc)
