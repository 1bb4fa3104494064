"""When a site is open, from its `opening_hours` on the map: read by the library, as a week like every other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.emergency.resources.shift import DAYS, Shift

_CHANGES = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|easter|sunrise|sunset|dawn|dusk|\d{4})\b|\[",
    re.IGNORECASE,
)
"""Hours that differ from week to week or go by the sun."""
_HOLIDAYS = re.compile(r"\b(PH|SH)\b")
_MONDAY = datetime(2026, 6, 1)
"""Begin of a week; without months in the text any week is like it."""
DAY_MIN = 24 * 60


@dataclass(frozen=True)
class MapHours:
    """What the map says of opening hours.

    Attributes:
        text: `opening_hours` as on the map.
        hours: The same each week; empty: always open, or not understood.
        understood: Whether `hours` is what the text says.
        holidays: Whether the text says something of holidays, which is not known here.
    """

    text: str
    hours: tuple[Shift, ...]
    understood: bool
    holidays: bool


def map_hours(text: str) -> MapHours:
    """Read `opening_hours`.

    Understood are hours by days of the week, such as `Mo-Fr 09:00-17:00; Sa off` or `24/7`; what changes with the
    season, the date or the sun, or says only when it is shut, is kept as text. Grammar: OpenStreetMap wiki,
    Key:opening_hours/specification, by the library opening-hours-py.
    """
    from opening_hours import OpeningHours, validate

    holidays = bool(_HOLIDAYS.search(text))
    if _CHANGES.search(text) or not validate(text):
        return MapHours(text, (), False, holidays)
    spans = OpeningHours(text).intervals(_MONDAY - timedelta(days=1), _MONDAY + timedelta(days=8))
    open_ = [(begin, end) for begin, end, state, _ in spans if str(state) == "open"]
    if not open_ and text.strip().lower() not in ("off", "closed"):
        return MapHours(text, (), False, holidays)
    return MapHours(text, _week(open_), True, holidays)


def _week(spans: list[tuple[datetime, datetime]]) -> tuple[Shift, ...]:
    """Shifts of spans that begin in the week from _MONDAY on, days of like hours together."""
    days: dict[tuple[int, int], list[str]] = {}
    whole = 0
    for begin, end in spans:
        for first, last in _by_day(begin, end):
            day = (first - _MONDAY).days
            if first < _MONDAY or day >= len(DAYS):
                continue
            minutes = int((last - first).total_seconds() // 60)
            start = first.hour * 60 + first.minute
            whole += minutes == DAY_MIN
            days.setdefault((start, (start + minutes) % DAY_MIN), []).append(DAYS[day])
    if whole == len(DAYS):
        return ()
    shifts = tuple(Shift(begin, end, tuple(names)) for (begin, end), names in days.items())
    return shifts or (Shift(0, 0, ()),)


def _by_day(begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """A span, cut at each midnight where it is longer than a day."""
    if end - begin <= timedelta(days=1):
        return [(begin, end)]
    midnight = begin.replace(hour=0, minute=0) + timedelta(days=1)
    return [(begin, midnight), *_by_day(midnight, end)]
