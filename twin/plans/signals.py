"""Official signals in force: warnings that came by a feed, or rain that the twin holds against a service's levels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from networks.sentence import Sentence, say
from twin.feeds import Situation
from twin.plans.plan import COLOURS

if TYPE_CHECKING:
    from models.flood.rain import Reached
    from twin.plans.here import Here
    from twin.store import FeedStore

MEMORY = timedelta(days=14)
_SEVERITIES = {"minor": "IV", "moderate": "III", "severe": "II", "extreme": "I"}
_CHINESE = re.compile("(蓝|黄|橙|红)色")
_ENGLISH = re.compile(r"\b(blue|yellow|amber|orange|red)\b(?! river)", re.IGNORECASE)
_COLOUR = {"蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red", "amber": "orange"}


@dataclass(frozen=True, slots=True)
class Signal:
    """One warning in force.

    Attributes:
        signal_id: Its id at the service.
        text: Event, codes and headline, in all its languages: what conditions look for words in.
        level: "IV" (blue, minor) to "I" (red, extreme); None: it does not say.
        begins: UTC.
        ends: UTC; None: open.
        official: A service said so; False: the twin held rain against the service's levels.
        exercise: It is an exercise or a test.
        area: GeoJSON geometry, degrees; None: not told.
        heads: Headlines by language tag; empty: `text` is one.
    """

    signal_id: str
    text: str
    level: str | None
    begins: datetime
    ends: datetime | None
    official: bool = True
    exercise: bool = False
    area: Mapping[str, Any] | None = None
    heads: Mapping[str, str] = field(default_factory=dict)

    def head(self) -> Sentence:
        """What it says, in one line."""
        other = next(iter(self.heads.values()), self.text.strip().split("\n")[-1])
        chinese = next((head for tag, head in self.heads.items() if tag.startswith("zh")), other)
        return say(next((head for tag, head in self.heads.items() if tag.startswith("en")), other), chinese)

    def says(self, words: Iterable[str]) -> bool:
        """One of these words is in it."""
        text = self.text.casefold()
        return any(word.casefold() in text for word in words)


def signals_of(situations: Iterable[Situation], now: datetime, here: Here | None = None) -> list[Signal]:
    """The warnings in force among what feeds told: the last version of each, neither ended nor cancelled nor past.

    Args:
        situations: Rows of all versions, in any order.
        now: With a zone. What was told after it is not known yet.
        here: Where the city is: those of other places are left out; None: all count.
    """
    return [_signal(one, name) for name, one in in_force(situations, now) if here is None or here.concerns(one)]


def in_force(situations: Iterable[Situation], now: datetime) -> Iterator[tuple[str, Situation]]:
    """The same wherever they hold: the name and the last version of each."""
    last: dict[tuple[str, str], Situation] = {}
    for one in sorted((one for one in situations if one.told <= now), key=lambda one: one.told):
        last[(one.situation, one.part)] = one
    for (name, part), one in sorted(last.items()):
        whole = last.get((name, ""))
        over = whole is not None and whole.status in ("ended", "cancelled") and whole.told >= one.told
        if over or one.status not in ("actual", "exercise", "test") or one.begin > now:
            continue
        if one.end is None or one.end > now:
            yield (f"{name}#{part}" if part else name), one


def stored_situations(store: FeedStore, now: datetime, feeds: Iterable[str] = ()) -> list[Situation]:
    """What the feeds' store knows of; what was told more than MEMORY ago is taken for past."""
    from twin.store import records_of

    rows = records_of("situations", store.read("situations", now - MEMORY, feeds=tuple(feeds)))
    return [row for row in rows if isinstance(row, Situation)]


def stored_signals(
    store: FeedStore, now: datetime, feeds: Iterable[str] = (), here: Here | None = None
) -> list[Signal]:
    """`signals_of` what the store knows of."""
    return signals_of(stored_situations(store, now, feeds), now, here)


def rain_signals(place: str, held: Iterable[Reached], now: datetime, chance: float = 0.5) -> list[Signal]:
    """The gravest level of rain that holds at a gauge, or will with at least this chance, as a signal of our own.

    Args:
        place: Name of the gauge.
        held: What `models.flood.rain.hold_signals` found.
        now: With a zone.
        chance: Likely from here on.
    """
    from models.flood.rain import highest_signal

    reached = list(held)
    level = highest_signal(reached, chance)
    if level is None or level.level_id not in COLOURS:
        return []
    one = next(one for one in reached if one.level is level)
    begins = one.since or one.expected or now
    text = f"rainstorm 暴雨 {level.label['en']} {level.label['zh']} ({place})"
    name, colour = f"own:{place}:{level.level_id}", COLOURS[level.level_id]
    return [Signal(name, text, colour, begins, None, official=False, heads=_likely(text, one) if not one.since else {})]


def _likely(text: str, one: Reached) -> dict[str, str]:
    """What is not reached yet says how likely it is, and by when."""
    by = f"{one.expected:%H:%M} UTC" if one.expected else ""
    told = say(
        f"{text}: {one.chance:.0%} likely, by {by}, as its gauge alone says",
        f"{text}：仅据该雨量计，{by}前出现的可能性为{one.chance:.0%}",
    )
    return {"en": told["en"], "zh": told["zh"]}


def _signal(one: Situation, name: str) -> Signal:
    details = one.details
    codes = [code for told in (details.get("event_codes") or {}).values() for code in told]
    heads = {tag: text.split("\n", 1)[0] for tag, text in one.words.items()}
    text = "\n".join([one.kind, str(details.get("event", "")), *codes, *heads.values()])
    level = _level(details.get("parameters") or {}, text, one.severity)
    exercise = one.status != "actual"
    return Signal(name, text, level, one.begin, one.end, True, exercise, one.area, heads)


def _level(parameters: Mapping[str, Any], text: str, severity: str) -> str | None:
    """By MeteoAlarm's awareness_level or a colour in Chinese; else by severity; else by a colour in English."""
    told = json.dumps(parameters.get("awareness_level", ""), ensure_ascii=False)
    colour = _ENGLISH.search(told) or _CHINESE.search(text)
    if colour is None and severity in _SEVERITIES:
        return _SEVERITIES[severity]
    colour = colour or _ENGLISH.search(text)
    return COLOURS[_COLOUR.get(colour[1].lower(), colour[1].lower())] if colour else None
