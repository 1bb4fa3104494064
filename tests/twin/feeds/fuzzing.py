"""Hostile messages for the tests of every format: mutations of good ones, and what may come out of them.

from fuzzing import fuzz

def test_whatever_comes_in_is_understood_or_refused() -> None:
    fuzz(SensorThings(SensorThings.Options()), [SAMPLE, ANOTHER], n=1000)
"""

from __future__ import annotations

import json
import math
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.streams import stream
from networks.errors import BadInput
from twin.feeds import TABLE_OF, Format, Message, Understood

RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)
"""When fuzzed messages came, unless a test says otherwise."""

NUMBERS = (
    *(
        b"-1 0 -0 1e999 -1e999 1e-999 NaN Infinity -Infinity 2147483648 9223372036854775808 99999999999999999999 0x10 "
        b"1_0 .5 5. 1e5 91 181 361 -273.16 null true".split()
    ),
    b"9" * 400,
    b"9" * 5000,
    b"",
    "１２".encode(),
)
"""What replaces a number."""

PIECES = (
    b"\x00", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\\ud800",
    b"\\u0000", b"\r\n", b"\\", b'"', b"'", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"&#0;", b"]]>", b"<!--",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b",", b";", b"|", b":", b"/", b"..", b"%00", b"%s",
    b"=1+1", "\u202e".encode(), "\U0001f600".encode(), "\u2028".encode(), b"T24:00:00Z", b"9999-12-31T23:59:59Z",
    b"0000-00-00T00:00:00Z", b"2024-02-30", b"+99:99", b"1970-01-01T00:00:00Z", b" " * 200, b"[" * 3000,
    b'{"a":' * 3000, b"<a>" * 3000, b"A" * 20000, b"\x1f\x8b\x08\x00", b"PK\x03\x04",
)  # fmt: skip
"""What is put in: bytes that mean something to one reader or another."""


def real(name: str) -> bytes:
    """A real message of CITYTWIN_DATA; its test is skipped, with the reason, where that is not here."""
    file = Path(os.environ.get("CITYTWIN_DATA", Path(__file__).parents[4] / "shared" / "data")) / "feeds" / name
    if not file.exists():
        pytest.skip(f"feeds/{name} is not on this machine (CITYTWIN_DATA)")
    return file.read_bytes()


_NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON writes it; a text that only speaks of it has its backslash doubled."""


def mutations(samples: Sequence[bytes], draws: np.random.Generator, n: int) -> Iterator[bytes]:
    """`n` messages, each made of a sample by one to four mutations.

    Bytes are flipped, drawn anew, cut out, doubled and moved; messages are cut short, spliced from two and turned into
    another encoding; numbers are blown up, and what some reader takes for a word is put in.

    Args:
        samples: Good messages, at least one.
        draws: `models.streams.stream(seed, "fuzz NAME")`.
        n: How many.
    """
    for _ in range(n):
        one = samples[int(draws.integers(len(samples)))]
        for _ in range(int(draws.integers(1, 5))):
            one = _mutated(one, samples, draws)
        yield one


def fuzz(
    form: Format,
    samples: Sequence[bytes],
    *,
    n: int,
    name: str = "",
    seed: int = 0,
    topic: str = "fuzz",
    received: datetime = RECEIVED,
    headers: dict[str, str] | None = None,
    longest_s: float = 20.0,
) -> tuple[int, int]:
    """Hold a format against `n` mutations: only `BadInput` or sound rows may come out of any of them.

    Args:
        form: The format, made.
        samples: Good messages.
        n: How many mutations; 1,000 in CI, 100,000 with the mark `full`.
        name: Of the random stream; the format's class where empty.
        seed: Of the random stream.
        topic: Of every message.
        received: When every message came.
        headers: Of every message.
        longest_s: One message may take this long (s), generous: it catches hanging, not slowness.

    Returns:
        How many were understood, and how many refused.
    """
    understood = refused = 0
    draws = stream(seed, f"fuzz {name or type(form).__name__}")
    for number, payload in enumerate(mutations(samples, draws, n)):
        message = Message(payload, topic, received, headers or {})
        began = time.process_time()
        try:
            result = form.understand(message)
        except BadInput as error:
            assert error.what
            refused += 1
        except BaseException as error:
            error.add_note(f"mutation {number}: {payload[:2000]!r}")
            raise
        else:
            try:
                check_sound(result, received)
            except AssertionError as error:
                error.add_note(f"mutation {number}: {payload[:2000]!r}")
                raise
            understood += 1
        assert time.process_time() - began < longest_s, f"mutation {number} took too long: {payload[:2000]!r}"
    return understood, refused


def check_sound(result: Understood, received: datetime = RECEIVED) -> None:
    """Assert what holds for all rows of every format: a store can keep them, and they are possible."""
    for row in result.records:
        assert type(row) in TABLE_OF, row
        for field in fields(row):
            _check_value(getattr(row, field.name), received, (type(row).__name__, field.name))
        lon, lat = getattr(row, "lon", None), getattr(row, "lat", None)
        assert lon is None or (-180 <= lon <= 180 and -90 <= lat <= 90), row
    for fault in result.faults:
        assert fault.what, fault
        _check_text(fault.place + fault.what + fault.expected, fault)
    for what, count in result.left_out.items():
        _check_text(what, what)
        assert count >= 1, (what, count)


def _check_value(value: Any, received: datetime, where: object) -> None:
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, datetime):
        assert value.tzinfo is not None and value.utcoffset() == timedelta(0), (where, value)
        assert datetime(1990, 1, 1, tzinfo=UTC) <= value, (where, value)
        if where[1] in {"told", "time", "result_time"}:  # type: ignore[index]
            assert value <= received + timedelta(days=1), (where, value)
    elif isinstance(value, bool) or value is None:
        pass
    elif isinstance(value, int):
        assert -(2**63) <= value < 2**63, (where, value)
    elif isinstance(value, float):
        assert math.isfinite(value), (where, value)
    else:
        told = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_as_json)
        assert not _NUL_IN_JSON.search(told), f"PostgreSQL keeps no U+0000: {where}"
        _check_text(told, where)


def _check_text(text: str, where: object) -> None:
    assert "\x00" not in text, f"PostgreSQL keeps no U+0000: {where}"
    text.encode()  # a lone surrogate raises here


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return dict(value) if hasattr(value, "keys") else list(value)


def _mutated(one: bytes, samples: Sequence[bytes], draws: np.random.Generator) -> bytes:
    kind = int(draws.integers(12))
    at, other = sorted(int(place) for place in draws.integers(0, len(one) + 1, 2))
    if kind <= 1 and at < len(one):
        return one[:at] + bytes([one[at] ^ (1 << int(draws.integers(8)))]) + one[at + 1 :]
    if kind == 2:
        return one[:at] + draws.bytes(int(draws.integers(1, 9))) + one[at + 1 :]
    if kind == 3:
        return one[:at]
    if kind == 4:
        return one[:at] + one[other:]
    if kind == 5:
        return one[:other] + one[at:]
    if kind == 6:
        from_other = samples[int(draws.integers(len(samples)))]
        return one[:at] + from_other[int(draws.integers(len(from_other) + 1)) :]
    if kind <= 9:
        return _number_blown_up(one, draws)
    if kind == 10:
        return one[:at] + PIECES[int(draws.integers(len(PIECES)))] + one[at:]
    return _encoded_anew(one, draws)


def _number_blown_up(one: bytes, draws: np.random.Generator) -> bytes:
    found = list(re.finditer(rb"\d+(\.\d+)?", one[:200_000]))
    if not found:
        return one
    where = found[int(draws.integers(len(found)))]
    return one[: where.start()] + NUMBERS[int(draws.integers(len(NUMBERS)))] + one[where.end() :]


def _encoded_anew(one: bytes, draws: np.random.Generator) -> bytes:
    kind = int(draws.integers(4))
    if kind == 0:
        return b"\xef\xbb\xbf" + one
    if kind == 1:
        return one[:100_000].decode("latin-1").encode("utf-16")
    if kind == 2:
        return one.swapcase()
    return one.replace(b"\n", b"").replace(b"  ", b"")
