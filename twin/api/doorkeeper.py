"""`Doorkeeper`: who asks, and how often they may.

A token comes as `Authorization: Bearer TOKEN`, or in the cookie that the sign-in page sets (HttpOnly, SameSite=Strict:
scripts cannot read it and other sites' pages cannot send it). It is never written into a log.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from networks.errors import Refused, StorageFailed
from twin.api.answering import answer
from twin.api.pages import PAGES
from twin.api.rates import AT_THIS_MACHINE, BY_ROLE, STRANGERS, Buckets, Rate
from twin.desk import Person

COOKIE = "twin-token"
OPEN = ("/health/live", "/health/ready", "/sign-in", "/static/sign_in.js", "/static/sign_in.css", "/static/look.js")
LONGEST_TOKEN = 8_000
STILL_S = 3.0
"""How often the token of somebody who holds a stream open is asked about."""


class SignIn(Protocol):
    """Says whose token it is."""

    def who(self, token: str) -> Person:
        """Whose.

        Raises:
            Refused: Nobody's.
            StorageFailed: It cannot be told now.
        """


class Doorkeeper:
    """Lets in who has a good token, as often as their role may ask.

    Args:
        app: What is behind.
        sign_in: Whose token it is.
        required: Without a token nobody comes in; else, on loopback, they come in as nobody in particular.
        rates: By role.
        strangers: Of an address without a good token.
        local: Of everybody together where nobody signs in.
        still_s: How often the token of an open stream is asked about.
    """

    def __init__(
        self,
        app: ASGIApp,
        sign_in: SignIn,
        *,
        required: bool = True,
        rates: Mapping[str, Rate] = BY_ROLE,
        strangers: Rate = STRANGERS,
        local: Rate = AT_THIS_MACHINE,
        still_s: float = STILL_S,
    ) -> None:
        self.app, self.sign_in, self.required = app, sign_in, required
        self.rates, self.strangers, self.local = rates, strangers, local
        self.still_s = still_s
        self.buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who it is, then hand over."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        person = None
        if not self.required and not token_of(scope):
            wait_s = self.buckets.wait_s("local", self.local)
        elif scope["path"] in OPEN:
            wait_s = self.buckets.wait_s(f"stranger {address_of(scope)}", self.strangers)
        else:
            person, wait_s = await self._person(scope, send)
            if person is None and not wait_s:
                return
            if person is not None:
                wait_s = self.buckets.wait_s(f"{person.role} {person.name}", self.rates[person.role])
        if wait_s:
            await answer(send, 429, "too many requests", {"retry-after": str(math.ceil(wait_s))})
            return
        scope.setdefault("state", {})["person"] = person
        if person is None:
            await self.app(scope, receive, send)
        else:
            await self._while_known(scope, receive, send)

    async def _while_known(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; a stream of events ends once its token opens nothing any more, so that the page finds out."""
        streams = False

        async def noted(message: Message) -> None:
            nonlocal streams
            if message["type"] == "http.response.start":
                streams = any(value.startswith(b"text/event-stream") for _, value in message["headers"])
            await send(message)

        answering = asyncio.ensure_future(self.app(scope, receive, noted))
        try:
            while not (await asyncio.wait({answering}, timeout=self.still_s))[0]:
                if streams and not await self._still_known(token_of(scope)):
                    answering.cancel()
                    await asyncio.wait({answering})
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    return
            await answering
        finally:
            answering.cancel()

    async def _still_known(self, token: str) -> bool:
        try:
            await asyncio.to_thread(self.sign_in.who, token)
        except Refused:
            return False
        except StorageFailed:
            return True  # it cannot be told now
        return True

    async def _person(self, scope: Scope, send: Send) -> tuple[Person | None, float]:
        """Who, or nobody (then it was answered), or the seconds that this address has to wait."""
        stranger = f"stranger {address_of(scope)}"
        token = token_of(scope)
        if not token or len(token) > LONGEST_TOKEN:
            wait_s = self.buckets.wait_s(stranger, self.strangers)
            if not wait_s:
                await _unknown(scope, send, "sign in: no token was sent")
            return None, wait_s
        if wait_s := self.buckets.wait_s(stranger, self.strangers, take=False):
            return None, wait_s  # an address that guesses is not even asked whose token it has
        try:
            return await asyncio.to_thread(self.sign_in.who, token), 0.0
        except Refused as error:
            self.buckets.wait_s(stranger, self.strangers)
            await _unknown(scope, send, error.what)
        except StorageFailed as error:
            await answer(send, 503, error.what, {"retry-after": "5"})
        return None, 0.0


def token_of(scope: Scope) -> str:
    """The token that a request carries; empty without one."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    kind, _, token = headers.get(b"authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    try:
        cookies = SimpleCookie(headers.get(b"cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


def address_of(scope: Scope) -> str:
    """The network that a request comes from: an IPv4 address, or the /64 of an IPv6 one, which one host may fill."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


async def _unknown(scope: Scope, send: Send, words: str) -> None:
    """401; a browser that asks for a page is shown where to sign in."""
    if (
        scope["path"] in PAGES
        and scope["method"] == "GET"
        and any(b"text/html" in value for _, value in scope["headers"])
    ):
        await answer(send, 303, words, {"location": "/sign-in"})
        return
    await answer(send, 401, words, {"www-authenticate": 'Bearer realm="citytwin"'})
