"""Polling a page: what changed since the last time, politely, and no further than its owner's own house."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from networks.errors import BadInput
from twin.feeds import source
from twin.feeds.message import Message
from twin.feeds.source import Delivery
from twin.feeds.unpacking import Gunzip

if TYPE_CHECKING:
    import httpx

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MOVED = (301, 302, 303, 307, 308)
_MOST_MOVES = 5
_LONGEST_WAIT_S = 3600.0
_KEPT = ("content-type", "etag", "last-modified", "date")


class HttpConnection(source.Connection):
    """What to ask for, and how often.

    Attributes:
        url: http or https; `${NAME}` takes a variable of the environment, which is written down nowhere.
        every_s: From one question to the next (s).
        emergency_every_s: The same in an emergency (s), not longer; None: as usual.
        headers: Sent along, with `${NAME}` as above: `Authorization: Bearer ${CITY_TOKEN}`.
        timeout_s: Longest silence of the other side (s).
        longest_s: A whole answer may take this long (s).
        at_most_bytes: Larger answers are refused, packed or unpacked.
        private_redirects: Follow a redirect to another host that is on this machine or in a private network.
        once: Ask once, then end.
    """

    url: Annotated[str, Field(pattern=r"^https?://")]
    every_s: Annotated[float, Field(gt=0.0, le=7 * 86400.0)] = 60.0
    emergency_every_s: Annotated[float, Field(gt=0.0)] | None = None
    headers: Mapping[str, str] = Field(default_factory=dict)
    timeout_s: Annotated[float, Field(gt=0.0)] = 20.0
    longest_s: Annotated[float, Field(gt=0.0)] = 120.0
    at_most_bytes: Annotated[int, Field(gt=0)] = 32 << 20
    private_redirects: bool = False
    once: bool = False

    @model_validator(mode="after")
    def _sooner(self) -> HttpConnection:
        if self.emergency_every_s is not None and self.emergency_every_s > self.every_s:
            raise ValueError(f"in an emergency it would be asked less often than every {self.every_s:g} s")
        return self


class Http:
    """Delivers answers. Tags (ETag, Last-Modified) are remembered once an answer is safe, so that what did not change
    is not sent again; asked to wait (Retry-After) it waits. Headers of the feed go to the host of its own URL alone.

    Raises:
        BadInput: The environment lacks a variable.
    """

    Connection = HttpConnection

    def __init__(self, connection: HttpConnection, feed_id: str) -> None:
        import httpx

        self._of = connection
        try:
            self._url = httpx.URL(_filled(connection.url, feed_id))
        except httpx.InvalidURL as error:
            raise BadInput(f"it is no URL: {error}", place=f"{feed_id}: url", expected="http:// or https://") from error
        self._headers = {name: _filled(value, feed_id) for name, value in connection.headers.items()}
        self._tags: dict[str, str] = {}
        self._not_before_s = 0.0
        self._answered: Callable[[], None] = lambda: None
        self._every_s, self._changed = connection.every_s, asyncio.Event()

    def when_answered(self, call: Callable[[], None]) -> None:
        """Call this when the other side answered that nothing is new."""
        self._answered = call

    def hurry(self, urgent: bool) -> None:
        """Ask as often as in an emergency, or as usual; holds from now on, also for the pause that has begun."""
        self._every_s = (self._of.emergency_every_s if urgent else None) or self._of.every_s
        self._changed.set()

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Answers, one each time that something changed.

        Raises:
            ConnectionError: The other side is away, refuses, or answers what cannot be taken; says what.
        """
        import httpx

        async with httpx.AsyncClient(timeout=self._of.timeout_s, trust_env=False, follow_redirects=False) as client:
            while True:
                await asyncio.sleep(max(0.0, self._not_before_s - time.monotonic()))
                began_s = time.monotonic()
                try:
                    async with asyncio.timeout(self._of.longest_s):
                        delivery = await self._asked(client)
                except TimeoutError:
                    raise ConnectionError(f"the answer took longer than {self._of.longest_s:g} s") from None
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    raise ConnectionError(_words(error)) from error
                except BadInput as error:
                    raise ConnectionError(f"{error.what}, expected {error.expected}") from error
                if delivery is not None:
                    yield delivery
                if self._of.once:
                    return
                await self._rest(began_s)

    async def _rest(self, began_s: float) -> None:
        """Until the next question is due, also when that changes meanwhile."""
        while (left_s := began_s + self._every_s - time.monotonic()) > 0:
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left_s)

    async def _asked(self, client: httpx.AsyncClient) -> Delivery | None:
        url = self._url
        for _ in range(_MOST_MOVES + 1):
            async with self._answer(client, url) as answer:
                if answer.status_code in _MOVED:
                    url = await self._moved(url, answer)
                    continue
                if answer.status_code == 304:
                    self._answered()
                    return None
                if answer.status_code != 200:
                    raise ConnectionError(self._refusal(answer))
                payload = await self._body(answer)
                return self._delivery(payload, answer)
        raise ConnectionError(f"more than {_MOST_MOVES} redirects")

    @asynccontextmanager
    async def _answer(self, client: httpx.AsyncClient, url: httpx.URL) -> AsyncIterator[httpx.Response]:
        own = _origin(url) == _origin(self._url)
        headers = {"Accept-Encoding": "gzip", **(self._tags if own else {}), **(self._headers if own else {})}
        async with client.stream("GET", url, headers=headers) as answer:
            if not own and not self._of.private_redirects:
                peer = answer.extensions["network_stream"].get_extra_info("server_addr")
                _check_public([str(peer[0])] if peer else [], url.host)
            yield answer

    async def _moved(self, url: httpx.URL, answer: httpx.Response) -> httpx.URL:
        to = url.join(answer.headers.get("location", ""))
        if to.scheme not in ("http", "https") or (url.scheme == "https" and to.scheme != "https"):
            raise ConnectionError(f"it redirects to {to.scheme}, which is not followed")
        if _origin(to) != _origin(self._url) and not self._of.private_redirects:
            infos = await asyncio.get_running_loop().getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
            _check_public([str(info[4][0]) for info in infos], to.host)
        return to

    def _refusal(self, answer: httpx.Response) -> str:
        status = answer.status_code
        wait_s = _retry_after_s(answer.headers.get("retry-after", ""))
        if wait_s is None:
            return f"the answer is {status} {answer.reason_phrase}"
        self._not_before_s = time.monotonic() + wait_s
        return f"the answer is {status} {answer.reason_phrase}, and to wait {wait_s:.0f} s"

    async def _body(self, answer: httpx.Response) -> bytes:
        encoding = answer.headers.get("content-encoding", "identity").lower()
        if encoding not in ("identity", "gzip", "x-gzip"):
            raise ConnectionError(f"the answer is packed as {encoding}, which was not asked for")
        gunzip = None if encoding == "identity" else Gunzip(self._of.at_most_bytes)
        found, size = list[bytes](), 0
        async for piece in answer.aiter_raw():
            size += len(piece)
            if size > self._of.at_most_bytes:
                raise ConnectionError(f"the answer has more than {self._of.at_most_bytes} bytes")
            found.append(piece if gunzip is None else gunzip.take(piece))
        if gunzip is not None:
            gunzip.end()
        return b"".join(found)

    def _delivery(self, payload: bytes, answer: httpx.Response) -> Delivery:
        headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
        tags = {"If-None-Match": headers.get("etag"), "If-Modified-Since": headers.get("last-modified")}

        async def done() -> None:
            self._tags = {name: value for name, value in tags.items() if value is not None}

        return Delivery(Message(payload, self._of.url, datetime.now(UTC), headers), done)


