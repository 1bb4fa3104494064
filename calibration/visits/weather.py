"""Weather by day, as it was and as it is forecast, from CSV."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from calibration.visits.history import read_day
from networks.errors import BadInput
from networks.imports.table_text import read_rows

RANGES = {"rain_mm": (0.0, 2000.0), "temperature_c": (-70.0, 60.0)}
"""Columns that a file may have, and what they may say."""
_NEUTRAL = {"rain_mm": 0.0, "temperature_c": 15.0}


@dataclass(frozen=True)
class Weather:
    """Weather of days.

    Attributes:
        columns: Of RANGES.
        days: (columns,) of values by day.
    """

    columns: tuple[str, ...]
    days: dict[date, tuple[float, ...]]

    def table(self, first: date, days: int) -> np.ndarray:
        """(days, columns): log(1 + rain / 10 mm) and (temperature - 15 degrees) / 10; 0 on days that are not told."""
        out = np.zeros((days, len(self.columns)))
        for row in range(days):
            told = self.days.get(first + timedelta(days=row))
            if told is not None:
                out[row] = [_scaled(name, value) for name, value in zip(self.columns, told, strict=True)]
        return out

    def lacks(self, first: date, days: int) -> int:
        """How many of `days` days it does not tell."""
        return sum(first + timedelta(days=row) not in self.days for row in range(days))


def read_weather(file: Path | str) -> Weather:
    """Weather from a CSV file with the column date and at least one of RANGES; days to come are forecasts.

    Raises:
        BadInput: It cannot be read, a column is unknown, a value is none or out of range, or a day is there twice.
    """
    file = Path(file)
    header, rows = read_rows(file)
    columns = tuple(name for name in header if name != "date")
    if "date" not in header or not columns or set(columns) - set(RANGES):
        expected = f"date, and of {', '.join(RANGES)} at least one"
        raise BadInput(f"its columns are {', '.join(header)}", file=file, place="line 1", expected=expected)
    found: dict[date, tuple[float, ...]] = {}
    for line, cells in rows:
        row = dict(zip(header, cells, strict=True))
        day = read_day(row["date"], file, line)
        if day in found:
            raise BadInput(f"{day} is there twice", file=file, place=f"line {line}", remedy="keep one of them")
        found[day] = tuple(_number(row[name], name, file, line) for name in columns)
    return Weather(columns, found)


def _number(text: str, name: str, file: Path, line: int) -> float:
    least, most = RANGES[name]
    try:
        value = float(text) if text else _NEUTRAL[name]
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        expected = f"a number from {least:g} to {most:g}, or empty"
        raise BadInput(f"{name} is {text!r}", file=file, place=f"line {line}", expected=expected)
    return value


def _scaled(name: str, value: float) -> float:
    return math.log1p(value / 10.0) if name == "rain_mm" else (value - 15.0) / 10.0
