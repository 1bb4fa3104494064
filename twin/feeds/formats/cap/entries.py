"""Entries of an Atom feed of alerts: whole alerts in their content, or what the feed itself says of an alert."""

from __future__ import annotations

from typing import Any

from twin.feeds.formats.cap import words
from twin.feeds.formats.cap.areas import area_of, pairs
from twin.feeds.formats.markup import Part
from twin.feeds.records import Situation

ATOM = "http://www.w3.org/2005/Atom"


def read_entry(entry: Part, corners: int) -> None:
    """The row of an entry (RFC 4287, section 4.1.2; weather services add elements of CAP to it) goes to its reading."""
    if entry.element.find("event") is None and entry.element.find("status") is None:
        entry.reading.left_out["entry that only points to an alert"] += 1
        return
    sender = entry.text("sender")
    identifier = entry.text("identifier") or entry.text("id", need=True)
    told = entry.told("sent") or entry.told("updated", need=True)
    status = entry.word("status", among=tuple(words.STATUS), need=True)
    message = entry.word("msgType", among=words.MESSAGES)
    effective, onset = entry.moment("effective"), entry.moment("onset")
    end, broken = entry.moment("expires"), entry.text("expires")
    if told is None or not (identifier and status) or (broken and end is None):
        return
    if not words.STATUS[status] or message in {"Ack", "Error"}:
        entry.reading.left_out["message between machines (System, Ack, Error)"] += 1
        return
    begin = onset or effective or told
    if end is not None and end < begin:
        begin = effective if effective is not None and effective <= end else min(told, end)
    entry.reading.records.append(
        Situation(
            situation=f"{sender},{identifier}" if sender else identifier,
            part="",
            told=told,
            begin=begin,
            end=end,
            status="cancelled" if message == "Cancel" else words.STATUS[status],
            area=_area(entry, corners)[0],
            words=_words(entry),
            **_facts(entry),
        )
    )


def _facts(entry: Part) -> dict[str, Any]:
    categories = [part.own_text for part in entry.all("category") if part.own_text in words.KINDS]
    event = entry.text("event")
    severity = entry.word("severity", among=words.SEVERITIES).lower() or "unknown"
    details: dict[str, Any] = {
        "message": entry.text("msgType"),
        "event": event,
        "urgency": entry.word("urgency", among=words.URGENCIES).lower(),
        "certainty": entry.word("certainty", among=words.CERTAINTIES).lower(),
        "categories": categories,
        "areas": [{"name": entry.text("areaDesc"), "geocodes": pairs(entry.all("geocode"))}],
        "parameters": pairs(entry.all("parameter")),
        "summary of": next((part.attribute("href") for part in entry.all("link")), ""),
    }
    kind = words.kind_of(categories, event, [])
    return {"kind": kind, "severity": severity, "details": {name: told for name, told in details.items() if told}}


def _area(entry: Part, corners: int) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    for name in ("polygon", "circle"):  # feeds leave them empty where there is none
        for part in list(entry.element.findall(name)):
            if not (part.text or "").strip():
                entry.element.remove(part)
    return area_of([entry], corners)


def _words(entry: Part) -> dict[str, str]:
    told = "\n\n".join(text for text in (entry.text("title"), entry.text("summary")) if text)
    return {entry.language: told} if told else {}