def _filled(text: str, feed_id: str) -> str:
    missing = [name for name in _VARIABLE.findall(text) if name not in os.environ]
    if missing:
        raise BadInput(
            f"the environment has no {missing[0]}", place=feed_id, expected=f"the variable {missing[0]} with the secret"
        )
    return _VARIABLE.sub(lambda found: os.environ[found[1]], text)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check_public(addresses: list[str], host: str) -> None:
    for address in addresses:
        found = ipaddress.ip_address(address.partition("%")[0])
        plain = getattr(found, "ipv4_mapped", None) or found
        if not plain.is_global or plain.is_multicast:
            raise ConnectionError(f"it redirects to {host}, which is {address}: a private address is not followed")
    if not addresses:
        raise ConnectionError(f"it redirects to {host}, and nobody can tell where that is")


def _retry_after_s(text: str) -> float | None:
    """Seconds from seconds or a date (RFC 9110, 10.2.3), an hour at most; None where it says neither."""
    if text.isdecimal() and len(text) < 10:
        return min(float(text), _LONGEST_WAIT_S)
    try:
        until = parsedate_to_datetime(text)
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(max(0.0, (until - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT_S)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _words(error: Exception) -> str:
    """What went wrong, without the URL: it may hold a secret."""
    said = str(error)
    return f"{type(error).__name__}: {said}" if said and "://" not in said else type(error).__name__
