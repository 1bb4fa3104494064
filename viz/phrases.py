"""Numbers and recommendations in words: never more than the interval allows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scenarios import MEASURES
from viz.text import CATALOGUE, LANGUAGES, known, text, words

MINUS = "−"


def number(value: float | None, *, signed: bool = False) -> str:
    """Three figures at most, a true minus, a dash for what is not known."""
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= 100 or size == round(size) else 1 if size >= 10 else 2
    shown = f"{size:,.{digits}f}"
    if float(shown.replace(",", "")) == 0:
        return "0"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    sign = MINUS if value < 0 else "+" if signed else ""
    return sign + shown


def amount(value: float | None, unit: str, *, signed: bool = False) -> dict[str, str]:
    """A number with its unit in every language; long times in minutes."""
    if unit == "s" and value is not None and math.isfinite(value) and abs(value) >= 600:
        value, unit = value / 60, "min"
    shown = number(value, signed=signed)
    one = f"unit.one {unit}"
    single = shown.lstrip("+" + MINUS) == "1" and one in CATALOGUE
    names = words(one) if single else known("unit", unit) if unit else dict.fromkeys(LANGUAGES, "")
    return {language: f"{shown} {names[language]}".strip() for language in LANGUAGES}


def measure_title(name: str) -> dict[str, str]:
    """A measure's short title: the page's own words, or those of the dictionary of measures."""
    if f"measure.{name}" in CATALOGUE or name not in MEASURES:
        return known("measure", name)
    return dict(MEASURES[name].title)


@dataclass(frozen=True)
class EffectWords:
    """One effect ready to be shown: every field in every language, and its verdict as a CSS class."""

    title: dict[str, str]
    difference: dict[str, str]
    sentence: dict[str, str]
    meaning: dict[str, str]
    verdict: str
    verdict_class: str
    verdict_words: dict[str, str]


@dataclass(frozen=True)
class Card:
    """One recommendation ready to be shown."""

    kind: dict[str, str]
    title: dict[str, str]
    effect: EffectWords
    side_effects: tuple[EffectWords, ...]
    alternatives: tuple[tuple[dict[str, str], dict[str, str] | None, dict[str, str] | None], ...]
    evidence: tuple[str, ...]
    rests_on: tuple[dict[str, str], ...]
    risks: tuple[dict[str, str], ...]
    valid_until: str
    status: dict[str, str]
    rec_id: str


def effect_words(effect: Mapping[str, Any]) -> EffectWords:
    """Words for an effect dict: measure, unit, difference, low, high, n, verdict."""
    unit, verdict = str(effect.get("unit", "")), str(effect.get("verdict", "cannot tell"))
    title = measure_title(str(effect["measure"]))
    difference = amount(effect.get("difference"), unit, signed=True)
    per = 60.0 if unit == "s" and "min" in difference["en"].split() else 1.0
    low, high = (number(_divided(effect.get(end), per), signed=True) for end in ("low", "high"))
    sentence = {
        language: text(
            "effect.sentence",
            language,
            title=title[language],
            difference=difference[language],
            low=low,
            high=high,
            n=effect.get("n", "–"),
        )
        for language in LANGUAGES
    }
    return EffectWords(
        title=title,
        difference=difference,
        sentence=sentence,
        meaning=words("effect." + verdict.replace(" ", "_")),
        verdict=verdict,
        verdict_class=verdict.replace(" ", "-"),
        verdict_words=known("verdict", verdict),
    )


def card(recommendation: Mapping[str, Any]) -> Card:
    """Words for a recommendation's JSON; fields that are missing stay empty."""
    tried = []
    for other in recommendation.get("alternatives") or ():
        effect = other.get("effect") if isinstance(other, Mapping) else None
        title = other.get("title") or other.get("name", "") if isinstance(other, Mapping) else str(other)
        told = dict(title) if isinstance(title, Mapping) else dict.fromkeys(LANGUAGES, str(title))
        why = other.get("why_not") if isinstance(other, Mapping) else None
        tried.append((told, effect_words(effect).sentence if effect else None, why))
    return Card(
        kind=known("kind", str(recommendation.get("kind", ""))),
        title=dict(recommendation["title"]),
        effect=effect_words(recommendation["effect"]),
        side_effects=tuple(effect_words(effect) for effect in recommendation.get("side_effects") or ()),
        alternatives=tuple(tried),
        evidence=tuple(str(run) for run in recommendation.get("evidence") or ()),
        rests_on=tuple(recommendation.get("rests_on") or ()),
        risks=tuple(recommendation.get("risks") or ()),
        valid_until=_moment(recommendation.get("valid_until")),
        status=known("status", str(recommendation.get("status", "proposed"))),
        rec_id=str(recommendation.get("rec_id", "")),
    )


def _divided(value: float | None, by: float) -> float | None:
    return None if value is None else value / by


def _moment(given: Any) -> str:
    try:
        return f"{datetime.fromisoformat(str(given)):%Y-%m-%d %H:%M}"
    except ValueError:
        return str(given or "")


def unique(sentences: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Each sentence once, in order."""
    return list({tuple(sorted(sentence.items())): sentence for sentence in sentences}.values())
