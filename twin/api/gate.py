"""Who may talk to the server: its own pages, and programs that call it by its name.

A page of another site can make a browser send requests to this host, or let its own name point here (DNS rebinding).
So every request must name this server as its host, a request with an origin must come from this server's own page,
and what changes something must be JSON, which a foreign form cannot send.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twin.api.answering import answer

LONGEST_BODY = 64_000

POLICY = "content-security-policy"
HEADERS = {
    POLICY: (
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
        tls: It speaks https: pages are told to ask for nothing else.
        pictures: Origin of one more server that pages may ask for pictures; empty: none.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        names: Sequence[str] = ("127.0.0.1", "localhost"),
        tls: bool = False,
        pictures: str = "",
    ) -> None:
        self.app, scheme = app, "https" if tls else "http"
        self.hosts = {f"{name.lower()}:{port}" for name in names}
        if port == (443 if tls else 80):  # the port of the scheme is not said
            self.hosts |= {name.lower() for name in names}
        self.origins = {f"{scheme}://{host}" for host in self.hosts}
        policy = (
            HEADERS[POLICY].replace("img-src 'self'", f"img-src 'self' {pictures}") if pictures else HEADERS[POLICY]
        )
        self.headers = HEADERS | {POLICY: policy} | ({"strict-transport-security": "max-age=31536000"} if tls else {})

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
            await answer(send, *refusal)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in self.headers.items() if k.encode() not in given]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if headers.get(b"host", "").lower() not in self.hosts:
            return 421, "this server is called by another name"
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() not in self.origins:
            return 403, "another site's page may not talk to this server"
        if scope["method"] in ("GET", "HEAD"):
            return None
        length = headers.get(b"content-length", "")
        if scope["method"] == "DELETE" and length in ("", "0") and b"transfer-encoding" not in headers:
            return None
        if headers.get(b"content-type", "").split(";")[0].strip().lower() != "application/json":
            return 415, "send application/json"
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return 413, f"a body of at most {LONGEST_BODY} bytes, with its length"
        return None
