"""Periods within which a situation holds, and those that are excepted (CEN/TS 16157-3, OverallPeriod)."""

from __future__ import annotations

from typing import Any

from twin.feeds.formats.datex2.words import DAYS
from twin.feeds.formats.markup import Part


def periods_of(times: Part) -> dict[str, Any]:
    """`periods` and `not_in`, lists of periods, each where there are some.

    A period has `begin` and `end` (ISO 8601, UTC), `hours` (pairs of local times of day, HH:MM:SS) and `days`, `weeks`,
    `months` (the standard's words) that recur; each only where it is told.
    """
    found = {
        "periods": [_period(part) for part in times.all("validPeriod")],
        "not_in": [_period(part) for part in times.all("exceptionPeriod")],
    }
    return {name: told for name, told in found.items() if told}


def _period(part: Part) -> dict[str, Any]:
    begin = part.moment("startOfPeriod") if part.one("startOfPeriod") is not None else None
    end = part.moment("endOfPeriod") if part.one("endOfPeriod") is not None else None
    hours = [
        (one.text("startTimeOfPeriod"), one.text("endTimeOfPeriod")) for one in part.all("recurringTimePeriodOfDay")
    ]
    recurring = list(part.all("recurringDayWeekMonthPeriod"))
    found: dict[str, Any] = {
        "begin": begin.isoformat() if begin is not None else None,
        "end": end.isoformat() if end is not None else None,
        "hours": hours,
        "days": [day.own_text for one in recurring for day in one.all("applicableDay") if _known_day(day)],
        "weeks": [week.own_text for one in recurring for week in one.all("applicableWeek")],
        "months": [month.own_text for one in recurring for month in one.all("applicableMonth")],
    }
    return {name: told for name, told in found.items() if told}


def _known_day(day: Part) -> bool:
    if day.element.text not in DAYS:
        day.fault(f"{day.own_text[:60]!r} is no day", f"one of {', '.join(DAYS)}")
        return False
    return True
