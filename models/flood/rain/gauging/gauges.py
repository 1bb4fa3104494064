"""Rain gauges: what fell into them, how far to trust it, and what is missing."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from networks.errors import BadInput
from networks.text_file import read_text

QUALITIES = ("good", "suspect", "bad", "missing")
"""Words of the column `quality`; only good values count, the others are gaps."""
WHOLE = 0.8
"""A window of which a gauge measured less than this share has no depth: a guess."""
_UNITS = {"rain_mm": "depth", "rain_mm_h": "rate"}
_EXPECTED = (
    "CSV with a line `# source: ...` and the columns gauge, lon, lat, time (end of the interval, with its zone), "
    "rain_mm or rain_mm_h, and if you like quality"
)


@dataclass(frozen=True)
class Gauge:
    """One gauge.

    Attributes:
        name: Its name.
        lon, lat: Where it stands (degrees, WGS 84).
        ends: When each interval ends (UTC), increasing.
        depth_mm: (n,) rain in the interval (mm); NaN where it was marked as not good or left empty.
        period_s: Length of an interval (s).
    """

    name: str
    lon: float
    lat: float
    ends: tuple[datetime, ...]
    depth_mm: np.ndarray
    period_s: float

    def fell(self, begin: datetime, end: datetime) -> tuple[float, float]:
        """Rain (mm) between two moments as far as it was measured, and the share of the time that it was."""
        first = np.array([(one - begin).total_seconds() for one in self.ends]) - self.period_s
        length = (end - begin).total_seconds()
        overlap = np.clip(np.minimum(first + self.period_s, length) - np.maximum(first, 0), 0, None) / self.period_s
        overlap[np.isnan(self.depth_mm)] = 0
        return float(np.nansum(overlap * np.nan_to_num(self.depth_mm))), float(overlap.sum() * self.period_s / length)


@dataclass(frozen=True)
class Gauges:
    """The gauges of a file.

    Attributes:
        gauges: By name, in the file's order.
        gaps: How many intervals are missing, empty or not good; booked, not made up.
        source: Who measured; never empty.
    """

    gauges: tuple[Gauge, ...]
    gaps: int
    source: str

    def depths_mm(self, begin: datetime, end: datetime) -> np.ndarray:
        """(gauges,) rain (mm) between two moments; NaN where too little of it was measured."""
        fell = [one.fell(begin, end) for one in self.gauges]
        return np.array([depth / share if share >= WHOLE else np.nan for depth, share in fell])


def read_gauges(file: Path) -> Gauges:
    """Read a table of gauges.

    Raises:
        BadInput: No source, an unknown unit, a time without a zone or twice, rain that is negative or no number, or a
            gauge in two places; says the line.
    """
    source, header, rows = _lines(file)
    unit = _unit(header, file)
    places, series = dict[str, tuple[float, float]](), dict[str, dict[datetime, float]]()
    for number, row in rows:
        name, place, time, value = _row(row, unit, file, number)
        if places.setdefault(name, place) != place:
            raise BadInput(f"{name} stands in two places", file=file, place=f"line {number}")
        if time in series.setdefault(name, {}):
            raise BadInput(f"{name} has two values at {time:%Y-%m-%d %H:%M %Z}", file=file, place=f"line {number}")
        series[name][time] = value
    found = [_gauge(name, places[name], series[name], unit, file) for name in series]
    return Gauges(tuple(one for one, _ in found), sum(gaps for _, gaps in found), source)


def _lines(file: Path) -> tuple[str, list[str], list[tuple[int, dict[str, str]]]]:
    lines = read_text(file, expected=_EXPECTED).splitlines()
    said = [line.lstrip("# \t") for line in lines if line.startswith("#")]
    source = next((one[len("source:") :].strip() for one in said if one.lower().startswith("source:")), "")
    if not source:
        raise BadInput("the gauges have no source", file=file, place="line 1", expected=_EXPECTED)
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    table = list(csv.reader(line for _, line in kept))
    if len(table) < 2:
        raise BadInput("there are no values", file=file, expected=_EXPECTED)
    header = [one.strip() for one in table[0]]
    rows = [dict(zip(header, row, strict=False)) for row in table[1:]]
    return source, header, [(number, row) for (number, _), row in zip(kept[1:], rows, strict=True)]


def _unit(header: list[str], file: Path) -> str:
    if not {"gauge", "lon", "lat", "time"} <= set(header):
        raise BadInput(f"its columns are {', '.join(header)}", file=file, expected=_EXPECTED)
    units = [one for one in header if one.startswith("rain")]
    if len(units) != 1 or units[0] not in _UNITS:
        told = ", ".join(units) or "no rain"
        raise BadInput(f"its unit is not known: {told}", file=file, expected="one column, rain_mm or rain_mm_h")
    return units[0]


def _row(row: dict[str, str], unit: str, file: Path, number: int) -> tuple[str, tuple[float, float], datetime, float]:
    place = f"line {number}"
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
        time = datetime.fromisoformat(row["time"].strip())
    except (KeyError, ValueError) as error:
        raise BadInput(f"it cannot be read: {error}", file=file, place=place, expected=_EXPECTED) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadInput(f"{lon:g}, {lat:g} is no place", file=file, place=place, expected="degrees")
    if time.tzinfo is None:
        raise BadInput(
            f"{row['time']} has no time zone", file=file, place=place, expected="as in 2026-07-17T17:00:00+03:00"
        )
    quality = (row.get("quality") or "good").strip().lower()
    if quality not in QUALITIES:
        raise BadInput(f"its quality is {quality!r}", file=file, place=place, expected=", ".join(QUALITIES))
    text = (row.get(unit) or "").strip()
    if quality != "good" or not text:
        return row["gauge"].strip(), (lon, lat), time.astimezone(UTC), math.nan
    return row["gauge"].strip(), (lon, lat), time.astimezone(UTC), _amount(text, file, place)


def _amount(text: str, file: Path, place: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise BadInput(
            f"rain of {text}",
            file=file,
            place=place,
            expected="a number that is not negative; nothing, or quality bad, where the gauge failed",
        )
    return value


def _gauge(
    name: str, place: tuple[float, float], series: dict[datetime, float], unit: str, file: Path
) -> tuple[Gauge, int]:
    times = sorted(series)
    if len(times) < 2:
        raise BadInput(f"{name} has one value", file=file, expected="two or more, which tell its interval")
    steps = [(after - before).total_seconds() for before, after in pairwise(times)]
    period = min(steps)
    if any(abs(step / period - round(step / period)) > 1e-6 for step in steps):
        raise BadInput(f"the intervals of {name} differ", file=file, expected=f"multiples of {period:g} s")
    ends = [times[0] + timedelta(seconds=period * at) for at in range(round(sum(steps) / period) + 1)]
    values = np.array([series.get(end, math.nan) for end in ends])
    depth = values * period / 3600 if _UNITS[unit] == "rate" else values
    return Gauge(name, *place, tuple(ends), depth, period), int(np.isnan(values).sum())
