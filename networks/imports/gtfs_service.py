"""Which trips of a feed run on its busiest day, and when they depart."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from networks.errors import BadInput
from networks.imports.gtfs_feed import GtfsFeed

if TYPE_CHECKING:
    import pandas as pd

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = dt.timedelta(days=3660)
_LAST_HOUR = 96


def busiest_day(feed: GtfsFeed, trips: pd.DataFrame) -> tuple[str, frozenset[str]]:
    """The day (YYYY-MM-DD) on which most trips run, the earliest of several, and the services of that day.

    Raises:
        BadInput: A date is none, a period ends before it begins, or no service ever runs.
    """
    count = Counter(trips["service_id"])
    days: dict[dt.date, set[str]] = {}
    if "calendar.txt" in feed:
        table = feed.table("calendar.txt", ("service_id", "start_date", "end_date", *DAYS))
        for line, row in enumerate(table.to_dict("records"), 2):
            place = f"calendar.txt, line {line}"
            first, last = (_date(row[key], feed, place) for key in ("start_date", "end_date"))
            if last < first or last - first > _LONGEST:
                raise BadInput(f"the period {first} to {last} makes no sense", file=feed.place, place=place)
            for number in range((last - first).days + 1):
                day = first + dt.timedelta(days=number)
                if row[DAYS[day.weekday()]] == "1":
                    days.setdefault(day, set()).add(row["service_id"])
    if "calendar_dates.txt" in feed:
        table = feed.table("calendar_dates.txt", ("service_id", "date", "exception_type"))
        for line, row in enumerate(table.to_dict("records"), 2):
            services = days.setdefault(_date(row["date"], feed, f"calendar_dates.txt, line {line}"), set())
            (services.discard if row["exception_type"] == "2" else services.add)(row["service_id"])
    number_of = {day: sum(count[service] for service in services) for day, services in days.items()}
    if not any(number_of.values()):
        raise BadInput("no trip of it runs on any day", file=feed.place, place="calendar.txt")
    day = min(number_of, key=lambda one: (-number_of[one], one))
    return day.isoformat(), frozenset(days[day])


def _date(text: str, feed: GtfsFeed, place: str) -> dt.date:
    try:
        return dt.datetime.strptime(text.strip(), "%Y%m%d").date()
    except ValueError:
        raise BadInput(f"{text!r} is no date", file=feed.place, place=place, expected="YYYYMMDD") from None


def seconds_of(times: pd.Series, feed: GtfsFeed, name: str) -> np.ndarray:
    """(n,) seconds after the service day's midnight of H:MM:SS, beyond 24:00 for trips of the night; NaN where empty.

    Raises:
        BadInput: Names the line of a time that is none.
    """
    import pandas as pd

    texts = times.str.strip()
    parts = texts.str.extract(r"^(\d{1,3}):([0-5]\d):([0-5]\d)$")
    wrong = parts[0].isna() & (texts != "")
    numbers = parts.apply(pd.to_numeric).to_numpy(dtype=float)
    seconds: np.ndarray = numbers @ np.array([3600.0, 60.0, 1.0])
    wrong |= seconds > _LAST_HOUR * 3600
    if wrong.any():
        at = int(np.flatnonzero(wrong.to_numpy())[0])
        raise BadInput(
            f"{texts.iloc[at]!r} is no time",
            file=feed.place,
            place=f"{name}, line {at + 2}",
            expected="H:MM:SS, 24:00:00 and later for trips that begin before midnight",
        )
    return seconds


def departures(feed: GtfsFeed, first_s: dict[str, float]) -> dict[str, list[float]]:
    """Departures of each trip (s after midnight): its own, or those that `frequencies.txt` states.

    Args:
        feed: The feed.
        first_s: When each trip departs by its stop times.

    Raises:
        BadInput: A frequency makes no sense.
    """
    found = {trip: [moment] for trip, moment in first_s.items()}
    if "frequencies.txt" not in feed:
        return found
    table = feed.table("frequencies.txt", ("trip_id", "start_time", "end_time", "headway_secs"))
    begin, end = (seconds_of(table[key], feed, "frequencies.txt") for key in ("start_time", "end_time"))
    repeated: dict[str, list[float]] = {}
    for line, (trip, first, last, text) in enumerate(
        zip(table["trip_id"], begin, end, table["headway_secs"], strict=True), 2
    ):
        if not text.strip().isdigit() or int(text) <= 0 or not last > first:
            place = f"frequencies.txt, line {line}"
            raise BadInput(
                "the frequency makes no sense", file=feed.place, place=place, expected="headway_secs above 0"
            )
        if trip in found:
            repeated.setdefault(trip, []).extend(np.arange(first, last, float(text)).tolist())
    return found | repeated
