"""Visitors of each day as they were counted, from CSV."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from networks.errors import BadInput
from networks.imports.table_text import read_rows
from networks.sentence import Sentence, say

LEAST_DAYS = 28
"""Fewer counted days than this say nothing of weekdays: no forecast is made from them."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")


@dataclass(frozen=True)
class VisitHistory:
    """Visitors of consecutive days.

    Attributes:
        first: The first day.
        visitors: (days,) people who came; NaN where nobody counted.
        notes: What had to be said of the file, in both languages.
    """

    first: date
    visitors: np.ndarray
    notes: tuple[Sentence, ...] = ()

    def __len__(self) -> int:
        return len(self.visitors)

    def day(self, index: int) -> date:
        """The day of a row; rows after the last are days to come."""
        return self.first + timedelta(days=index)

    @property
    def last(self) -> date:
        """The last day."""
        return self.day(len(self) - 1)

    def until(self, days: int) -> VisitHistory:
        """The same history as it was known after its first `days` days."""
        return VisitHistory(self.first, self.visitors[:days], self.notes)


def read_history(file: Path | str, *, column: str = "visitors") -> VisitHistory:
    """Visitors by day from a CSV file with the columns date and `column`; others are left alone.

    Days may stand in any order and may be missing (an empty cell, or no row); a `weekday` column that does not fit its
    dates is told and the dates are believed.

    Raises:
        BadInput: It cannot be read, a column is missing, a date or a number is none, a day is there twice, or fewer
            than LEAST_DAYS days were counted. Told with the line.
    """
    file = Path(file)
    header, rows = read_rows(file)
    for name in ("date", column):
        if name not in header:
            raise BadInput(
                f"there is no column {name}", file=file, place="line 1", expected=f"date and {column}",
                remedy=f"its columns are {', '.join(header)}; name the one with visitors by --column",
            )  # fmt: skip
    found: dict[date, float] = {}
    lines: dict[date, int] = {}
    wrong = 0
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        day = read_day(row["date"], file, line)
        if day in found:
            raise BadInput(f"{day} is in line {lines[day]} already", file=file, place=f"line {line}", remedy="keep one")
        found[day], lines[day] = read_people(row[column], column, file, line), line
        told = row.get("weekday", "").lower()
        wrong += told in _WEEKDAYS and told != _WEEKDAYS[day.weekday()]
    return _laid_out(found, wrong, file)


def read_day(text: str, file: Path, line: int) -> date:
    """A date as people write it: 2021-05-01, 2021/5/1, 20210501.

    Raises:
        BadInput: It is none.
    """
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise BadInput(f"{text!r} is no date", file=file, place=f"line {line}", expected="a date like 2021-05-01")


def read_people(text: str, column: str, file: Path, line: int) -> float:
    """A number of people, NaN for an empty cell.

    Raises:
        BadInput: It is no number, below 0 or not finite.
    """
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < math.inf:
        raise BadInput(f"{column} is {text!r}", file=file, place=f"line {line}", expected="people, 0 or more, or empty")
    return value


def _laid_out(found: dict[date, float], wrong: int, file: Path) -> VisitHistory:
    known = [day for day, value in found.items() if not math.isnan(value)]
    if len(known) < LEAST_DAYS:
        raise BadInput(
            f"{len(known)} days were counted", file=file, expected=f"at least {LEAST_DAYS}",
            remedy="give a longer history: weekdays cannot be told apart in less",
        )  # fmt: skip
    first, last = min(known), max(known)
    length = (last - first).days + 1
    if length > 20 * len(known):
        what = f"{len(known)} days were counted between {first} and {last}"
        raise BadInput(what, file=file, expected="days near each other", remedy="look for a mistyped year")
    visitors = np.full(length, np.nan)
    for day in known:
        visitors[(day - first).days] = found[day]
    return VisitHistory(first, visitors, tuple(_notes(length - len(known), wrong)))


def _notes(missing: int, wrong: int) -> list[Sentence]:
    notes = []
    if missing:
        notes.append(say(f"{missing} days were not counted and are left out", f"有{missing}天无统计，未使用"))
    if wrong:
        notes.append(
            say(
                f"the file's weekday column does not fit {wrong} of its dates: the dates are believed",
                f"文件中的星期列与{wrong}个日期不符：以日期为准",
            )
        )
    return notes
