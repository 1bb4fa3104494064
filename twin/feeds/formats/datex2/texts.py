"""Texts in several languages, as DATEX II writes them (MultilingualString)."""

from __future__ import annotations

from collections.abc import Iterable

from twin.feeds.formats.markup import Part


def texts_of(parts: Iterable[Part | None], language: str = "") -> dict[str, str]:
    """Language -> what all parts say in it, one under the other.

    Args:
        parts: Elements with `values/value`.
        language: Of a value that does not tell its own.
    """
    found: dict[str, list[str]] = {}
    for part in parts:
        values = part.one("values") if part is not None else None
        for value in values.all("value") if values is not None else ():
            text = "\n".join(line for line in map(str.strip, value.own_text.splitlines()) if line)
            if text:
                found.setdefault(value.language or language, []).append(text)
    return {tag: "\n\n".join(said) for tag, said in found.items()}
