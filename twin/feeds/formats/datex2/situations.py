"""Situations of DATEX II (CEN/TS 16157-3; EN 16157-7): each record is one row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from twin.feeds.formats.datex2 import words
from twin.feeds.formats.datex2.locations import location_of
from twin.feeds.formats.datex2.periods import periods_of
from twin.feeds.formats.datex2.publication import Publication
from twin.feeds.formats.datex2.texts import texts_of
from twin.feeds.formats.markup import Part
from twin.feeds.records import Situation

_FASTEST_KMH = 300.0


def read_situations(publication: Publication) -> None:
    """Rows of a SituationPublication go to its reading."""
    for situation in publication.part.all("situation"):
        identity = situation.attribute("id", need=True)
        status, confidentiality = _header(situation, publication.version)
        severity = situation.word("overallSeverity", among=words.SEVERITIES)
        if not (identity and status):
            continue
        common = {"confidentiality": confidentiality} if confidentiality else {}
        for record in situation.all("situationRecord"):
            row = _row(record, publication, identity, words.STATUSES[status], severity, common)
            if row is not None:
                situation.reading.records.append(row)


def _header(situation: Part, version: int) -> tuple[str, str]:
    """Information status ("": not told, and a fault) and confidentiality."""
    header = situation.one("headerInformation")
    if header is None:
        if version == 2:
            situation.fault("it is missing", "information status and confidentiality", "headerInformation")
        return ("" if version == 2 else "real"), ""
    status = header.word("informationStatus", among=words.STATUSES, need=True)
    return status, header.word("confidentiality", among=words.CONFIDENTIALITIES, need=version == 2)


def _row(
    record: Part, publication: Publication, situation: str, status: str, severity: str, common: dict[str, str]
) -> Situation | None:
    faulty = record.reading.faulty
    sort, identity, version = record.kind, record.attribute("id", need=True), record.attribute("version")
    if sort not in words.KINDS:
        record.fault(f"{sort[:60]!r} is no sort of record", "a type of DATEX II, as Accident or MaintenanceWorks")
    told = record.told("situationRecordVersionTime", need=True)
    validity = record.one("validity")
    if validity is None:
        record.fault("it is missing", "its status and times", "validity")
        return None
    state = validity.word("validityStatus", among=words.VALIDITIES, need=True)
    times = validity.one("validityTimeSpecification")
    begin = validity.moment("validityTimeSpecification", "overallStartTime", need=True)
    end = times.moment("overallEndTime") if times is not None else None
    if begin is not None and end is not None and end < begin:
        validity.fault("it ends before it begins", "overallEndTime after overallStartTime", "validityTimeSpecification")
    cancelled, ended = (record.flag("management", "lifeCycleManagement", name) for name in ("cancel", "end"))
    if record.reading.faulty > faulty or told is None or begin is None or times is None:
        return None
    if status == "actual" and (cancelled or ended or state == "suspended"):
        status = "cancelled" if cancelled else "ended"
    types = _types(record, publication.version)
    area, place = location_of(record, publication, need=publication.version == 2)
    own = record.word("severity", among=words.SEVERITIES) or severity
    details: dict[str, Any] = {
        "record": sort,
        "version": version,
        "types": types,
        "validity": state,
        "probability": record.word("probabilityOfOccurrence", among=words.PROBABILITIES, need=publication.version == 2),
        **periods_of(times),
        **_impact(record),
        **place,
        **common,
    }
    return Situation(
        situation=situation,
        part=identity,
        told=told,
        kind=words.kind_of(sort, types),
        begin=begin,
        end=end,
        status=status,
        severity=words.SEVERITIES.get(own, "unknown"),
        area=area,
        words=texts_of(
            (comment.one("comment") for comment in record.all("generalPublicComment")), publication.part.language
        ),
        details={name: said for name, said in details.items() if said not in ("", [], {}, None)},
    )


def _types(record: Part, version: int) -> list[str]:
    found, places = [], [child.tag for child in record.element if child.tag in words.TYPES]
    if version == 2:
        needed = words.NEEDED.get(record.kind)
        if needed and needed not in places:
            record.fault("it is missing", "a word of the standard", needed)
        for name in sorted({name for name, count in Counter(places).items() if count > 1} - words.MANY):
            record.fault("it stands here more than once", "once", name)
    for part in (Part(child, record.reading, "", record) for child in record.element if child.tag in words.TYPES):
        if version == 2 and part.element.text not in words.TYPES[part.name]:
            part.fault(f"{part.own_text[:60]!r} is no word of the standard", f"a word for {part.name}")
        elif part.own_text:
            found.append(part.own_text)
    return found


def _impact(record: Part) -> dict[str, Any]:
    impact = record.one("impact")
    found: dict[str, float | None] = {}
    speed_kmh = record.number("temporarySpeedLimit", low=0, high=_FASTEST_KMH)
    if speed_kmh is not None:
        found["speed_limit_mps"] = round(speed_kmh / 3.6, 3)
    if impact is not None:
        found |= {
            "lanes_restricted": impact.number("numberOfLanesRestricted", low=0, high=99, whole=True),
            "lanes_open": impact.number("numberOfOperationalLanes", low=0, high=99, whole=True),
            "delay_s": impact.number("delays", "delayTimeValue", low=0, high=1e6),
        }
        share = impact.number("capacityRemaining", low=0, high=100)
        found["capacity_share"] = None if share is None else share / 100
    return {name: told for name, told in found.items() if told is not None}
