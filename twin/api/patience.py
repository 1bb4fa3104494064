"""`Patience`: how long a request may take to come, to be answered, and to be taken.

A body that drips in, a database that hangs and a reader that stops reading each hold a connection for so long only.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twin.api.answering import answer
from twin.api.gate import LONGEST_BODY

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds.

    Attributes:
        body_s: Until the whole body is there.
        answer_s: Until the answer begins, body included.
        taken_s: Until a piece of an answer was taken by the one who asked.
    """

    body_s: float = 10.0
    answer_s: float = 30.0
    taken_s: float = 30.0


class Patience:
    """Ends what takes too long: 408 for a body that does not come, 503 for an answer, a cut for a reader that stalls.

    Args:
        app: What is behind.
        limits: Seconds.
    """

    def __init__(self, app: ASGIApp, limits: Limits | None = None) -> None:
        self.app, self.limits = app, limits or Limits()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over, with an eye on the clock."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.limits.body_s):
                body = await _whole(receive)
        except TimeoutError:
            await answer(send, 408, "the body did not come in time", {"connection": "close"})
            return
        if body is None:
            await answer(send, 413, f"a body of at most {LONGEST_BODY} bytes", {"connection": "close"})
            return
        await self._answered(scope, _given(body, receive), send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            deadline.reschedule(None)
            async with asyncio.timeout(self.limits.taken_s):
                await send(message)

        try:
            async with asyncio.timeout(self.limits.answer_s) as deadline:
                await self.app(scope, receive, sent)
        except TimeoutError:
            if not begun:
                await answer(send, 503, "it could not be answered in time", {"retry-after": "5"})
            else:
                log.info("a reader stopped reading %s: cut off", scope["path"])


async def _whole(receive: Receive) -> bytes | None:
    """The body; None when it is too long. Who goes away in the middle has sent what came until then."""
    parts, length = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > LONGEST_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _given(body: bytes, receive: Receive) -> Receive:
    """Gives the body once, then what the connection says."""
    given = False

    async def received() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received
