"""Who may talk to the local server: this machine's own pages only.

A page of another site can make a browser send requests to 127.0.0.1, or let its own name point there (DNS rebinding).
So every request must name this server as its host, a request with an origin must come from this server's own page,
and what changes something must be JSON, which a foreign form cannot send.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 64_000

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Gate:
    """Lets requests of this server's own page through, and adds headers that keep the page to itself.

    Args:
        app: What is behind.
        port: The port that is listened on.
        names: Host names of this server.
    """

    def __init__(self, app: ASGIApp, *, port: int, names: Sequence[str] = ("127.0.0.1", "localhost")) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in names}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, then hand over."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(send, *refusal)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "").lower() not in self.hosts:
            return 421, "this server answers to 127.0.0.1 only"
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in self.origins:
            return 403, "another site's page may not talk to this server"
        if scope["method"] in ("GET", "HEAD"):
            return None
        if headers.get(b"content-type", "").split(";")[0].strip().lower() != "application/json":
            return 415, "send application/json"
        length = headers.get(b"content-length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return 413, f"a body of at most {LONGEST_BODY} bytes, with its length"
        return None


async def _answer(send: Send, status: int, words: str) -> None:
    body = json.dumps({"error": words}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
