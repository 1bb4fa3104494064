"""Days of people in zones, in quarter hours: what `twin crowd now` wrote on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np

from networks.errors import BadInput
from networks.text_file import read_rows

BIN_S = 900.0
BINS = 96


@dataclass(frozen=True)
class PeopleDays:
    """One zone.

    Attributes:
        days: Dates, rising.
        people: (days, BINS) mean number of people in each quarter hour of the day; NaN where nobody knows.
    """

    days: tuple[date, ...]
    people: np.ndarray


def bin_of(time: datetime) -> int:
    """The quarter hour that a moment ends: 10:00 ends the one from 9:45; by the clock of its offset."""
    seconds = time.hour * 3600 + time.minute * 60 + time.second
    return int(-(-seconds // BIN_S) - 1) % BINS


def binned(times: Sequence[datetime], people: Sequence[float], day: date) -> np.ndarray:
    """(BINS,) means of one day, NaN where nothing is known."""
    sums, counts = np.zeros(BINS), np.zeros(BINS)
    for time, size in zip(times, people, strict=True):
        if time.date() == day and (time.hour or time.minute or time.second):
            sums[bin_of(time)] += size
            counts[bin_of(time)] += 1
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def read_people_days(files: Sequence[Path]) -> dict[str, PeopleDays]:
    """Zone -> its days, from files `people.csv` of `twin crowd now`; what they foresaw is not read.

    Raises:
        BadInput: One cannot be read, a time or a number is none, or two tell of one zone on one day.
    """
    told: dict[tuple[str, date], tuple[Path, list[datetime], list[float]]] = {}
    for file in files:
        for line, row in read_rows(file, ("time", "zone", "foreseen", "people")):
            if row["foreseen"] != "0":
                continue
            try:
                time, people = datetime.fromisoformat(row["time"]), float(row["people"])
            except ValueError as error:
                raise BadInput(f"{error}", file=file, place=f"line {line}", expected="a row of people.csv") from error
            known, times, sizes = told.setdefault((row["zone"], time.date()), (file, [], []))
            if known != file:
                raise BadInput(
                    f"{row['zone']} on {time.date()} is in {known} too", file=file, remedy="give one of them"
                )
            times.append(time)
            sizes.append(people)
    found = {}
    for zone in dict.fromkeys(zone for zone, _ in told):
        days = sorted(day for name, day in told if name == zone)
        rows = [binned(*told[zone, day][1:], day) for day in days]
        keep = [at for at, row in enumerate(rows) if (~np.isnan(row)).sum() >= 8]
        if keep:
            found[zone] = PeopleDays(tuple(days[at] for at in keep), np.array([rows[at] for at in keep]))
    return found
