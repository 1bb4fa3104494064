"""A sentence in both languages that the twin speaks: what is told to people, wherever it is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LANGUAGES = ("en", "zh")
Sentence = dict[str, str]
"""The same sentence in each of LANGUAGES: {"en": ..., "zh": ...}; JSON as it stands."""


def say(en: str, zh: str) -> Sentence:
    """One sentence in both languages."""
    return {"en": en, "zh": zh}


def joined(sentences: Iterable[Sentence]) -> Sentence:
    """Several sentences as one, with semicolons."""
    told = list(sentences)
    return say("; ".join(one["en"] for one in told), "；".join(one["zh"] for one in told))


def read_sentence(value: Any) -> Sentence:
    """A sentence that came in from outside.

    Raises:
        ValueError: It is not a text in each language, or one of them is empty.
    """
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise ValueError(f"{value!r} is no sentence in {' and '.join(LANGUAGES)}")
    if not all(isinstance(text, str) and text.strip() for text in value.values()):
        raise ValueError(f"{value!r} lacks a language")
    return dict(value)
