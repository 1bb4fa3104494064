"""Refusals in the language of who asks: English, or Chinese where Accept-Language or `lang=zh` asks for it."""

from __future__ import annotations

import json
import re
from functools import cache
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twin.api.refusals import OTHER, SENTENCES, STATUS

LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*")
LONGEST = 64_000


class Tongue:
    """Puts {"error", "expected", "remedy"} of an answer that refuses into Chinese.

    Args:
        app: What is behind; it speaks English.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over, and listen to what is refused."""
        if scope["type"] != "http" or not wants_chinese(scope):
            await self.app(scope, receive, send)
            return
        held: Message | None = None
        body = b""

        async def translated(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start" and _refuses(message):
                held = message
                return
            if held is None or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body") and len(body) <= LONGEST:
                return
            told = body if message.get("more_body") else in_chinese(body, held["status"])
            await send({**held, "headers": _headers(held, len(told), same=told == body)})
            held = None
            await send({**message, "body": told})

        await self.app(scope, receive, translated)


def wants_chinese(scope: Scope) -> bool:
    """Whether `lang` of the address, or else Accept-Language (RFC 9110), puts Chinese before English."""
    said = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1].lower()
    if said:
        return said.split("-")[0] == "zh"
    given = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept-language")
    best: dict[str, float] = {}
    for part in given.decode("latin-1").split(","):
        if found := LANGUAGE.fullmatch(part):
            name, weight = found[1].lower(), float(found[2] or 1.0)
            best[name] = max(best.get(name, 0.0), weight)
    return best.get("zh", 0.0) > best.get("en", 0.0)


def in_chinese(body: bytes, status: int) -> bytes:
    """A refusal in Chinese; what is none stays as it is."""
    try:
        told = json.loads(body)
    except ValueError:
        return body
    if not isinstance(told, dict) or not isinstance(told.get("error"), str):
        return body
    said = translated(told["error"]) or STATUS.get(status, OTHER)
    more = {name: translated(told[name]) for name in ("expected", "remedy") if isinstance(told.get(name), str)}
    return json.dumps(told | more | {"error": said}, ensure_ascii=False).encode()


def translated(sentence: str) -> str | None:
    """A sentence in Chinese; None where the catalogue has none."""
    if (plain := SENTENCES.get(sentence)) is not None and "{" not in sentence:
        return plain
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(sentence):
            parts = [translated(part) or part for part in found.groups()]
            return chinese.format(*parts)
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with places, those that say most first."""
    with_places = sorted((one for one in SENTENCES if "{}" in one), key=lambda one: (-len(one), one))
    return tuple(
        (re.compile("(.+?)".join(re.escape(part) for part in one.split("{}")), re.DOTALL), SENTENCES[one])
        for one in with_places
    )


def _refuses(message: Message) -> bool:
    kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
    return message["status"] >= 400 and any(kind.startswith(b"application/json") for kind in kinds)


def _headers(message: Message, length: int, *, same: bool) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in message["headers"] if name.lower() != b"content-length"]
    more = [] if same else [(b"content-language", b"zh-CN"), (b"vary", b"Accept-Language")]
    return [*kept, *more, (b"content-length", str(length).encode())]
