"""How feeds are shown on a terminal: whatever a message holds, it moves no cursor."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.feeds import Fault, Record

_WIDEST = 160


def printable(text: str, *, lines: bool = False, widest: int | None = None) -> str:
    r"""A text without control characters, marks of direction and lone surrogates: these are written as \x1b, \u202e.

    Args:
        text: Anything.
        lines: Keep line breaks and tabs.
        widest: Cut it after so many characters.
    """
    cut = text if widest is None or len(text) <= widest else text[: widest - 1] + "…"
    return "".join(one if _plain(one) or (lines and one in "\n\t") else _escaped(one) for one in cut)


def _plain(one: str) -> bool:
    return one == " " or unicodedata.category(one)[0] not in "CZ"


def _escaped(one: str) -> str:
    number = ord(one)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def shown_payload(payload: bytes, most: int = 4096) -> list[str]:
    """A message as it came: text where it is text, else 16 bytes a line with their places."""
    head = payload[:most]
    text: str | None
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        text = head[: error.start].decode("utf-8") if error.start >= len(head) - 3 < len(payload) else None
    if text is not None and (
        not text or sum(map(_plain, text.replace("\n", " ").replace("\t", " "))) > 0.9 * len(text)
    ):
        told = printable(text, lines=True).split("\n")
    else:
        told = [
            f"{at:08x}  {head[at : at + 16].hex(' '):<47}  "
            + "".join(chr(one) if 32 <= one < 127 else "." for one in head[at : at + 16])
            for at in range(0, len(head), 16)
        ]
    return [*told, f"... {len(payload) - most} bytes more"] if len(payload) > most else told


def shown_row(row: Record) -> str:
    """One row in a line, with units."""
    from calibration import MEASURES, Observation

    if isinstance(row, Observation):
        unit = MEASURES.get(row.measure, ("", ""))[0]
        result = "none" if row.result is None else f"{row.result:.6g} {unit}"
        span = f" for {row.period_s:g} s" if row.period_s else ""
        return printable(
            f"{row.sensor_id}  {row.measure} {result}  {_time(row.begin)}{span}  {row.quality}", widest=_WIDEST
        )
    parts = [f"{one.name} {_value(getattr(row, one.name))}" for one in fields(row) if _worth(getattr(row, one.name))]
    return printable(", ".join(parts), widest=_WIDEST)


def shown_fault(fault: Fault) -> str:
    """One fault in a line."""
    told = f"{fault.place}: {fault.what}" if fault.place else fault.what
    return printable(f"{told} (expected: {fault.expected})" if fault.expected else told, widest=400)


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> list[str]:
    """Columns under each other; a Chinese letter is two wide."""
    everything = [list(head), *map(list, rows)]
    widths = [max(_width(row[k]) for row in everything) for k in range(len(head))]
    return ["  ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)).rstrip()
            for row in everything]  # fmt: skip


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _worth(value: Any) -> bool:
    return value is not None and value != "" and value != {}


def _value(value: Any) -> str:
    return _time(value) if isinstance(value, datetime) else f"{value:.6g}" if isinstance(value, float) else str(value)


def _time(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")
