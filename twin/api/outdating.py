"""What somebody did is in the next state that anybody asks for."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twin.api.behind import StateFeed

LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})


class Outdating:
    """Outdates the state when an act has succeeded, before its answer goes out.

    Args:
        app: What is behind.
        state: What pages read; decisions, alarms, cases and the mode are in it.
    """

    def __init__(self, app: ASGIApp, state: StateFeed) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over, and listen to what was done."""
        if scope["type"] != "http" or scope["method"] in LOOKS:
            await self.app(scope, receive, send)
            return

        async def listened(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.state.outdate()
            await send(message)

        await self.app(scope, receive, listened)
