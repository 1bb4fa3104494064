"""Webhooks: posts that are signed, bounded in time and size, and never follow anybody elsewhere.

Signed as Standard Webhooks 1.0 says: `webhook-id` is the message's key, `webhook-timestamp` the second, and
`webhook-signature` `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`. A receiver refuses what is older or
newer than five minutes (`verified`), and knows a key that it has seen. DingTalk's robots have a signature of their own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import queue
import re
import threading
import time
from collections.abc import Hashable, Mapping, MutableMapping
from typing import Any, Literal
from urllib.parse import quote_plus, urlsplit

import httpx
from pydantic import Field, model_validator

from networks.errors import BadInput, Refused
from twin.feeds.sources.environment import from_environment
from twin.out.message import Acknowledged, OutMessage
from twin.out.ways.address import Address
from twin.out.words.order import ANSWERED
from twin.out.words.written import Text

WINDOW_S = 300.0
_LONGEST_ANSWER = 65_536
_AGAIN = frozenset({408, 409, 425, 429})
"""Answers of the kind 4xx that say: ask again (RFC 9110; 409: the same key is being worked on)."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class WebhookWay(Text):
    """Where to post.

    Attributes:
        url: https, or http on this machine or where `plain` says so; `${NAME}` is taken from the environment.
        sign: "standard", "dingtalk" (its `timestamp` and `sign` in the address), or "none".
        secret_env: The environment variable that holds the secret.
        timeout_s: For the whole exchange.
        plain: It may travel in clear.
    """

    kind: Literal["webhook"]
    url: str
    sign: Literal["standard", "dingtalk", "none"] = "none"
    secret_env: str = ""
    timeout_s: float = Field(5.0, gt=0.0, le=60.0)
    plain: bool = False

    @model_validator(mode="after")
    def _agrees(self) -> WebhookWay:
        scheme, host = urlsplit(self.url).scheme, urlsplit(self.url).hostname or ""
        if scheme not in ("http", "https") or not host:
            raise ValueError("url is no webhook address: https://... is expected")
        if scheme == "http" and not self.plain and not _here(host):
            raise ValueError("url would travel in clear: https://..., or plain: true")
        if (self.sign != "none") != bool(self.secret_env):
            raise ValueError("sign and secret_env belong together")
        return self

    def channel(self, to: Address, _shared: MutableMapping[Hashable, Any]) -> WebhookChannel:
        """The channel of a receiver."""
        url = _VARIABLE.sub(lambda found: from_environment(found[1], "url"), self.url)
        secret = from_environment(self.secret_env, "secret_env") if self.secret_env else ""
        return WebhookChannel(to, url, self.sign, secret, self.timeout_s)


class WebhookChannel:
    """One receiver that is posted to.

    Args:
        to: The receiver.
        url: Where.
        sign: As in `WebhookWay`.
        secret: For the signature.
        timeout_s: For the whole exchange.
    """

    def __init__(self, to: Address, url: str, sign: str, secret: str, timeout_s: float) -> None:
        self.name, self.done_within_s, self._writing = to.name, to.done_within_s, to.writing
        self._url, self._sign, self._secret, self._timeout_s = url, sign, secret, timeout_s

    def send(self, message: OutMessage) -> Acknowledged:
        """Post once."""
        try:
            written = self._writing.written(message)
        except BadInput as error:
            return Acknowledged("refused", f"it cannot be told: {error.what}")
        headers = {"content-type": written.content_type, "idempotency-key": message.key, "user-agent": "citytwin"}
        url, now = self._url, int(time.time())
        if self._sign == "standard":
            headers |= signed(written.payload, message.key, now, self._secret)
        elif self._sign == "dingtalk":
            url += ("&" if "?" in url else "?") + dingtalk_query(self._secret, round(time.time() * 1000))
        try:
            code, answer = _posted(url, written.payload, headers, self._timeout_s)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Acknowledged("unknown", f"no answer: {type(error).__name__}")  # its text may hold the address
        return self._judged(code, answer)

    def _judged(self, code: int, answer: bytes) -> Acknowledged:
        if not 200 <= code < 300:
            lasting = 300 <= code < 500 and code not in _AGAIN
            return Acknowledged("refused" if lasting else "unknown", f"the receiver answered {code}")
        try:
            said = json.loads(answer)
        except (ValueError, RecursionError):
            said = None
        judge = getattr(self._writing, "judged", None)
        if judge is not None:
            told: Acknowledged | None = judge(said)
            return told or Acknowledged("unknown", f"the receiver answered {code} without saying how it went")
        if isinstance(said, dict) and said.get("state") in ANSWERED:
            return Acknowledged(said["state"], str(said.get("detail", ""))[:1000])
        return Acknowledged("taken", f"the receiver answered {code}")


def signed(payload: bytes, key: str, second: int, secret: str) -> dict[str, str]:
    """Headers of Standard Webhooks 1.0."""
    mac = hmac.new(_bytes_of(secret), f"{key}.{second}.".encode() + payload, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {"webhook-id": key, "webhook-timestamp": str(second), "webhook-signature": signature}


def verified(
    payload: bytes, headers: Mapping[str, str], secret: str, *, now_s: float, window_s: float = WINDOW_S
) -> str:
    """The key of a post that is ours and fresh; headers' names in lower case.

    Raises:
        Refused: It is not signed with this secret, or too old or too new: somebody may be playing it again.
    """
    key, told = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not told.isdecimal() or abs(now_s - int(told)) > window_s:
        raise Refused("its time is not now", place="webhook-timestamp", expected=f"within {window_s:g} s")
    expected = signed(payload, key, int(told), secret)["webhook-signature"]
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise Refused("its signature is not ours", place="webhook-signature")
    return key


def dingtalk_query(secret: str, millisecond: int) -> str:
    """`timestamp` and `sign` of DingTalk's custom robots."""
    mac = hmac.new(secret.encode(), f"{millisecond}\n{secret}".encode(), hashlib.sha256).digest()
    return f"timestamp={millisecond}&sign={quote_plus(base64.b64encode(mac))}"


def _posted(url: str, payload: bytes, headers: Mapping[str, str], timeout_s: float) -> tuple[int, bytes]:
    """Status and answer; whoever drips bytes, headers too, is left to a thread that nobody waits for.

    Raises:
        httpx.HTTPError: No answer in time.
    """
    came: queue.SimpleQueue[tuple[int, bytes] | Exception] = queue.SimpleQueue()

    def post() -> None:
        answer, ends = b"", time.monotonic() + timeout_s
        try:
            with (
                httpx.Client(timeout=timeout_s, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", url, content=payload, headers=dict(headers)) as response,
            ):
                for part in response.iter_bytes():
                    answer += part
                    if len(answer) > _LONGEST_ANSWER or time.monotonic() > ends:
                        break
                came.put((response.status_code, answer[:_LONGEST_ANSWER]))
        except Exception as error:  # told to whoever waits
            came.put(error)

    threading.Thread(target=post, name="webhook", daemon=True).start()
    try:
        told = came.get(timeout=timeout_s)
    except queue.Empty:
        raise httpx.ReadTimeout("it did not answer in time") from None
    if isinstance(told, Exception):
        raise told
    return told


def _bytes_of(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except ValueError as error:
            raise BadInput("whsec_ is not followed by Base64", place="secret_env") from error
    return secret.encode()


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
