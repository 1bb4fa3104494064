"""Event streams: how many may be open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from fastapi import HTTPException, Request

from twin.api.behind import Behind
from twin.api.streams import TooMany


def one_stream(behind: Behind) -> Callable[[Request], AsyncIterator[None]]:
    """A dependency that holds one stream open for the caller, or answers 429."""

    async def held(request: Request) -> AsyncIterator[None]:
        whose = request.client.host if request.client else ""
        try:
            with behind.streams.one(whose):
                yield
        except TooMany as error:
            words = "too many event streams are open; close one"
            raise HTTPException(429, words, headers={"Retry-After": "10"}) from error

    return held
