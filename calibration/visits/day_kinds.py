"""Which sort of day each is: weekday, public holiday, its first and last day, a weekend that is worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from calibration.visits.own_days import OwnDay
from networks.errors import BadInput
from networks.sentence import Sentence, say

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_KINDS = (*WEEKDAYS, "short", "long", "first", "last", "worked", "eve", "after", "event")
"""Columns: an ordinary weekday; a day of a short or a long public holiday, its first and last day (beside); a weekend
day that is worked; the working days before and after a holiday; an event told by the site."""
LONG_DAYS = 5
"""Days off in a row, a public holiday among them, that make a long one: China's golden weeks have 5 to 8 (guess)."""


@dataclass(frozen=True)
class DayKinds:
    """Days and what they are.

    Attributes:
        table: (days, kinds) 0 or 1, in the order of DAY_KINDS.
        closed: (days,) nobody is let in.
        names: Each day's public holiday, or an empty text.
        notes: What had to be said of the calendar.
    """

    table: np.ndarray
    closed: np.ndarray
    names: tuple[str, ...]
    notes: tuple[Sentence, ...] = ()

    def kind(self, index: int) -> str:
        """The name of one day's sort: closed, or the first of DAY_KINDS that it is."""
        return "closed" if self.closed[index] else DAY_KINDS[int(self.table[index].argmax())]


def day_kinds(
    first: date, days: int, *, country: str | None = "CN", own: Mapping[date, OwnDay] | None = None
) -> DayKinds:
    """Sorts of `days` days from `first` on.

    Public holidays, days moved for them and weekends that are worked come from the library `holidays` (for China from
    the State Council's yearly notices); `own` goes before it.

    Args:
        first: The first day.
        days: How many.
        country: ISO 3166 code; None: no public holidays.
        own: What the site knows itself.

    Raises:
        BadInput: The library does not know the country.
    """
    around = [first + timedelta(days=row) for row in range(-14, days + 14)]
    free, named, notes = _country_days(around, country)
    own = own or {}
    for place, day in enumerate(around):
        told = own.get(day)
        if told is not None and told.kind == "holiday":
            free[place], named[place] = True, named[place] or told.source
        if told is not None and told.kind == "working":
            free[place], named[place] = False, ""
    table = _columns(around, free, named)
    table[:, DAY_KINDS.index("event")] = [day in own and own[day].kind == "event" for day in around]
    closed = np.array([day in own and own[day].kind == "closed" for day in around])
    inside = slice(14, 14 + days)
    return DayKinds(table[inside], closed[inside], tuple(named[inside]), notes)


def _country_days(days: list[date], country: str | None) -> tuple[np.ndarray, list[str], tuple[Sentence, ...]]:
    if country is None:
        return np.array([day.weekday() >= 5 for day in days]), [""] * len(days), ()
    import holidays

    years = range(days[0].year, days[-1].year + 1)
    try:
        table = holidays.country_holidays(country.upper(), years=years)
    except NotImplementedError:
        raise BadInput(
            f"there is no calendar for the country {country!r}", expected="an ISO 3166 code like CN, FI or US",
            remedy="give another, or none and the days themselves as a file (--calendar)",
        ) from None  # fmt: skip
    free = np.array([not table.is_working_day(day) for day in days])
    worked = {day.year for day in days if day.weekday() >= 5 and table.is_working_day(day)}
    told = {day.year for day in table.weekend_workdays} | worked
    unsure = [year for year in years if year not in told] if country.upper() == "CN" else []
    return free, [str(table.get(day, "")) for day in days], tuple(_unannounced(year) for year in unsure)


def _unannounced(year: int) -> Sentence:
    return say(
        f"no notice of the State Council for {year} is known here: holidays by rule, none moved (or give --calendar)",
        f"此处没有{year}年国务院放假通知：仅按法定节日，无调休（可用--calendar给出）",
    )


def _columns(days: list[date], free: np.ndarray, named: list[str]) -> np.ndarray:
    table = np.zeros((len(days), len(DAY_KINDS)))
    runs = _runs(free, named)
    for place, day in enumerate(days):
        run = next((one for one in runs if one[0] <= place < one[1]), None)
        if run is None:
            worked = day.weekday() >= 5 and not free[place]
            table[place, DAY_KINDS.index("worked") if worked else day.weekday()] = 1.0
            continue
        table[place, DAY_KINDS.index("long" if run[1] - run[0] >= LONG_DAYS else "short")] = 1.0
        table[place, DAY_KINDS.index("first")] = float(place == run[0])
        table[place, DAY_KINDS.index("last")] = float(place == run[1] - 1)
    for begin, end in runs:
        if begin > 0:
            table[begin - 1, DAY_KINDS.index("eve")] = 1.0
        if end < len(days):
            table[end, DAY_KINDS.index("after")] = 1.0
    return table


def _runs(free: np.ndarray, named: list[str]) -> list[tuple[int, int]]:
    """Begin and end of the days off in a row that hold a public holiday."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], free, [False])).astype(np.int8))).reshape(-1, 2)
    return [(int(a), int(b)) for a, b in steps if any(named[a:b])]
