"""The forecast of a site's visitors for the days to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from calibration.visits.day_kinds import DayKinds, day_kinds
from calibration.visits.history import VisitHistory
from calibration.visits.own_days import OwnDay
from calibration.visits.rolling import LEVELS, UNSEEN, Rolled, roll
from calibration.visits.weather import Weather
from networks.errors import BadInput
from networks.sentence import Sentence, joined, say

MOST_DAYS = 60
"""Further ahead than this nobody is asked to believe it."""

HARMONICS, SEASONS_FROM = 2, 730
"""Waves of the year that are learnt, and from which day of a history on."""


@dataclass(frozen=True)
class DayForecast:
    """One day to come.

    Attributes:
        day: Which.
        kind: Its sort, of DAY_KINDS, or closed.
        holiday: Its public holiday, or an empty text.
        median: People: as likely more as fewer.
        low80, high80, low90, high90: Bounds of the intervals that hold it with 80 and 90 %.
    """

    day: date
    kind: str
    holiday: str
    median: float
    low80: float
    high80: float
    low90: float
    high90: float


@dataclass(frozen=True)
class Forecast:
    """A forecast and what it was made of.

    Attributes:
        history: The counts.
        days: The days to come.
        rolled: What would have been said after each day of the history.
        kinds: Sorts of the history's days and of those to come.
        notes: What it rests on, in both languages.
    """

    history: VisitHistory
    days: tuple[DayForecast, ...]
    rolled: Rolled
    kinds: DayKinds
    notes: tuple[Sentence, ...]


def forecast_visits(
    history: VisitHistory,
    days: int = 7,
    *,
    country: str | None = "CN",
    own: Mapping[date, OwnDay] | None = None,
    weather: Weather | None = None,
    capacity: float | None = None,
) -> Forecast:
    """Visitors of the `days` days after a history, and what would have been said after each day of it.

    Args:
        history: The counts.
        days: How many, 1 to MOST_DAYS.
        country: Whose public holidays; None: nobody's.
        own: What the site knows of its days itself.
        weather: As it was and as it is forecast; None: not looked at.
        capacity: Most visitors of a day, as approved; None: nobody said.

    Raises:
        BadInput: Too many days, no visitor at all, no capacity at all, or an unknown country.
    """
    if capacity is not None and not capacity > 0:
        raise BadInput(f"the site's capacity is {capacity:g} visitors a day", expected="more than 0, or none given")
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(f"{days} days ahead", expected=f"1 to {MOST_DAYS}")
    if not (history.visitors > 0).any():
        raise BadInput("nobody came on any day of the history", expected="days with visitors")
    length = len(history)
    kinds = day_kinds(history.first, length + days, country=country, own=own)
    features = np.hstack([kinds.table, seasons(history.first, length + days)])
    if weather is not None:
        features = np.hstack([features, weather.table(history.first, length + days)])
    weekdays = (history.first.weekday() + np.arange(length + days)) % 7
    rolled = roll(history.visitors, features, kinds.closed, weekdays, days, capacity=capacity)
    found = []
    for step in range(days):
        row = length + step
        bounds = [float(side[at, -1, step]) for at in range(len(LEVELS)) for side in (rolled.low, rolled.high)]
        name = kinds.names[row]
        found.append(DayForecast(history.day(row), kinds.kind(row), name, float(rolled.median[-1, step]), *bounds))
    return Forecast(history, tuple(found), rolled, kinds, _notes(history, kinds, own, weather, days, capacity))


def seasons(first: date, days: int) -> np.ndarray:
    """(days, 2 x HARMONICS) waves of the year; 0 on the first SEASONS_FROM days, which are too few to tell a season."""
    start = (first - date(2000, 1, 1)).days
    angle = 2.0 * np.pi * (start + np.arange(days)) / 365.2425
    waves = [wave(order * angle) for order in range(1, HARMONICS + 1) for wave in (np.sin, np.cos)]
    return np.column_stack(waves) * (np.arange(days) >= SEASONS_FROM)[:, None]


def _notes(
    history: VisitHistory,
    kinds: DayKinds,
    own: Mapping[date, OwnDay] | None,
    weather: Weather | None,
    days: int,
    capacity: float | None,
) -> tuple[Sentence, ...]:
    notes = [*history.notes, *kinds.notes]
    if own:
        sources = ", ".join(sorted({one.source for one in own.values()}))
        notes.append(say(f"{len(own)} days by the site's own table: {sources}", f"站点自有日历{len(own)}天：{sources}"))
    if weather is None:
        notes.append(say("weather was not given and is not looked at", "未提供天气，未考虑天气影响"))
    elif weather.lacks(history.first, len(history) + days):
        lacking = weather.lacks(history.first, len(history) + days)
        notes.append(
            say(f"weather is not told for {lacking} days: as if mild and dry", f"{lacking}天无天气数据：按温和无雨计")
        )
    notes.append(_on_capacity(history, capacity))
    shut = int((history.visitors == 0).sum())
    if shut:
        notes.append(say(f"nobody came on {shut} days: taken as closed", f"{shut}天无人到访：视为闭园"))
    return tuple(notes)


def _on_capacity(history: VisitHistory, capacity: float | None) -> Sentence:
    if capacity is None:
        return say(
            f"no daily capacity was given: no interval reaches above {UNSEEN:g} times the largest count",
            f"未给出日承载量：区间上限取历史最大值的{UNSEEN:g}倍",
        )
    above = int((history.visitors > capacity).sum())
    told = say(f"no more than {capacity:.0f} a day are let in", f"每日最多接待{capacity:.0f}人")
    more = say(f"more were counted on {above} days of the history", f"历史中有{above}天超过该数")
    return joined([told, more]) if above else told
