"""Situations of SIRI-SX (CEN/TS 15531-5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from twin.feeds.formats.markup import Part, gathered, language_tag, point
from twin.feeds.formats.siri import words
from twin.feeds.records import Situation

ELEMENTS = ("PtSituationElement", "RoadSituationElement")
_TEXTS = ("Summary", "Description", "Detail", "Advice")
_MOST_NAMED = 500


def read_situations(delivery: Part, told: datetime) -> None:
    """Situations of a SituationExchangeDelivery go to its reading."""
    for name in ELEMENTS:
        for situation in delivery.deep(name):
            read_situation(situation, told)


def read_situation(part: Part, delivered: datetime) -> None:
    """The row of one situation goes to its reading.

    Args:
        part: A PtSituationElement or RoadSituationElement.
        delivered: When it was said, where it does not tell itself.
    """
    faulty = part.reading.faulty
    names = ("CountryRef", "ParticipantRef", "SituationNumber")
    number = part.text("SituationNumber", need=True)
    told = next(
        (part.told(name) for name in ("VersionedAtTime", "CreationTime") if part.one(name) is not None), delivered
    )
    periods = [_period(period) for period in part.all("ValidityPeriod")]
    if not periods:
        part.fault("it is missing", "from when on it holds", "ValidityPeriod")
    progress = part.word("Progress", among=words.PROGRESS)
    reality = part.word("Reality", among=words.REALITIES)
    whole = [(begin, end) for begin, end in periods if begin is not None]
    if part.reading.faulty > faulty or told is None or not number or not whole:
        return
    begins, ends = [begin for begin, _ in whole], [end for _, end in whole]
    road, cause = part.name == "RoadSituationElement", _cause(part)
    details: dict[str, Any] = {
        "version": part.text("Version"),
        "cause": cause,
        "progress": progress,
        "priority": part.text("Priority"),
        "conditions": _named(part, "Condition"),
        "lines": _named(part, "LineRef"),
        "stops": _named(part, "StopPointRef"),
        "stations": _named(part, "StopPlaceRef"),
        "runs": _named(part, "DatedVehicleJourneyRef"),
        "links": [link.text("Uri") for link in part.deep("InfoLink")],
    }
    if len(whole) > 1:
        details["periods"] = [
            {"begin": begin.isoformat()} | ({"end": end.isoformat()} if end is not None else {}) for begin, end in whole
        ]
    status = words.REALITIES.get(reality, "actual")
    part.reading.records.append(
        Situation(
            situation=":".join(text for name in names if (text := part.text(name))),
            part="",
            told=told,
            kind=words.kind_of_road(cause) if road else "public transport",
            begin=min(begins),
            end=None if None in ends else max(end for end in ends if end is not None),
            status=status if status != "actual" else words.PROGRESS.get(progress, "actual"),
            severity=_severity(part),
            area=gathered(list(_points(part))),
            words=_words(part),
            details={name: said for name, said in details.items() if said not in ("", [])},
        )
    )


def _period(part: Part) -> tuple[datetime | None, datetime | None]:
    begin = part.moment("StartTime", need=True)
    end = part.moment("EndTime") if part.one("EndTime") is not None else None
    if begin is not None and end is not None and end < begin:
        part.fault("it ends before it begins", "EndTime after StartTime")
    return begin, end


def _cause(part: Part) -> str:
    names = ("AlertCause", "MiscellaneousReason", "PersonnelReason", "EquipmentReason", "EnvironmentReason")
    return next((text for name in names if (text := part.text(name))), "")


def _severity(part: Part) -> str:
    """Its own, or the worst of its consequences."""
    own = part.word("Severity", among=words.SEVERITIES)
    if own:
        return words.SEVERITIES[own]
    consequences = part.one("Consequences")
    told = [
        words.SEVERITIES[word]
        for one in (consequences.all("Consequence") if consequences is not None else ())
        if (word := one.word("Severity", among=words.SEVERITIES))
    ]
    return max(told, key=words.RANKS.index, default="unknown")


def _words(part: Part) -> dict[str, str]:
    default = language_tag(part.text("Language"))
    found: dict[str, list[str]] = {}
    for name in _TEXTS:
        for text in part.all(name):
            if text.own_text:
                found.setdefault(text.language or default, []).append(text.own_text)
    if not found:
        for text in part.all("ReasonName"):
            found.setdefault(text.language or default, []).append(text.own_text)
    return {language: "\n\n".join(said) for language, said in found.items()}


def _named(part: Part, name: str) -> list[str]:
    """What a situation names by a reference, each once."""
    found = dict.fromkeys(one.own_text for group in ("Affects", "Consequences") for one in _inside(part, group, name))
    return [text for text in found if text][:_MOST_NAMED]


def _inside(part: Part, group: str, name: str) -> Iterator[Part]:
    outer = part.one(group)
    if outer is not None:
        yield from outer.deep(name)


def _points(part: Part) -> Iterator[dict[str, Any]]:
    for group in ("Affects", "Consequences"):
        for where in _inside(part, group, "Location"):
            if where.one("Longitude") is not None:
                lon = where.number("Longitude", low=-180, high=180, need=True)
                lat = where.number("Latitude", low=-90, high=90, need=True)
                if lon is not None and lat is not None:
                    yield point(lon, lat)
