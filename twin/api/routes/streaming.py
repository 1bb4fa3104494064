"""Event streams (WHATWG server-sent events): written piece by piece, so that nothing waits in memory for a reader."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import StreamingResponse

from twin.api.behind import Behind
from twin.api.routes.caller import caller
from twin.api.streams import TooMany

PING_S = 15.0
STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events, for ever.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def event(name: str, text: str, number: int | None = None) -> bytes:
    """One event; `text` holds no line ends (JSON has none)."""
    lines = [f"event: {name}", *([] if number is None else [f"id: {number}"]), f"data: {text}"]
    return ("\n".join(lines) + "\n\n").encode()


def stream(step: Callable[[], Awaitable[Sequence[bytes]]], pause_s: float) -> StreamingResponse:
    """A stream of what each step gives.

    Args:
        step: The events since the last step; asked for again only when the reader has taken those.
        pause_s: Between steps. Where nothing happens a comment goes out now and then: nobody in between hangs up.
    """

    async def pieces() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        said = time.monotonic()
        while True:
            for piece in await step():
                yield piece
                said = time.monotonic()
            if time.monotonic() - said >= PING_S:
                yield b": still here\n\n"
                said = time.monotonic()
            await asyncio.sleep(pause_s)

    headers = {"x-accel-buffering": "no", "cache-control": "no-cache"}
    return StreamingResponse(pieces(), media_type="text/event-stream", headers=headers)


def one_stream(behind: Behind) -> Callable[[Request], AsyncIterator[None]]:
    """A dependency that holds one stream open for the caller, or answers 429."""

    async def held(request: Request) -> AsyncIterator[None]:
        person = caller(request)
        whose = person.name if person else request.client.host if request.client else ""
        try:
            with behind.streams.one(whose):
                yield
        except TooMany as error:
            words = "too many event streams are open; close one"
            raise HTTPException(429, words, headers={"Retry-After": "10"}) from error

    return held
