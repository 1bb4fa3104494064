"""One `info` of a CAP alert: what it says of one event in one language (OASIS CAP 1.2, section 3.2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twin.feeds.formats.cap import words
from twin.feeds.formats.cap.areas import area_of, pairs
from twin.feeds.formats.markup import Part, language_tag

_STRICT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_KEPT_PAIRS = 60


@dataclass(frozen=True, slots=True)
class Info:
    """What one `info` says.

    Attributes:
        language: Of its words.
        words: What it tells people.
        facts: What does not depend on the language: equal facts in another language are the same part of the alert.
        begin: UTC.
        end: UTC.
        over: The danger has passed ("AllClear").
    """

    language: str
    words: str
    facts: dict[str, Any]
    begin: datetime
    end: datetime | None
    over: bool


def cap_moment(part: Part, name: str, version: str, *, told: bool = False, need: bool = False) -> datetime | None:
    """A time of an alert; "Z" and parts of seconds are none of CAP 1.2 (section 3.3.2): a fault, but understood."""
    found = part.told(name, need=need) if told else part.moment(name, need=need)
    text = part.text(name)
    if found is not None and version == "1.2" and not _STRICT_TIME.fullmatch(text):
        part.fault(f"{text[:60]!r} is not how CAP 1.2 writes a time", "2026-06-01T12:00:00+08:00", name)
    return found


def read_info(info: Part, sent: datetime, version: str, corners: int) -> Info | None:
    """What an `info` says; None where its times cannot be trusted."""
    faulty = info.reading.faulty
    effective, onset, expires = (
        cap_moment(info, name, version) if info.one(name) is not None else None
        for name in ("effective", "onset", "expires")
    )
    begin, end = onset or effective or sent, expires
    if end is not None and end < begin:
        begin = effective or sent  # `expires` is of the message: the event itself may begin after it
    broken = any(
        info.text(name) and not at for name, at in (("effective", effective), ("onset", onset), ("expires", expires))
    )
    if end is not None and end < begin:
        info.fault("it ends before it begins", "expires after effective", "expires")
        broken = True
    if broken and info.reading.faulty > faulty:
        return None
    categories = _all_words(info, "category", tuple(words.KINDS), need=True)
    responses = _all_words(info, "responseType", words.RESPONSES[version])
    event, codes = info.text("event", need=True), pairs(info.all("eventCode"))
    area, areas = area_of(info.all("area"), corners)
    for number, one in enumerate(areas, start=1):
        if not one["name"]:
            info.fault("it is missing or empty", "what the area is called", f"area[{number}]", "areaDesc")
    told = language_tag(info.text("language"))
    if info.text("language") and not told:
        info.fault(f"{info.text('language')[:60]!r} is no language", "a tag as en or zh-CN", "language")
    facts = {
        "kind": words.kind_of(categories, event, [code for all_codes in codes.values() for code in all_codes]),
        "severity": info.word("severity", among=words.SEVERITIES, need=True).lower() or "unknown",
        "urgency": info.word("urgency", among=words.URGENCIES, need=True).lower() or "unknown",
        "certainty": info.word("certainty", among=words.CERTAINTIES, need=True).lower() or "unknown",
        "categories": categories,
        "responses": responses,
        "event_codes": codes,
        "area": area,
        "effective": effective,
        "onset": onset,
        "expires": expires,
        "geocodes": [one.get("geocodes") for one in areas],
        "event": event,
        "areas": areas,
        "parameters": dict(list(pairs(info.all("parameter")).items())[:_KEPT_PAIRS]),
    }
    if info.one("contact") is not None and info.text("contact"):
        info.reading.left_out["contact, which may name a person"] += 1
    said = _said(info, categories)
    return Info(told or "en-US", said, facts, begin, end, "AllClear" in responses)


def _all_words(info: Part, name: str, among: tuple[str, ...], *, need: bool = False) -> list[str]:
    found = []
    for part in info.all(name):
        text = part.element.text or ""
        if text not in among:
            part.fault(f"{text[:60]!r} is no word of the standard", f"one of {', '.join(among)}")
        if text.strip() in among:
            found.append(text.strip())
    if need and info.element.find(name) is None:
        info.fault("it is missing", f"one of {', '.join(among)}", name)
    return found


def _said(info: Part, categories: list[str]) -> str:
    names = ["headline", "description", "instruction"]
    if words.NAMING.intersection(categories) and info.text("description"):
        names.remove("description")
        info.reading.left_out["description, which may name a person"] += 1
    told = [info.text(name) for name in names]
    return "\n\n".join(text for text in told if text) or info.text("event")
