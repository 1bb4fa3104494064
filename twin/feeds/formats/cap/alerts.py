"""One CAP alert as situations: its own parts, and the end of those that it replaces or cancels (section 3.2.1)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from twin.feeds.formats.cap import words
from twin.feeds.formats.cap.infos import Info, cap_moment, read_info
from twin.feeds.formats.markup import Part, moment
from twin.feeds.records import Situation

_REFERENCE = re.compile(r'("[^"]{0,300}"|[^\s,"]{1,300}),("[^"]{0,300}"|[^\s,"]{1,300}),(\S{1,60})')
_LONGEST_REFERENCES = 100_000
_LANGUAGE_FREE = (
    *("kind", "severity", "urgency", "certainty", "categories", "responses", "event_codes", "area"),
    *("effective", "onset", "expires", "geocodes"),
)


def read_alert(alert: Part, version: str, corners: int) -> None:
    """Rows of an alert go to its reading: one for each part that its infos tell of, in all their languages."""
    faulty = alert.reading.faulty
    sender, identifier = alert.text("sender", need=True), alert.text("identifier", need=True)
    sent = cap_moment(alert, "sent", version, told=True, need=True)
    status = alert.word("status", among=tuple(words.STATUS), need=True)
    message = alert.word("msgType", among=words.MESSAGES, need=True)
    if sent is None or not (sender and identifier and status and message):
        return
    if _only_between_machines(alert, status, message):
        return
    scope = alert.word("scope", among=words.SCOPES, need=True)
    common: dict[str, Any] = {"version": version, "message": message, "sender": sender, "scope": scope}
    references = _references(alert)
    if references:
        common["references"] = [f"{who},{what}" for who, what, _ in references]
    if incidents := alert.text("incidents"):
        common["incidents"] = incidents.split()
    infos = [
        read
        for number, info in enumerate(alert.all("info"), start=1)
        if (read := read_info(info.called(f"info[{number}]"), sent, version, corners)) is not None
    ]
    if message in {"Update", "Cancel"} and not references:
        alert.fault(
            f"an {message} that names no message", "sender,identifier,sent of each that it replaces", "references"
        )
    if alert.element.find("info") is None and message == "Alert" and alert.reading.faulty == faulty:
        alert.fault("an Alert without any info", "what it warns of", "info")
    groups = _parts(infos)
    if message != "Cancel":
        for number, group in enumerate(groups, start=1):
            part = str(number) if len(groups) > 1 else ""
            alert.reading.records.append(_situation(f"{sender},{identifier}", part, sent, status, group, common))
    if status == "Actual" and (groups or message == "Cancel"):  # what cannot be read ends nothing
        kind = groups[0][0].facts["kind"] if groups else "other"
        said = _words(groups[0]) if groups and message == "Cancel" else {}
        for who, what, since in references:
            alert.reading.records.append(
                Situation(
                    situation=f"{who},{what}",
                    part="",
                    told=sent,
                    kind=kind,
                    begin=min(since, sent),
                    end=sent,
                    status="cancelled" if message == "Cancel" else "ended",
                    words=said,
                    details={"version": version, "message": message, "by": f"{sender},{identifier}"},
                )
            )


def _only_between_machines(alert: Part, status: str, message: str) -> bool:
    if status == "System" or message in {"Ack", "Error"}:
        alert.reading.left_out["message between machines (System, Ack, Error)"] += 1
        return True
    if message == "Cancel" and status != "Actual":
        alert.reading.left_out["Cancel of a test, exercise or draft"] += 1
        return True
    return False


def _parts(infos: list[Info]) -> list[list[Info]]:
    """Infos that tell the same in different languages are one part of the alert."""
    latest: dict[str, dict[str, Info]] = {}
    ordered: list[dict[str, Info]] = []
    for info in infos:
        facts = repr([info.facts[name] for name in _LANGUAGE_FREE])
        if facts not in latest or info.language in latest[facts]:
            latest[facts] = {}
            ordered.append(latest[facts])
        latest[facts][info.language] = info
    return [list(group.values()) for group in ordered]


def _situation(
    situation: str, part: str, sent: datetime, status: str, group: list[Info], common: dict[str, Any]
) -> Situation:
    first = group[0]
    names = ("event", "urgency", "certainty", "categories", "responses", "event_codes", "areas", "parameters")
    told = {name: first.facts[name] for name in names if first.facts[name]}
    return Situation(
        situation=situation,
        part=part,
        told=sent,
        kind=first.facts["kind"],
        begin=first.begin,
        end=first.end,
        status="ended" if first.over and status == "Actual" else words.STATUS[status],
        severity=first.facts["severity"],
        area=first.facts["area"],
        words=_words(group),
        details=common | told,
    )


def _words(group: list[Info]) -> dict[str, str]:
    return {info.language: info.words for info in group if info.words}


def _references(alert: Part) -> list[tuple[str, str, datetime]]:
    """Sender, identifier and time of each message that this one names."""
    text = alert.text("references")
    found = []
    if len(text) > _LONGEST_REFERENCES:
        alert.fault("it is too long", f"{_LONGEST_REFERENCES:,} characters at most", "references")
        return []
    for one in _REFERENCE.finditer(text):
        try:
            since = moment(one[3], alert.reading.zone)
        except ValueError as error:
            alert.fault(str(error), "sender,identifier,sent", "references")
            continue
        found.append((one[1].strip('"'), one[2].strip('"'), since))
    if text and not found:
        alert.fault(f"{text[:60]!r} names no message", "sender,identifier,sent", "references")
    return found
