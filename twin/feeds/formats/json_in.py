"""JSON from strangers (RFC 8259): bounded in size and depth, each name once, numbers as numbers, texts as Unicode."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from networks.errors import BadInput

DEEPEST = 32
_LONGEST_INTEGER = 18
_TELLTALE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")
"""Escapes that may make half a character or U+0000."""
_NESTED = frozenset({dict, list})
_NUMBERS = (int, float)


def json_in(payload: bytes, *, longest_bytes: int, deepest: int = DEEPEST) -> Any:
    """A JSON document in UTF-8, with or without a byte order mark.

    A number that no double or 64 bit integer holds is given back as an infinite one, so that whoever needs it refuses
    it at its place (`checks.number`) and the rest can be used.

    Args:
        payload: The bytes.
        longest_bytes: Longer ones are refused unread.
        deepest: Arrays and objects within each other.

    Raises:
        BadInput: It is none; it is too large or too deep; an object has a name twice; NaN or Infinity; a text with half
            a character (a lone surrogate) or U+0000, which no database keeps.
    """
    if len(payload) > longest_bytes:
        raise BadInput(f"a message of {len(payload)} bytes", place="payload", expected=f"at most {longest_bytes}")
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"it is not UTF-8 (byte {error.start})"
        if payload[:2] in (b"\xff\xfe", b"\xfe\xff"):
            what = "it is UTF-16"
        raise BadInput(what, place="payload", expected="JSON in UTF-8") from error
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BadInput(f"it is no JSON: {error.msg}", place=place, expected="JSON in UTF-8") from error
    except RecursionError as error:
        raise BadInput("it is too deep", place="payload", expected=f"JSON of at most {deepest} levels") from error
    _check_depth(document, deepest)
    if _TELLTALE.search(text):
        _check_escaped(document)
    elif "\x00" in text:
        raise BadInput("a text has U+0000", place="payload", expected="JSON in UTF-8")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput("the name is there twice", place=shown(twice), expected="each name of a JSON object once")
    return found


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _LONGEST_INTEGER else float(text)


def _no_number(text: str) -> float:
    raise BadInput(f"{text} is no JSON", place="payload", expected="a number, or null")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_int=_integer, parse_constant=_no_number)


def _check_depth(document: Any, deepest: int) -> None:
    level = [document]
    for _ in range(deepest + 1):
        level = [
            child
            for one in level
            if type(one) in _NESTED
            for child in (one.values() if type(one) is dict else one)
            if type(child) in _NESTED
        ]
        if not level:
            return
    raise BadInput("it is too deep", place="payload", expected=f"JSON of at most {deepest} levels")


def _check_escaped(document: Any) -> None:
    """No text may have half a character or U+0000, which only escapes can bring past the decoder."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str) and (shown(one, len(one)) != one or "\x00" in one):
            raise BadInput("a text has half a character (a lone surrogate) or U+0000", place=shown(one))


def shown(value: object, longest: int = 60) -> str:
    """A stranger's text as it may be shown and kept: cut, whole characters only."""
    text = value if isinstance(value, str) else repr(value)
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return cut.encode(errors="replace").decode().replace("\x00", "?")


def finite(value: object) -> bool:
    """Whether it is a number that can be reckoned with."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool) and math.isfinite(value)
