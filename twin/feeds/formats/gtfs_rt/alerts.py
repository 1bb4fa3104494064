"""Alerts of GTFS Realtime: what is wrong with public transport, where and for how long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from networks.errors import BadInput
from twin.feeds.formats.checks import EARLIEST, Findings, text
from twin.feeds.formats.json_in import shown
from twin.feeds.records import Situation

_SEVERITY = {1: "unknown", 2: "minor", 3: "moderate", 4: "severe"}
_MOST = 500
_LONGEST_WORDS = 4_000
_NEVER_S = 4_000_000_000
"""An end later than this (2096) is how some say that there is none."""


def alert_rows(entity: Any, told: datetime, found: Findings) -> str:
    """Rows of one alert: one for each period in which it holds.

    Raises:
        BadInput: A period is none; there are far too many.
    """
    alert = entity.alert
    name = text(entity.id, "id")
    if max(len(alert.active_period), len(alert.informed_entity), len(alert.header_text.translation)) > _MOST:
        raise BadInput("it has far too many parts", place="alert", expected=f"at most {_MOST} of each")
    words, details = _words(alert), _details(alert)
    severity = _SEVERITY.get(alert.severity_level, "unknown") if alert.HasField("severity_level") else "unknown"
    periods = [_period(period) for period in alert.active_period] or [(told, None)]
    for count, (begin, end) in enumerate(periods):
        part = str(count) if len(periods) > 1 else ""
        if begin is not None and end is not None and end < begin:
            raise BadInput("it ends before it begins", place="alert.active_period", expected="a start, and a later end")
        found.records.append(
            Situation(
                name, part, told, "public transport", begin or told, end, severity=severity, words=words,
                details=details,
            )
        )  # fmt: skip
    return ""


def _period(period: Any) -> tuple[datetime | None, datetime | None]:
    """Begin and end; None where open, as is an end decades away."""
    return _moment(period.start), _moment(period.end)


def _moment(seconds: int) -> datetime | None:
    if not 0 < seconds <= _NEVER_S:
        return None
    time = datetime.fromtimestamp(seconds, UTC)
    if time < EARLIEST:
        when = time.isoformat(timespec="seconds")
        raise BadInput(f"the time {when} cannot be", place="alert.active_period", expected="1990 or later")
    return time


def _words(alert: Any) -> dict[str, str]:
    """Language -> head and text."""
    words: dict[str, str] = {}
    for said in (alert.header_text, alert.description_text):
        for one in said.translation:
            if isinstance(one.text, str) and isinstance(one.language, str) and one.text.strip():
                language = shown(one.language)
                before = f"{words[language]}\n" if language in words else ""
                words[language] = shown(before + one.text, _LONGEST_WORDS)
    return words


def _details(alert: Any) -> dict[str, Any]:
    details: dict[str, Any] = {}
    for name in ("cause", "effect"):
        if alert.HasField(name):
            value = alert.DESCRIPTOR.fields_by_name[name].enum_type.values_by_number[getattr(alert, name)]
            details[name] = value.name.lower()
    about = {
        "routes": (one.route_id or one.trip.route_id for one in alert.informed_entity),
        "stops": (one.stop_id for one in alert.informed_entity),
        "trips": (one.trip.trip_id for one in alert.informed_entity),
        "agencies": (one.agency_id for one in alert.informed_entity),
    }
    for name, ids in about.items():
        told = sorted({shown(one, 200) for one in ids if isinstance(one, str) and one})
        if told:
            details[name] = told
    links = [shown(one.text, 500) for one in alert.url.translation if isinstance(one.text, str) and one.text]
    return details | ({"url": links[0]} if links else {})
